package io.github.dl4jx.init.data;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Which dimension of a network's arrays is that of the units, by the data formats of its layers.
 *
 * @param channelsLast whether images are NHWC
 * @param featuresLast whether sequences are NWC
 */
public record UnitAxis(boolean channelsLast, boolean featuresLast) {
    /** Of a network's layers. */
    public static UnitAxis of(Layer... layers) {
        return new UnitAxis(
                Arrays.stream(layers)
                        .anyMatch(layer -> layer.conf().getLayer() instanceof ConvolutionLayer convolution
                                && convolution.getCnn2dDataFormat() == CNN2DFormat.NHWC),
                Arrays.stream(layers)
                        .anyMatch(layer -> layer.conf().getLayer() instanceof BaseRecurrentLayer recurrent
                                && recurrent.getRnnDataFormat() == RNNFormat.NWC));
    }

    /** From 0, in the array of a batch. */
    public int in(INDArray values) {
        return values.rank() == 4 && channelsLast ? 3 : values.rank() == 3 && featuresLast ? 2 : 1;
    }
}
