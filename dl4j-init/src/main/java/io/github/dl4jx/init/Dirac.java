package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Require;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The identity: each unit hands one input on, as long as there are inputs and units left; all other weights are 0.
 *
 * <pre>
 * dense          w[i, i] = gain
 * convolutional  w[i, i, c...] = gain, c = (k − 1)/2 rounded down: the place that SAME padding maps to itself
 * </pre>
 *
 * <p>Shapes: dense [nIn, nOut], convolutional [nOut, channels, k...]; all others are refused, {@link Initializers#apply}
 * handles transposed, depthwise and separable convolutions and the gates of LSTMs. Zagoruyko and Komodakis, <i>DiracNets:
 * training very deep neural networks without skip-connections</i>, arXiv:1706.00388; for the recurrent weights of
 * rectifiers Le, Jaitly and Hinton, <i>A simple way to initialize recurrent networks of rectified linear units</i>,
 * arXiv:1504.00941.
 */
public final class Dirac extends NamedInitializer {
    private static final long serialVersionUID = 1L;

    private final double gain;

    /** Gain 1. */
    public Dirac() {
        this(1);
    }

    /**
     * @param gain the weight that hands an input on, a finite number &gt; 0
     * @throws IllegalArgumentException if it is not
     */
    @JsonCreator
    public Dirac(@JsonProperty("gain") double gain) {
        this.gain = Require.positive("gain", gain);
    }

    @Override
    List<INDArray> parts(double fanIn, double fanOut, INDArray weights) {
        return Parts.whole(fanIn, fanOut, weights);
    }

    @Override
    void fill(double fanIn, double fanOut, INDArray weights) {
        weights.assign(0);
        long[] place = new long[weights.rank()];
        for (int axis = 2; axis < place.length; axis++) {
            place[axis] = (weights.size(axis) - 1) / 2;
        }
        for (long i = 0; i < Math.min(weights.size(0), weights.size(1)); i++) {
            place[0] = i;
            place[1] = i;
            weights.putScalar(place, gain);
        }
    }

    @Override
    public String toString() {
        return "dirac(gain=" + gain + ")";
    }
}
