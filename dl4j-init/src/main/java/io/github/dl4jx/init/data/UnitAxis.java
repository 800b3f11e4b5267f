package io.github.dl4jx.init.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Which dimension of a network's arrays is that of the units, by the data formats of its layers.
 *
 * @param lastInRanks of arrays whose units are in the last dimension; in all others they are in that behind the examples
 */
public record UnitAxis(List<Integer> lastInRanks) {
    public UnitAxis {
        lastInRanks = List.copyOf(lastInRanks);
    }

    /** Of a network's layers. */
    public static UnitAxis of(org.deeplearning4j.nn.api.Layer... layers) {
        return new UnitAxis(Stream.of(3, 4, 5)
                .filter(rank -> Arrays.stream(layers)
                        .anyMatch(layer -> isLast(layer.conf().getLayer(), rank)))
                .toList());
    }

    /** From 0, in the array of a batch. */
    public int in(INDArray values) {
        return lastInRanks.contains(values.rank()) ? values.rank() - 1 : 1;
    }

    /** From 0, in what a layer without wrappers returns. */
    static int of(Layer configuration, int rank) {
        return isLast(configuration, rank) ? rank - 1 : 1;
    }

    private static boolean isLast(Layer configuration, int rank) {
        return switch (rank) {
            case 3 -> sequenceFormat(configuration) == RNNFormat.NWC;
            case 4 ->
                configuration instanceof ConvolutionLayer convolution
                        && convolution.getCnn2dDataFormat() == CNN2DFormat.NHWC;
            case 5 -> volumeFormat(configuration) == Convolution3D.DataFormat.NDHWC;
            default -> false;
        };
    }

    private static @Nullable RNNFormat sequenceFormat(Layer configuration) {
        if (configuration instanceof BaseRecurrentLayer recurrent) {
            return recurrent.getRnnDataFormat();
        }
        if (configuration instanceof Convolution1DLayer convolution) {
            return convolution.getRnnDataFormat();
        }
        if (configuration instanceof RnnOutputLayer output) {
            return output.getRnnDataFormat();
        }
        return configuration instanceof EmbeddingSequenceLayer embedding ? embedding.getOutputFormat() : null;
    }

    private static Convolution3D.@Nullable DataFormat volumeFormat(Layer configuration) {
        if (configuration instanceof Convolution3D convolution) {
            return convolution.getDataFormat();
        }
        return configuration instanceof Deconvolution3D transposed ? transposed.getDataFormat() : null;
    }
}
