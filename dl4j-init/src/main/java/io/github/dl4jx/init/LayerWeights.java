package io.github.dl4jx.init;

import io.github.dl4jx.activations.formula.Views;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weights of one parameter of a layer as initialisers take them, however DL4J lays them out.
 *
 * @param fanIn inputs that a unit really has
 * @param fanOut units that an input really feeds
 * @param parts views, each dense, [inputs, units], or convolutional, [units, channels, k...]: of gated layers the four gates,
 *     of depthwise convolutions the channels of the input, of all others one
 * @param comment on the parts, for a report; empty where there is one
 * @param ordinary whether there is one part, a whole layer of units with inputs that take any value
 */
public record LayerWeights(double fanIn, double fanOut, List<INDArray> parts, String comment, boolean ordinary) {
    public LayerWeights {
        parts = List.copyOf(parts);
    }

    private static LayerWeights whole(double fanIn, double fanOut, INDArray weights) {
        return new LayerWeights(fanIn, fanOut, List.of(weights), "", true);
    }

    private static LayerWeights parts(double fanIn, double fanOut, List<INDArray> parts, String comment) {
        return new LayerWeights(fanIn, fanOut, parts, comment, false);
    }

    /**
     * Of a parameter.
     *
     * @param layer the configuration, without wrappers
     * @param key the parameter's own name there
     * @param weights its array, or another of the same shape, such as its gradient
     * @return null where the layer is not known, or the parameter is none of its weights
     */
    @SuppressWarnings("deprecation") // DL4J's Graves layers, which models of old still have
    public static @Nullable LayerWeights of(Layer layer, String key, INDArray weights) {
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
            return LayerWeights.parts(
                    (double) weights.size(0),
                    (double) n,
                    gates.subList(0, 4),
                    ", each of 4 gates" + (gates.size() == 4 ? "" : "; peepholes left alone"));
        }
        if (!key.endsWith("W")) {
            return null;
        }
        if (layer instanceof EmbeddingLayer || layer instanceof EmbeddingSequenceLayer) {
            return LayerWeights.parts(1, (double) weights.size(1), List.of(weights), "");
        }
        if (layer instanceof SimpleRnn
                || layer instanceof DenseLayer
                || layer instanceof BaseOutputLayer
                || layer instanceof BasePretrainNetwork) {
            return LayerWeights.whole((double) weights.size(0), (double) weights.size(1), weights);
        }
        return null;
    }

    private static LayerWeights convolutional(ConvolutionLayer layer, String key, INDArray weights) {
        if (layer instanceof Convolution1DLayer) { // whose second stride has no meaning
            return ordinary(Parts.sequence(weights), layer.getStride()[0]);
        }
        int strides = Arrays.stream(layer.getStride()).reduce(1, (a, b) -> a * b);
        if (layer instanceof DepthwiseConvolution2D) {
            return depthwise(weights.permute(3, 2, 0, 1), strides);
        }
        if (layer instanceof SeparableConvolution2D) {
            return key.equals(SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY)
                    ? LayerWeights.whole((double) weights.size(1), (double) weights.size(0), weights)
                    : depthwise(weights, strides);
        }
        if (layer instanceof Deconvolution2D) {
            return transposed(weights.permute(1, 0, 2, 3), strides);
        }
        if (layer instanceof Deconvolution3D) {
            return transposed(weights.permute(3, 4, 0, 1, 2), strides);
        }
        return ordinary(weights, strides);
    }

    private static LayerWeights ordinary(INDArray weights, int strides) {
        double places = places(weights);
        return LayerWeights.whole(weights.size(1) * places, weights.size(0) * places / strides, weights);
    }

    /** An output place meets one in so many of the kernel's places as there are strides. */
    private static LayerWeights transposed(INDArray weights, int strides) {
        double places = places(weights);
        return LayerWeights.parts(weights.size(1) * places / strides, weights.size(0) * places, List.of(weights), "");
    }

    /** [multiplier, channels, kH, kW], of which each channel is a convolution of its own. */
    private static LayerWeights depthwise(INDArray weights, int strides) {
        double places = places(weights);
        List<INDArray> channels = IntStream.range(0, (int) weights.size(1))
                .mapToObj(i -> Views.interval(weights, 1, i, i + 1L))
                .toList();
        return LayerWeights.parts(places, weights.size(0) * places / strides, channels, ", each channel by itself");
    }

    /** k·k… of [units, channels, k...]. */
    private static double places(INDArray weights) {
        return (double) weights.length() / (weights.size(0) * weights.size(1));
    }
}
