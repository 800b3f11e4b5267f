package io.github.dl4jx.init;

import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.layer.AReLU;
import io.github.dl4jx.activations.layer.CReLU;
import io.github.dl4jx.activations.layer.Maxout;
import io.github.dl4jx.activations.layer.PReLU;
import io.github.dl4jx.activations.layer.ParametricSwish;
import io.github.dl4jx.activations.layer.RReLU;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSELU;

/**
 * A layer of a configuration, out of its frozen wrapping, or a graph's vertex.
 *
 * @param key by which others name it: {@code layer 0} and so on, or the graph's own name
 * @param label how a message names it
 * @param part the {@link Layer} or {@link GraphVertex}
 * @param frozen whether it is not trained
 * @param preProcessor what its input goes through first
 * @param inputs keys of nodes, or of inputs of the network
 */
public record ConfigurationNode(
        String key,
        String label,
        Object part,
        boolean frozen,
        @Nullable InputPreProcessor preProcessor,
        List<String> inputs) {
    /** Activations that are layers of their own. */
    static final List<Class<?>> ACTIVATIONS = List.of(
            AReLU.class, CReLU.class, Maxout.class, ParametricSwish.class, PReLU.class, PReLULayer.class, RReLU.class);

    /** Of a network, in its order, by {@code layer 0} and so on. */
    public static Map<String, ConfigurationNode> of(MultiLayerConfiguration configuration) {
        Map<String, ConfigurationNode> nodes = new LinkedHashMap<>();
        for (int i = 0; i < configuration.getConfs().size(); i++) {
            Layer layer = configuration.getConf(i).getLayer();
            String name = "layer " + i;
            InputPreProcessor preProcessor = configuration.getInputPreProcess(i);
            nodes.put(name, of(name, name, layer, false, preProcessor, List.of("layer " + (i - 1))));
        }
        return nodes;
    }

    /** Of a graph, by the names of its vertices, in no particular order. */
    public static Map<String, ConfigurationNode> of(ComputationGraphConfiguration configuration) {
        Map<String, ConfigurationNode> nodes = new LinkedHashMap<>();
        configuration.getVertices().forEach((name, vertex) -> {
            List<String> inputs = configuration.getVertexInputs().getOrDefault(name, List.of());
            nodes.put(name, of(name, "'" + name + "'", vertex, false, null, inputs));
        });
        return nodes;
    }

    /** The keys of the nodes whose output reaches weights, by whatever way. */
    public static Set<String> leadingToWeights(Map<String, ConfigurationNode> nodes) {
        Set<String> leading = new HashSet<>();
        nodes.values().stream().filter(ConfigurationNode::hasWeights).forEach(node -> markInputs(node, nodes, leading));
        return leading;
    }

    private static void markInputs(ConfigurationNode node, Map<String, ConfigurationNode> nodes, Set<String> leading) {
        for (String input : node.inputs) {
            ConfigurationNode before = nodes.get(input);
            if (before != null && leading.add(input)) {
                markInputs(before, nodes, leading);
            }
        }
    }

    private static ConfigurationNode of(
            String key,
            String name,
            Object part,
            boolean frozen,
            @Nullable InputPreProcessor preProcessor,
            List<String> inputs) {
        if (part instanceof FrozenVertex wrapping) {
            return of(key, name, wrapping.getUnderlying(), true, preProcessor, inputs);
        }
        if (part instanceof LayerVertex vertex) {
            return of(key, name, vertex.getLayerConf().getLayer(), frozen, vertex.getPreProcessor(), inputs);
        }
        if (part instanceof FrozenLayer wrapping) {
            return of(key, name, wrapping.getLayer(), true, preProcessor, inputs);
        }
        if (part instanceof FrozenLayerWithBackprop wrapping) {
            return of(key, name, wrapping.getUnderlying(), true, preProcessor, inputs);
        }
        String label = name + " (" + (frozen ? "frozen " : "") + part.getClass().getSimpleName() + ")";
        return new ConfigurationNode(key, label, part, frozen, preProcessor, inputs);
    }

    /** Whether it computes with weights, which the slopes of an activation are not. */
    public boolean hasWeights() {
        if (part instanceof Layer layer) {
            return !isActivation() && !layer.initializer().weightKeys(layer).isEmpty();
        }
        return ((GraphVertex) part).numParams(true) > 0;
    }

    /** Whether it is one of the activations that are layers of their own, {@code ActivationLayer} aside. */
    public boolean isActivation() {
        return isActivation(part);
    }

    /** Whether a layer is one of these, out of its wrapping. */
    public static boolean isActivation(Object part) {
        return isOf(ACTIVATIONS, part);
    }

    /** Whether it is SELU, this pack's or DL4J's. */
    public static boolean isSelu(@Nullable Object activation) {
        return activation instanceof SELU || activation instanceof ActivationSELU;
    }

    /** Whether it is the identity, this pack's or DL4J's. */
    public static boolean isIdentity(@Nullable Object activation) {
        return activation instanceof Identity || activation instanceof ActivationIdentity;
    }

    static boolean isOf(List<Class<?>> types, Object part) {
        return types.stream().anyMatch(type -> type.isInstance(part));
    }
}
