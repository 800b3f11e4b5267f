package io.github.dl4jx.init.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.GaussianDistribution;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A copy of a network, as a graph, which runs vertex by vertex in training mode and without workspaces; the network stays
 * as it is.
 */
final class GraphCopy {
    static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    private final ComputationGraph graph;
    private final @Nullable INDArray[] activations;
    private final @Nullable INDArray[] gradients;
    private final Map<String, Map<String, INDArray>> parameterGradients = new HashMap<>();

    /**
     * Of a network with this configuration, which the copy keeps, and these parameters.
     *
     * @throws IllegalStateException if there are none, and layers that want some
     */
    GraphCopy(ComputationGraphConfiguration configuration, @Nullable INDArray parameters) {
        boolean none = parameters == null || parameters.isEmpty();
        if (none && configuration.getVertices().values().stream().anyMatch(vertex -> vertex.numParams(false) > 0)) {
            throw new IllegalStateException("the network has no parameters; call init() on it first");
        }
        configuration.setTrainingWorkspaceMode(WorkspaceMode.NONE);
        configuration.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        graph = new ComputationGraph(configuration);
        graph.init(none ? null : Objects.requireNonNull(parameters).dup(), false);
        graph.initGradientsView();
        activations = new INDArray[graph.getVertices().length];
        gradients = new INDArray[graph.getVertices().length];
    }

    /** A graph of the same layers. DL4J's own conversion draws all weights anew first, and sets the seed for it. */
    static ComputationGraphConfiguration configuration(MultiLayerNetwork original) {
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

    ComputationGraph graph() {
        return graph;
    }

    /** All vertices that have run, each after those that feed it. */
    List<GraphVertex> sorted() {
        return all().stream()
                .filter(vertex -> activations[vertex.getVertexIndex()] != null)
                .toList();
    }

    private List<GraphVertex> all() {
        return Arrays.stream(graph.topologicalSortOrder())
                .mapToObj(i -> graph.getVertices()[i])
                .toList();
    }

    /** Runs forwards, and stops at each vertex that has its input and whose output does not count yet. */
    void forward(INDArray[] batch, Consumer<GraphVertex> visitor) {
        INDArray[] inputs = Arrays.stream(batch).map(INDArray::dup).toArray(INDArray[]::new);
        graph.setInputs(inputs);
        Arrays.fill(activations, null);
        for (GraphVertex vertex : all()) {
            int index = vertex.getVertexIndex();
            if (vertex.isInputVertex()) {
                activations[index] =
                        inputs[graph.getConfiguration().getNetworkInputs().indexOf(vertex.getVertexName())];
            } else {
                // a wrapper hands its input on when it runs
                run(vertex, vertex.getLayer() instanceof BaseWrapperLayer);
                visitor.accept(vertex);
                activations[index] = Objects.requireNonNull(run(vertex, true));
            }
        }
    }

    /** Gives a vertex its input, and then lets it run, or returns null. */
    private @Nullable INDArray run(GraphVertex vertex, boolean forward) {
        INDArray[] fed = Arrays.stream(vertex.getInputVertices())
                .map(input -> Objects.requireNonNull(activations[input.getVertexIndex()]))
                .toArray(INDArray[]::new);
        try {
            for (int i = 0; i < fed.length; i++) {
                vertex.setInput(i, fed[i], NO_WORKSPACES);
            }
            return forward ? vertex.doForward(true, NO_WORKSPACES) : null;
        } catch (RuntimeException e) {
            throw doesNotFit(vertex.getVertexName(), e, fed);
        }
    }

    /** What to say of an exception of DL4J's. */
    static IllegalArgumentException doesNotFit(String vertex, RuntimeException e, INDArray... inputs) {
        String shapes = Arrays.stream(inputs)
                .map(input -> Arrays.toString(input.shape()))
                .collect(Collectors.joining(", "));
        return new IllegalArgumentException(
                "batch does not fit: layer or vertex " + vertex + " cannot take " + shapes + " (" + e.getMessage()
                        + ")",
                e);
    }

    /** What the vertex made of the batch. */
    INDArray activation(GraphVertex vertex) {
        return Objects.requireNonNull(activations[vertex.getVertexIndex()]);
    }

    /** What came back to the vertex's output; null where nothing did. */
    @Nullable
    INDArray gradient(GraphVertex vertex) {
        return gradients[vertex.getVertexIndex()];
    }

    /** By the vertex's parameters, by their names; empty where nothing came back. */
    Map<String, INDArray> parameterGradients(GraphVertex vertex) {
        return parameterGradients.getOrDefault(vertex.getVertexName(), Map.of());
    }

    /**
     * Sends a gradient of independent N(0, 1) back from the outputs; from the input of layers with a loss. It wants a
     * {@link #forward} of its own before.
     *
     * @param seed of the gradient
     * @param weightsOfLosses whether it comes to the output instead of those with weights, whose activation is the identity
     *     and whose loss is {@link LinearLoss}
     */
    void backward(int seed, boolean weightsOfLosses) {
        Random random = Nd4j.getRandomFactory().getNewRandomInstance(seed);
        Arrays.fill(gradients, null);
        parameterGradients.clear();
        List<GraphVertex> vertices = new ArrayList<>(sorted());
        for (GraphVertex vertex : vertices) {
            if (!graph.getConfiguration().getNetworkOutputs().contains(vertex.getVertexName())) {
                continue;
            }
            IOutputLayer output = loss(vertex);
            if (output == null) {
                add(vertex.getVertexIndex(), normal(activation(vertex), random));
            } else if (weightsOfLosses && hasWeights(output)) {
                output.setLabels(normal(activation(vertex), random));
            } else {
                for (VertexIndices before : vertex.getInputVertices()) {
                    add(
                            before.getVertexIndex(),
                            normal(activation(graph.getVertices()[before.getVertexIndex()]), random));
                }
            }
        }
        Collections.reverse(vertices);
        for (GraphVertex vertex : vertices) {
            INDArray gradient = gradients[vertex.getVertexIndex()];
            IOutputLayer output = loss(vertex);
            boolean loss = output != null;
            boolean start = output != null && weightsOfLosses && hasWeights(output);
            if (vertex.isInputVertex() || (loss && !start) || (!loss && gradient == null)) {
                continue;
            }
            if (gradient != null) {
                vertex.setEpsilon(gradient.dup());
            }
            Pair<Gradient, @Nullable INDArray[]> back = vertex.doBackward(false, NO_WORKSPACES);
            if (back.getFirst() != null) {
                parameterGradients.put(vertex.getVertexName(), back.getFirst().gradientForVariable());
            }
            @Nullable INDArray[] passed = back.getSecond();
            VertexIndices[] inputs = vertex.getInputVertices();
            for (int i = 0; passed != null && i < inputs.length; i++) {
                INDArray part = passed[i];
                if (part != null) { // nothing passes a frozen layer
                    add(inputs[i].getVertexIndex(), part);
                }
            }
        }
    }

    /** The layer with the loss, also inside of a wrapper that lets gradients pass; null if the vertex is none. */
    private static @Nullable IOutputLayer loss(GraphVertex vertex) {
        Layer layer = vertex.getLayer();
        while (layer instanceof BaseWrapperLayer wrapper
                && !(layer instanceof IOutputLayer)
                && !(layer instanceof FrozenLayer)) {
            layer = wrapper.getUnderlying();
        }
        return layer instanceof IOutputLayer output ? output : null;
    }

    private static boolean hasWeights(Layer loss) {
        return loss.conf().getLayer() instanceof BaseOutputLayer;
    }

    private static INDArray normal(INDArray like, Random random) {
        INDArray values = Nd4j.createUninitialized(like.dataType(), like.shape());
        return Nd4j.getExecutioner().exec(new GaussianDistribution(values, 0, 1), random);
    }

    private void add(int vertex, INDArray part) {
        INDArray sum = gradients[vertex];
        gradients[vertex] = sum == null ? part.dup() : sum.add(part);
    }
}
