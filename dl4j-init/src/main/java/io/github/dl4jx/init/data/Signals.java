package io.github.dl4jx.init.data;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How the signal fares on its way through a network, forwards and backwards: one batch through a copy, which leaves the
 * network and the user's random generator as they are.
 *
 * <pre>{@code
 * for (LayerSignal layer : Signals.of(network, batch)) {
 *     System.out.println(layer.name() + ": std " + layer.standardDeviation() + ", dead " + layer.deadUnits());
 * }
 * }</pre>
 *
 * <p>The copy runs as in training: dropout drops, the same in each run, batch normalisation uses the batch. There are
 * no masks, so each time step of a sequence counts.
 */
public final class Signals {
    private static final int GRADIENT_SEED = 1;

    private final GraphCopy copy;
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
        return of(GraphCopy.configuration(network), network.params(), true, batch);
    }

    /** As {@link #of(MultiLayerNetwork, INDArray)}, without condition numbers, which take most of the time. */
    public static List<LayerSignal> quick(MultiLayerNetwork network, INDArray batch) {
        return of(GraphCopy.configuration(network), network.params(), false, batch);
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

    /**
     * What could be measured of a network.
     *
     * @param layers as {@link #quick} has them; without gradients where the way back failed
     * @param failure what the way back threw, as some of DL4J's layers do; null where it went through
     */
    public record Passes(List<LayerSignal> layers, @Nullable RuntimeException failure) {
        public Passes {
            layers = List.copyOf(layers);
        }

        private List<LayerSignal> complete() {
            if (failure != null) {
                throw failure;
            }
            return layers;
        }
    }

    /** As {@link #quick(MultiLayerNetwork, INDArray)}, also of a network that runs forwards alone. */
    public static Passes passes(MultiLayerNetwork network, INDArray batch) {
        return passes(GraphCopy.configuration(network), network.params(), false, batch);
    }

    /** As {@link #quick(ComputationGraph, INDArray...)}, also of a graph that runs forwards alone. */
    public static Passes passes(ComputationGraph graph, INDArray... batch) {
        return passes(graph.getConfiguration().clone(), graph.params(), false, batch);
    }

    private static List<LayerSignal> of(
            ComputationGraphConfiguration configuration,
            @Nullable INDArray parameters,
            boolean spectra,
            INDArray... batch) {
        return passes(configuration, parameters, spectra, batch).complete();
    }

    private static Passes passes(
            ComputationGraphConfiguration configuration,
            @Nullable INDArray parameters,
            boolean spectra,
            INDArray... batch) {
        return OwnRandom.with(() -> {
            Signals signals = new Signals(new GraphCopy(configuration, parameters));
            signals.copy.forward(batch, vertex -> {});
            List<GraphVertex> vertices = signals.copy.sorted();
            // before the way back, on which a layer may overwrite what it has kept
            List<LayerSignal> forwards = vertices.stream()
                    .map(vertex -> signals.forwards(vertex, spectra))
                    .toList();
            try {
                signals.copy.backward(GRADIENT_SEED, false);
            } catch (RuntimeException e) { // DL4J's layers throw anything
                return new Passes(forwards, e);
            }
            return new Passes(
                    IntStream.range(0, vertices.size())
                            .mapToObj(i -> signals.withGradient(forwards.get(i), vertices.get(i)))
                            .toList(),
                    null);
        });
    }

    private Signals(GraphCopy copy) {
        this.copy = copy;
        unitAxis = UnitAxis.of(copy.graph().getLayers());
    }

    private LayerSignal forwards(GraphVertex vertex, boolean spectra) {
        INDArray values = copy.activation(vertex);
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
            input = layer.activate(true, GraphCopy.NO_WORKSPACES);
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

    private LayerSignal withGradient(LayerSignal signal, GraphVertex vertex) {
        INDArray gradient = copy.gradient(vertex);
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
