package io.github.dl4jx.init.data;

import io.github.dl4jx.catalogue.Require;
import io.github.dl4jx.init.Initializers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Initialisation from data: the weights of a built network, layer by layer from its inputs on, by what a batch makes of
 * them. Instances are immutable.
 *
 * <pre>{@code
 * network.init();
 * Nd4j.getRandom().setSeed(42);
 * DataInitializationReport report = new LayerSequentialUnitVariance().apply(network, batch);
 * }</pre>
 *
 * <p>The network is changed when all went well, and not otherwise: the work is done on a copy. Its updater's state is not
 * looked at: initialise before the first {@code fit}. Draws come from {@code Nd4j.getRandom()}, in the network's order: the
 * same seed, network and batch give the same weights. {@link #toString()} is the specification that {@link
 * DataInitializers#get} turns back into an equal instance.
 *
 * <p>What the <b>pre-activation</b> is:
 *
 * <ul>
 *   <li>of dense, output and embedding layers and all convolutions, what their activation function gets, W·x + b, each
 *       channel over examples and positions. Of separable convolutions the pointwise weights make it, which alone are
 *       scaled;
 *   <li>of recurrent layers, the projection of the input, W·x_t + b, of each gate by itself, over examples and time steps.
 *       The recurrent weights come from the start and are not scaled: they decide how long the layer remembers. In the
 *       forget gate of an LSTM, its configured bias is added to the mean;
 *   <li>of a layer that is not DL4J's, its output with the identity as its activation where it extends {@code BaseLayer}, and
 *       its output else. The last of its weight parameters is scaled, provided that it has two axes or more and more than one
 *       row.
 * </ul>
 *
 * <p>Frozen layers and vertices, layers with layer normalisation, normalisations, learned activations, variational
 * autoencoders and what has no known weights are left alone, and take part with the parameters that they have. Layers inside
 * wrappers are treated as without. The batch goes through in training mode, where batch normalisation uses it, but without
 * dropout and weight noise, and without masks: each time step of a sequence counts.
 */
public abstract class DataInitializer {
    DataInitializer() {}

    /**
     * Initialises a network.
     *
     * @param network initialised
     * @param batch of inputs, in the shape that {@code fit} takes; some hundred examples
     * @return what was done to each layer
     * @throws IllegalStateException if the network is not initialised
     * @throws IllegalArgumentException if the batch does not fit, is not finite, or has too few examples; if a layer's
     *     pre-activation is the same for the whole batch, or not finite; the network is as before then
     */
    public final DataInitializationReport apply(MultiLayerNetwork network, INDArray batch) {
        Require.given("network", network);
        return apply(GraphCopy.configuration(network), network.params(), batch);
    }

    /**
     * Initialises a graph.
     *
     * @param graph initialised
     * @param batch an array for each input
     * @return what was done to each layer
     * @throws IllegalStateException as for {@link #apply(MultiLayerNetwork, INDArray)}
     * @throws IllegalArgumentException as for {@link #apply(MultiLayerNetwork, INDArray)}
     */
    public final DataInitializationReport apply(ComputationGraph graph, INDArray... batch) {
        Require.given("graph", graph);
        return apply(graph.getConfiguration().clone(), graph.params(), batch);
    }

    private DataInitializationReport apply(
            ComputationGraphConfiguration configuration, @Nullable INDArray parameters, INDArray... batch) {
        for (org.deeplearning4j.nn.conf.graph.GraphVertex vertex :
                configuration.getVertices().values()) {
            if (vertex instanceof LayerVertex layer) {
                prepare(layer.getLayerConf().getLayer());
            }
        }
        GraphCopy copy = new GraphCopy(configuration, parameters);
        check(copy.graph(), batch);
        DataInitializationReport report = new DataInitializationReport(initialize(copy, batch));
        if (parameters != null && !parameters.isEmpty()) {
            parameters.assign(copy.graph().params());
        }
        return report;
    }

    /** Initialises the copy. */
    abstract List<DataInitializationReport.Row> initialize(GraphCopy copy, INDArray[] batch);

    /** Without what draws anew at each pass, and with a loss that {@link GraphCopy#backward} knows. */
    private static void prepare(Layer layer) {
        layer.setIDropout(null);
        if (layer instanceof BaseLayer weighted) {
            weighted.setWeightNoise(null);
        }
        if (layer instanceof BaseOutputLayer output) {
            output.setLossFn(new LinearLoss());
        }
        if (layer instanceof FrozenLayer frozen) {
            prepare(frozen.getLayer());
        } else if (layer instanceof FrozenLayerWithBackprop frozen) {
            prepare(frozen.getUnderlying());
        } else if (layer instanceof BaseWrapperLayer wrapper) {
            prepare(wrapper.getUnderlying());
        } else if (layer instanceof Bidirectional both) {
            prepare(both.getFwd());
            prepare(both.getBwd());
        }
    }

    private static void check(ComputationGraph graph, @Nullable INDArray[] batch) {
        int inputs = graph.getNumInputArrays();
        if (batch.length != inputs) {
            throw new IllegalArgumentException(
                    "batch has " + batch.length + " arrays; valid: " + inputs + ", one for each input");
        }
        for (INDArray array : batch) {
            INDArray given = Require.given("batch", array);
            if (given.isEmpty() || !Double.isFinite(Moments.of(given).secondMoment())) {
                throw new IllegalArgumentException("batch of shape " + Arrays.toString(given.shape())
                        + " holds NaN or infinite values, or none; valid: finite ones");
            }
        }
    }

    /** Draws the weights of the layers that have affine maps. */
    static void draw(ComputationGraph graph, IWeightInit initializer) {
        Map<GraphVertex, INDArray> leftAlone = new HashMap<>();
        for (GraphVertex vertex : graph.getVertices()) {
            if (vertex.hasLayer()
                    && Affine.of(vertex.getVertexName(), vertex.getLayer()).leftAlone() != null) {
                leftAlone.put(vertex, vertex.params().dup());
            }
        }
        Initializers.apply(graph, initializer);
        leftAlone.forEach((vertex, parameters) -> vertex.params().assign(parameters));
    }

    /** The affine maps of a vertex; {@code rows} gets at once that of one which is left alone. */
    static List<Affine> maps(GraphVertex vertex, GraphCopy copy, Consumer<DataInitializationReport.Row> rows) {
        String name = vertex.getVertexName();
        var configuration = copy.graph().getConfiguration().getVertices().get(name);
        if (!(configuration instanceof LayerVertex)) {
            if (vertex.numParams() > 0) {
                rows.accept(DataInitializationReport.Row.leftAlone(
                        name,
                        vertex.getClass().getSimpleName(),
                        configuration instanceof FrozenVertex ? "frozen" : "no layer"));
            }
            return List.of();
        }
        Affine.Found found = Affine.of(name, vertex.getLayer());
        if (found.leftAlone() != null) {
            rows.accept(DataInitializationReport.Row.leftAlone(name, found.kind(), found.leftAlone()));
        }
        return found.maps();
    }

    /** A whole number that a catalogue hands over as a double. */
    static int count(String name, double value, int least) {
        if (value != Math.rint(value) || value < least || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + " is " + value + "; valid: a whole number >= " + least);
        }
        return (int) value;
    }

    @Override
    public abstract String toString();

    @Override
    @SuppressWarnings("EqualsGetClass") // as NamedInitializer
    public final boolean equals(@Nullable Object other) {
        return other != null && getClass() == other.getClass() && toString().equals(other.toString());
    }

    @Override
    public final int hashCode() {
        return toString().hashCode();
    }
}
