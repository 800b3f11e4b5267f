package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/** A configuration as the rules look at it. */
final class Configuration {
    private final Map<String, ConfigurationNode> nodes;
    private final Set<String> outputs;
    private final Set<String> leadsToWeights;

    /** @param outputs keys of the nodes that are the network's outputs */
    Configuration(Map<String, ConfigurationNode> nodes, Collection<String> outputs) {
        this.nodes = new LinkedHashMap<>(nodes);
        this.outputs = Set.copyOf(outputs);
        leadsToWeights = ConfigurationNode.leadingToWeights(nodes);
    }

    Collection<ConfigurationNode> nodes() {
        return nodes.values();
    }

    @Nullable
    ConfigurationNode node(String key) {
        return nodes.get(key);
    }

    /** The network's outputs. */
    List<ConfigurationNode> outputs() {
        return outputs.stream().map(nodes::get).toList();
    }

    /** Weights come after it, and it is no output. */
    boolean hidden(ConfigurationNode node) {
        return leadsToWeights.contains(node.key()) && !outputs.contains(node.key());
    }

    /** What feeds it, the network's inputs left out. */
    List<ConfigurationNode> before(ConfigurationNode node) {
        return node.inputs().stream()
                .flatMap(input -> Stream.ofNullable(nodes.get(input)))
                .toList();
    }

    /** Whether an input of the network feeds it. */
    boolean first(ConfigurationNode node) {
        return before(node).size() < node.inputs().size();
    }

    /** What it feeds. */
    List<ConfigurationNode> after(ConfigurationNode node) {
        return nodes.values().stream()
                .filter(other -> other.inputs().contains(node.key()))
                .toList();
    }

    /** The activation that is set on a node; null where it has none. */
    static @Nullable IActivation activation(ConfigurationNode node) {
        if (node.part() instanceof ActivationLayer layer) {
            return layer.getActivationFn();
        }
        return node.part() instanceof BaseLayer layer
                        && !(layer instanceof BatchNormalization)
                        && !(layer instanceof PReLULayer)
                ? layer.getActivationFn()
                : null;
    }

    /** A dense layer or a convolution. */
    static boolean weighted(ConfigurationNode node) {
        return node.part() instanceof DenseLayer || node.part() instanceof ConvolutionLayer;
    }

    /** A loss with neither weights nor, unless it is asked for, an activation. */
    static boolean lossAlone(ConfigurationNode node) {
        Object part = node.part();
        return part instanceof LossLayer
                || part instanceof RnnLossLayer
                || part instanceof CnnLossLayer
                || part instanceof Cnn3DLossLayer;
    }

    /** A layer that DL4J's {@code fit} can begin the way back at, of those that state loss and activation. */
    static boolean loss(ConfigurationNode node) {
        return node.part() instanceof BaseOutputLayer || lossAlone(node);
    }
}
