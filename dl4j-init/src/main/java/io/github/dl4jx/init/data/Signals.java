package io.github.dl4jx.init.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.GaussianDistribution;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How the signal fares on its way through a network, forwards and backwards: one batch through a copy, which leaves the
 * network as it is.
 *
 * <pre>{@code
 * for (LayerSignal layer : Signals.of(network, batch)) {
 *     System.out.println(layer.name() + ": std " + layer.standardDeviation() + ", dead " + layer.deadUnits());
 * }
 * }</pre>
 *
 * <p>The copy runs as in training: dropout drops, batch normalisation uses the batch. There are no masks, so each time step
 * of a sequence counts.
 */
public final class Signals {
    private static final int GRADIENT_SEED = 1;

    private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    private final ComputationGraph graph;
    private final Map<String, INDArray> activations;
    private final @Nullable INDArray[] gradients;
    private final UnitAxis unitAxis;

    /**
     * Of a network.
     *
     * @param network initialised
     * @param batch of inputs, in the shape that {@code fit} takes
     * @return the input, and each layer in order
     * @throws IllegalStateException if the network is not initialised
     */
    public static List<LayerSignal> of(MultiLayerNetwork network, INDArray batch) {
        return of(graph(network), network.params(), true, batch);
    }

    /** As {@link #of(MultiLayerNetwork, INDArray)}, without condition numbers, which take most of the time. */
    public static List<LayerSignal> quick(MultiLayerNetwork network, INDArray batch) {
        return of(graph(network), network.params(), false, batch);
    }

    /**
     * Of a graph.
     *
     * @param graph initialised
     * @param batch an array for each input
     * @return inputs, layers and other vertices, each after those that feed it
     * @throws IllegalStateException if the graph is not initialised
     */
    public static List<LayerSignal> of(ComputationGraph graph, INDArray... batch) {
        return of(graph.getConfiguration().clone(), graph.params(), true, batch);
    }

    /** As {@link #of(ComputationGraph, INDArray...)}, without condition numbers, which take most of the time. */
    public static List<LayerSignal> quick(ComputationGraph graph, INDArray... batch) {
        return of(graph.getConfiguration().clone(), graph.params(), false, batch);
    }

    private static List<LayerSignal> of(
            ComputationGraphConfiguration configuration,
            @Nullable INDArray parameters,
            boolean spectra,
            INDArray... batch) {
        if (parameters == null || parameters.isEmpty()) {
            throw new IllegalStateException("the network has no parameters; call init() on it first");
        }
        configuration.setTrainingWorkspaceMode(WorkspaceMode.NONE);
        configuration.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        ComputationGraph copy = new ComputationGraph(configuration);
        copy.init(parameters.dup(), false);
        copy.initGradientsView();
        Signals signals = new Signals(copy, batch);
        List<GraphVertex> vertices = signals.sorted();
        // before the way back, on which a layer may overwrite what it has kept
        List<LayerSignal> forwards = vertices.stream()
                .map(vertex -> signals.forwards(vertex, spectra))
                .toList();
        signals.backwards();
        return IntStream.range(0, vertices.size())
                .mapToObj(i -> signals.withGradient(forwards.get(i), vertices.get(i)))
                .toList();
    }

    /** DL4J's own conversion draws all weights anew first, and sets the seed for it. */
    private static ComputationGraphConfiguration graph(MultiLayerNetwork original) {
        MultiLayerConfiguration network = original.getLayerWiseConfigurations().clone();
        ComputationGraphConfiguration.GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .dataType(network.getDataType())
                .graphBuilder()
                .addInputs("input");
        String last = "input";
        for (int i = 0; i < network.getConfs().size(); i++) {
            String name = String.valueOf(i);
            graph.addLayer(name, network.getConf(i).getLayer(), network.getInputPreProcess(i), last);
            last = name;
        }
        return graph.setOutputs(last).validateOutputLayerConfig(false).build();
    }

    private Signals(ComputationGraph graph, INDArray... batch) {
        this.graph = graph;
        gradients = new INDArray[graph.getVertices().length];
        unitAxis = UnitAxis.of(graph.getLayers());
        INDArray[] inputs = Arrays.stream(batch).map(INDArray::dup).toArray(INDArray[]::new);
        activations = graph.feedForward(inputs, true, false);
    }

    private List<GraphVertex> sorted() {
        return Arrays.stream(graph.topologicalSortOrder())
                .mapToObj(i -> graph.getVertices()[i])
                .filter(vertex -> activations.containsKey(vertex.getVertexName()))
                .toList();
    }

    private LayerSignal forwards(GraphVertex vertex, boolean spectra) {
        INDArray values = activation(vertex);
        UnitMoments moments = UnitMoments.of(values, unitAxis.in(values));
        @Nullable INDArray slopes = slopes(vertex.getLayer());
        @Nullable INDArray weights = slopes == null ? null : denseWeights(vertex.getLayer());
        return new LayerSignal(
                vertex.getVertexName(),
                type(vertex),
                moments.mean(),
                moments.standardDeviation(),
                moments.spread(),
                moments.zeros(),
                slopes == null ? OptionalDouble.empty() : OptionalDouble.of(Slopes.saturated(slopes)),
                moments.units(),
                moments.deadUnits(),
                OptionalDouble.empty(),
                weights == null || slopes == null
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Jacobian.meanSquaredSingularValue(weights, slopes)),
                weights == null || slopes == null || !spectra
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Jacobian.conditionNumber(weights, slopes.getRow(0))));
    }

    private INDArray activation(GraphVertex vertex) {
        return Objects.requireNonNull(activations.get(vertex.getVertexName()));
    }

    private static String type(GraphVertex vertex) {
        if (vertex.isInputVertex()) {
            return "input";
        }
        Object part = vertex.hasLayer() ? vertex.getLayer().conf().getLayer() : vertex;
        return part.getClass().getSimpleName();
    }

    /** The derivative of the activation at each of its inputs; null where the layer has none that this class can see. */
    private static @Nullable INDArray slopes(@Nullable Layer layer) {
        if (layer == null) {
            return null;
        }
        IActivation activation;
        INDArray input;
        Object configuration = layer.conf().getLayer();
        if (configuration instanceof ActivationLayer activationLayer) {
            activation = activationLayer.getActivationFn();
            input = layer.input();
        } else if (configuration instanceof DenseLayer || configuration instanceof ConvolutionLayer) {
            BaseLayer weighted = (BaseLayer) configuration;
            activation = weighted.getActivationFn();
            weighted.setActivationFn(new ActivationIdentity());
            input = layer.activate(true, NO_WORKSPACES);
            weighted.setActivationFn(activation);
        } else {
            return null;
        }
        return Slopes.of(activation, input);
    }

    private static @Nullable INDArray denseWeights(Layer layer) {
        return layer.conf().getLayer() instanceof DenseLayer dense && !dense.hasLayerNorm()
                ? layer.getParam(DefaultParamInitializer.WEIGHT_KEY)
                : null;
    }

    private void backwards() {
        Random random = Nd4j.getRandomFactory().getNewRandomInstance(GRADIENT_SEED);
        List<GraphVertex> vertices = new ArrayList<>(sorted());
        for (GraphVertex vertex : vertices) {
            if (!graph.getConfiguration().getNetworkOutputs().contains(vertex.getVertexName())) {
                continue;
            }
            if (vertex.getLayer() instanceof IOutputLayer) {
                for (VertexIndices before : vertex.getInputVertices()) {
                    add(
                            before.getVertexIndex(),
                            normal(activation(graph.getVertices()[before.getVertexIndex()]), random));
                }
            } else {
                add(vertex.getVertexIndex(), normal(activation(vertex), random));
            }
        }
        Collections.reverse(vertices);
        for (GraphVertex vertex : vertices) {
            INDArray gradient = gradients[vertex.getVertexIndex()];
            if (vertex.isInputVertex() || vertex.getLayer() instanceof IOutputLayer || gradient == null) {
                continue;
            }
            vertex.setEpsilon(gradient.dup());
            @Nullable
            INDArray[] passed = vertex.doBackward(false, NO_WORKSPACES).getSecond();
            VertexIndices[] inputs = vertex.getInputVertices();
            for (int i = 0; passed != null && i < inputs.length; i++) {
                INDArray part = passed[i];
                if (part != null) { // nothing passes a frozen layer
                    add(inputs[i].getVertexIndex(), part);
                }
            }
        }
    }

    private static INDArray normal(INDArray like, Random random) {
        INDArray values = Nd4j.createUninitialized(like.dataType(), like.shape());
        return Nd4j.getExecutioner().exec(new GaussianDistribution(values, 0, 1), random);
    }

    private void add(int vertex, INDArray part) {
        INDArray sum = gradients[vertex];
        gradients[vertex] = sum == null ? part.dup() : sum.add(part);
    }

    private LayerSignal withGradient(LayerSignal signal, GraphVertex vertex) {
        INDArray gradient = gradients[vertex.getVertexIndex()];
        return gradient == null
                ? signal
                : new LayerSignal(
                        signal.name(),
                        signal.type(),
                        signal.mean(),
                        signal.standardDeviation(),
                        signal.spread(),
                        signal.zeros(),
                        signal.saturated(),
                        signal.units(),
                        signal.deadUnits(),
                        OptionalDouble.of(Moments.of(gradient).standardDeviation()),
                        signal.meanSquaredSingularValue(),
                        signal.conditionNumber());
    }
}
