package io.github.dl4jx.init;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What the axes of a weight array mean, as far as its shape and the fans that DL4J passes tell; the kind of layer it does
 * not say.
 */
final class Parts {
    private Parts() {}

    /** [inputs, units]; embedding layers state a fan-in of 1, LSTMs a fan-out that is not their number of columns. */
    static boolean isDense(double fanIn, double fanOut, INDArray weights) {
        return weights.rank() == 2 && (fanIn == weights.size(0) || fanIn == 1) && fanOut == weights.size(1);
    }

    /**
     * [units, channels, k...]. In {@code Convolution1DLayer}, [units, channels, k, 1], the fans have k twice, and the stride
     * too: its square tells them from a depthwise convolution's.
     */
    static boolean isConvolution(double fanIn, double fanOut, INDArray weights) {
        return weights.rank() > 2 && (fanIn == inputs(weights) || isSequence(fanIn, fanOut, weights));
    }

    private static boolean isSequence(double fanIn, double fanOut, INDArray weights) {
        if (weights.rank() != 4 || weights.size(3) != 1) {
            return false;
        }
        double stride = Math.sqrt(fanIn * weights.size(0) / (weights.size(1) * fanOut));
        return weights.size(2) > 1 && fanIn == inputs(weights) * weights.size(2) && stride == Math.rint(stride);
    }

    /**
     * The weights of a {@code Convolution1DLayer} as they act, [units, channels, k]: M2.1 states their shape as [units,
     * channels, k, 1], and reads their memory as [k, channels, units].
     */
    static INDArray sequence(INDArray weights) {
        return weights.reshape(weights.ordering(), weights.size(2), weights.size(1), weights.size(0))
                .permute(2, 1, 0);
    }

    /** N: the rows of dense weights, and what feeds one output channel of convolutional ones. */
    static long inputs(INDArray weights) {
        return weights.rank() == 2 ? weights.size(0) : weights.length() / weights.size(0);
    }

    /** The weights themselves, if they are dense or convolutional. */
    static List<INDArray> whole(double fanIn, double fanOut, INDArray weights) {
        if (!isDense(fanIn, fanOut, weights) && !isConvolution(fanIn, fanOut, weights)) {
            throw unclear(fanIn, fanOut, weights);
        }
        return List.of(isSequence(fanIn, fanOut, weights) ? sequence(weights) : weights);
    }

    /** The same where the inputs of a unit must vary by themselves, which excludes embeddings. */
    static List<INDArray> units(double fanIn, double fanOut, INDArray weights) {
        if (weights.rank() == 2 && fanIn != weights.size(0)) {
            throw unclear(fanIn, fanOut, weights);
        }
        return whole(fanIn, fanOut, weights);
    }

    /**
     * The gates of [nIn, 4n] or [n, 4n] weights of an LSTM, each [nIn, n] or [n, n]; the three columns of peepholes that
     * {@code GravesLSTM} has behind them are one more part. Empty for other weights.
     */
    static List<INDArray> gates(double fanIn, double fanOut, INDArray weights) {
        boolean input = weights.rank() == 2 && weights.size(1) == 4 * fanIn && fanOut == weights.size(0) + fanIn;
        boolean recurrent = weights.rank() == 2
                && weights.size(0) == fanIn
                && (weights.size(1) == 4 * fanIn || weights.size(1) == 4 * fanIn + 3)
                && fanOut > fanIn
                && fanOut != weights.size(1);
        return input || recurrent ? gates((long) fanIn, weights) : List.of();
    }

    /** The columns, n by n. */
    static List<INDArray> gates(long n, INDArray weights) {
        List<INDArray> gates = new ArrayList<>();
        for (long from = 0; from < weights.size(1); from += n) {
            long to = Math.min(from + n, weights.size(1));
            gates.add(weights.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to)));
        }
        return gates;
    }

    static IllegalArgumentException unclear(double fanIn, double fanOut, INDArray weights) {
        return new IllegalArgumentException(
                "weights have shape " + Arrays.toString(weights.shape()) + ", fanIn " + fanIn
                        + " and fanOut " + fanOut
                        + "; valid: dense [fanIn, fanOut], or convolutional [units, channels, k...] with"
                        + " fanIn = channels*k*...; Initializers.apply(network, initialiser) knows the layers of other weights");
    }
}
