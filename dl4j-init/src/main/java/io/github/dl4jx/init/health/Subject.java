package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import io.github.dl4jx.init.SelfNormalizing;
import io.github.dl4jx.init.data.Moments;
import io.github.dl4jx.init.data.Signals;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BasePretrainNetwork;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the rules look at: a configuration, and as far as it is given its parameters and what a batch did in it. */
final class Subject {
    private final Map<String, ConfigurationNode> nodes;
    private final Set<String> outputs;
    private final List<String> obstacles;
    private final Map<String, Map<String, INDArray>> parameters;
    private final int iterations;
    private final @Nullable Batch batch;
    private final Set<String> leadsToWeights;

    /**
     * What a batch did.
     *
     * @param passes forwards and backwards
     * @param examples how many
     * @param thresholds from where on a layer is ill
     */
    record Batch(Signals.Passes passes, long examples, Thresholds thresholds) {}

    private Subject(
            Map<String, ConfigurationNode> nodes,
            Collection<String> outputs,
            List<String> obstacles,
            Map<String, Map<String, INDArray>> parameters,
            int iterations,
            @Nullable Batch batch) {
        this.nodes = nodes;
        this.outputs = Set.copyOf(outputs);
        this.obstacles = obstacles;
        this.parameters = parameters;
        this.iterations = iterations;
        this.batch = batch;
        leadsToWeights = ConfigurationNode.leadingToWeights(nodes);
    }

    private static String key(int index) {
        return "layer " + index;
    }

    static Subject of(MultiLayerConfiguration configuration) {
        return new Subject(
                ConfigurationNode.of(configuration),
                Set.of(key(configuration.getConfs().size() - 1)),
                SelfNormalizing.obstacles(configuration),
                Map.of(),
                0,
                null);
    }

    static Subject of(ComputationGraphConfiguration configuration) {
        return new Subject(
                ConfigurationNode.of(configuration),
                configuration.getNetworkOutputs(),
                SelfNormalizing.obstacles(configuration),
                Map.of(),
                0,
                null);
    }

    static Subject of(MultiLayerNetwork network) {
        requireInitialized(network.params());
        Map<String, Map<String, INDArray>> tables = new LinkedHashMap<>();
        for (int i = 0; i < network.getnLayers(); i++) {
            tables.put(key(i), table(network.getLayer(i).paramTable()));
        }
        return of(network.getLayerWiseConfigurations()).with(tables, network.getIterationCount());
    }

    static Subject of(ComputationGraph graph) {
        requireInitialized(graph.params());
        Map<String, Map<String, INDArray>> tables = new LinkedHashMap<>();
        for (int i : graph.topologicalSortOrder()) {
            var vertex = graph.getVertices()[i];
            tables.put(vertex.getVertexName(), table(vertex.paramTable(false)));
        }
        return of(graph.getConfiguration()).with(tables, graph.getIterationCount());
    }

    private Subject with(Map<String, Map<String, INDArray>> tables, int iterationCount) {
        return new Subject(nodes, outputs, obstacles, tables, iterationCount, null);
    }

    Subject with(Batch newBatch) {
        return new Subject(nodes, outputs, obstacles, parameters, iterations, newBatch);
    }

    private static Map<String, INDArray> table(@Nullable Map<String, INDArray> table) {
        return table == null ? Map.of() : table;
    }

    private static void requireInitialized(@Nullable INDArray parameters) {
        if (parameters == null || parameters.isEmpty()) {
            throw new IllegalStateException("the network has no parameters; call init() on it first");
        }
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

    /** What keeps a SELU network from its fixed point: each begins with the layer and a colon. */
    List<String> obstacles() {
        return obstacles;
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

    /** The activations of hidden layers, the identity left out. */
    List<IActivation> hiddenActivations() {
        return nodes().stream()
                .filter(this::hidden)
                .flatMap(node -> Stream.ofNullable(activation(node)))
                .filter(activation -> !ConfigurationNode.isIdentity(activation))
                .toList();
    }

    /** Whether it is a network that is built, and no configuration alone. */
    boolean built() {
        return !parameters.isEmpty();
    }

    /** A layer's parameters by name; empty of a configuration alone. */
    Map<String, INDArray> parameters(ConfigurationNode node) {
        return parameters.getOrDefault(node.key(), Map.of());
    }

    /**
     * Whether its weights may still be what its initialiser drew, and not trained or imported: no training is counted, and
     * the biases are where they begin; where those are not known, the biases of the whole network.
     */
    boolean untouched(ConfigurationNode node) {
        boolean known = hasPlainBiases(node) && parameters(node).containsKey(DefaultParamInitializer.BIAS_KEY);
        return iterations == 0 && (known ? atTheirBegin(node) : untouched());
    }

    /** The same of all layers. */
    boolean untouched() {
        return iterations == 0 && nodes().stream().allMatch(this::atTheirBegin);
    }

    private boolean atTheirBegin(ConfigurationNode node) {
        if (node.part() instanceof BatchNormalization) {
            return all(parameters(node).get(BatchNormalizationParamInitializer.GLOBAL_MEAN), 0);
        }
        return !hasPlainBiases(node)
                || all(parameters(node).get(DefaultParamInitializer.BIAS_KEY), ((BaseLayer) node.part()).getBiasInit());
    }

    private static boolean hasPlainBiases(ConfigurationNode node) {
        return weighted(node) || node.part() instanceof BaseOutputLayer;
    }

    private static boolean all(@Nullable INDArray array, double value) {
        if (array == null) {
            return true;
        }
        Moments moments = Moments.of(array);
        return moments.variance() == 0 && Math.abs(moments.mean() - value) <= 1e-6 * Math.abs(value); // floats
    }

    /** Null where none was given. */
    @Nullable
    Batch batch() {
        return batch;
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

    /** A layer that learns by itself, before the network does. */
    static boolean pretrained(ConfigurationNode node) {
        return node.part() instanceof BasePretrainNetwork;
    }

    /** A layer, and no vertex of a graph that combines others. */
    static boolean layer(ConfigurationNode node) {
        return node.part() instanceof Layer;
    }
}
