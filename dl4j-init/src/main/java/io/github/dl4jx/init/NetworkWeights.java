package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BasePretrainNetwork;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Draws the weights of a built network anew; see {@link Initializers#apply(MultiLayerNetwork, IWeightInit)}. */
final class NetworkWeights {
    private final IWeightInit initializer;
    private final List<InitializationReport.Parameter> report = new ArrayList<>();

    private NetworkWeights(IWeightInit initializer) {
        this.initializer = Require.given("initializer", initializer);
    }

    static InitializationReport fill(MultiLayerNetwork network, IWeightInit initializer) {
        requireInitialized(network.getLayers());
        NetworkWeights weights = new NetworkWeights(initializer);
        for (int i = 0; i < network.getnLayers(); i++) {
            NeuralNetConfiguration configuration =
                    network.getLayerWiseConfigurations().getConf(i);
            weights.layer(
                    configuration.getLayer().getLayerName(),
                    configuration.getLayer(),
                    0,
                    network.getLayer(i).paramTable());
        }
        return new InitializationReport(weights.report);
    }

    static InitializationReport fill(ComputationGraph graph, IWeightInit initializer) {
        requireInitialized(graph.getVertices());
        NetworkWeights weights = new NetworkWeights(initializer);
        for (int i : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[i];
            @Nullable Map<String, INDArray> parameters = vertex.paramTable(false);
            String name = vertex.getVertexName();
            if (graph.getConfiguration().getVertices().get(name) instanceof LayerVertex layer) {
                weights.layer(name, layer.getLayerConf().getLayer(), 0, parameters);
            } else if (parameters != null) {
                weights.leave(name, vertex.getClass().getSimpleName(), parameters, "no layer");
            }
        }
        return new InitializationReport(weights.report);
    }

    /** @param layers of a network or graph, which has none before {@code init()} */
    static void requireInitialized(Object @Nullable [] layers) {
        if (layers == null) {
            throw new IllegalStateException("the network has no parameters yet; call init() on it first");
        }
    }

    /** @param prefix characters before a parameter's own name: {@code Bidirectional} tells its two layers apart by one */
    private void layer(String name, Layer configuration, int prefix, @Nullable Map<String, INDArray> parameters) {
        if (parameters == null) {
            return;
        }
        if (configuration instanceof FrozenLayer || configuration instanceof FrozenLayerWithBackprop) {
            leave(name, configuration.getClass().getSimpleName(), parameters, "frozen");
        } else if (configuration instanceof BaseWrapperLayer wrapper) {
            layer(name, wrapper.getUnderlying(), prefix, parameters);
        } else if (configuration instanceof Bidirectional both) {
            layer(name, both.getFwd(), prefix + 1, parameters);
        } else {
            parameters.forEach((key, array) -> parameter(name, configuration, key, key.substring(prefix), array));
        }
    }

    private void parameter(String name, Layer configuration, String key, String ownKey, INDArray array) {
        String kind = configuration.getClass().getSimpleName();
        if (configuration.initializer().isBiasParam(configuration, ownKey)) {
            leave(name, kind, Map.of(key, array), "bias");
            return;
        }
        Weights weights = weights(configuration, ownKey, array);
        if (weights == null) {
            leave(name, kind, Map.of(key, array), "not known as weights");
            return;
        }
        if (initializer instanceof WithBiases && !weights.ordinary) {
            throw new IllegalArgumentException("layer " + name + " is a " + kind + ", parameter " + key + "; valid for "
                    + initializer + ": dense or ordinary convolutional");
        }
        weights.parts.forEach(part -> fill(weights.fanIn, weights.fanOut, part));
        report.add(new InitializationReport.Parameter(
                name, kind, key, shape(array), weights.fanIn, weights.fanOut, initializer + weights.comment));
    }

    /** By a copy, since a part may be neither dense in memory nor in the order that an initialiser fills. */
    private void fill(double fanIn, double fanOut, INDArray part) {
        char order = part.rank() == 2 ? IWeightInit.DEFAULT_WEIGHT_INIT_ORDER : 'c';
        INDArray memory = Nd4j.createUninitialized(part.dataType(), part.length());
        if (initializer instanceof NamedInitializer ours) {
            // without init's guess at the layer
            INDArray drawn = memory.reshape(order, part.shape());
            ours.fill(fanIn, fanOut, drawn);
            part.assign(drawn);
        } else {
            part.assign(initializer.init(fanIn, fanOut, part.shape(), order, memory));
        }
    }

    private void leave(String name, String kind, Map<String, INDArray> parameters, String why) {
        parameters.forEach((key, array) -> report.add(
                new InitializationReport.Parameter(name, kind, key, shape(array), null, null, "left alone: " + why)));
    }

    private static List<Long> shape(INDArray array) {
        return LongStream.of(array.shape()).boxed().toList();
    }

    /**
     * Weights as an initialiser takes them.
     *
     * @param parts views, each dense, [inputs, units], or convolutional, [units, channels, k...]
     * @param comment for the report
     * @param ordinary whether each part is a whole layer of units with inputs that take any value
     */
    private record Weights(double fanIn, double fanOut, List<INDArray> parts, String comment, boolean ordinary) {
        static Weights whole(double fanIn, double fanOut, INDArray weights) {
            return new Weights(fanIn, fanOut, List.of(weights), "", true);
        }

        static Weights parts(double fanIn, double fanOut, List<INDArray> parts, String comment) {
            return new Weights(fanIn, fanOut, parts, comment, false);
        }
    }

    @SuppressWarnings("deprecation") // DL4J's Graves layers, which models of old still have
    private static @Nullable Weights weights(Layer layer, String key, INDArray weights) {
        if (layer instanceof ConvolutionLayer convolution) {
            return convolutional(convolution, key, weights);
        }
        // layer normalisation, centres of a loss and visible biases have other names or ranks
        if (weights.rank() != 2) {
            return null;
        }
        if (layer instanceof LSTM || layer instanceof GravesLSTM || layer instanceof GravesBidirectionalLSTM) {
            long n = ((FeedForwardLayer) layer).getNOut();
            List<INDArray> gates = Parts.gates(n, weights);
            return Weights.parts(
                    (double) weights.size(0),
                    (double) n,
                    gates.subList(0, 4),
                    ", each of 4 gates" + (gates.size() == 4 ? "" : "; peepholes left alone"));
        }
        if (!key.endsWith("W")) {
            return null;
        }
        if (layer instanceof EmbeddingLayer || layer instanceof EmbeddingSequenceLayer) {
            return Weights.parts(1, (double) weights.size(1), List.of(weights), "");
        }
        if (layer instanceof SimpleRnn
                || layer instanceof DenseLayer
                || layer instanceof BaseOutputLayer
                || layer instanceof BasePretrainNetwork) {
            return Weights.whole((double) weights.size(0), (double) weights.size(1), weights);
        }
        return null;
    }

    private static Weights convolutional(ConvolutionLayer layer, String key, INDArray weights) {
        // a one-dimensional layer's second stride has no meaning
        int strides = layer instanceof Convolution1DLayer
                ? layer.getStride()[0]
                : Arrays.stream(layer.getStride()).reduce(1, (a, b) -> a * b);
        if (layer instanceof DepthwiseConvolution2D) {
            return depthwise(weights.permute(3, 2, 0, 1), strides);
        }
        if (layer instanceof SeparableConvolution2D) {
            return key.equals(SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY)
                    ? Weights.whole((double) weights.size(1), (double) weights.size(0), weights)
                    : depthwise(weights, strides);
        }
        if (layer instanceof Deconvolution2D) {
            return transposed(weights.permute(1, 0, 2, 3), strides);
        }
        if (layer instanceof Deconvolution3D) {
            return transposed(weights.permute(3, 4, 0, 1, 2), strides);
        }
        double places = places(weights);
        return Weights.whole(weights.size(1) * places, weights.size(0) * places / strides, weights);
    }

    /** An output place meets one in so many of the kernel's places as there are strides. */
    private static Weights transposed(INDArray weights, int strides) {
        double places = places(weights);
        return Weights.parts(weights.size(1) * places / strides, weights.size(0) * places, List.of(weights), "");
    }

    /** [multiplier, channels, kH, kW], of which each channel is a convolution of its own. */
    private static Weights depthwise(INDArray weights, int strides) {
        double places = places(weights);
        List<INDArray> channels = IntStream.range(0, (int) weights.size(1))
                .mapToObj(i -> weights.get(
                        NDArrayIndex.all(), NDArrayIndex.interval(i, i + 1), NDArrayIndex.all(), NDArrayIndex.all()))
                .toList();
        return Weights.parts(places, weights.size(0) * places / strides, channels, ", each channel by itself");
    }

    /** k·k… of [units, channels, k...]. */
    private static double places(INDArray weights) {
        return (double) weights.length() / (weights.size(0) * weights.size(1));
    }
}
