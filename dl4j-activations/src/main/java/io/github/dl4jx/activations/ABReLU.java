package io.github.dl4jx.activations;

import io.github.dl4jx.activations.kernel.ArrayRunner;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Require;
import java.util.stream.IntStream;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Average biased ReLU: the threshold is the mean of the layer's input volume, taken for each example by itself.
 *
 * <pre>
 * f(x)_k     = max(x_k − β, 0)                       β = α·mean(x) over the D elements of one example
 * dL/dx_k    = m_k·g_k − (α/D)·Σ_j m_j·g_j           m = 1 where x &gt; β, else 0 (0 at the kink)
 * </pre>
 *
 * Example, α = 1: [1, −2, 0, 3] → [0.5, 0, 0, 2.5]. Range [0, ∞). The first dimension of the array counts the
 * examples; an array of rank 1 is one example. Sums are taken in double. DL4J hands recurrent layers over step by step, so
 * there the mean is one of an example at a time step; where a whole sequence is handed over, as by {@code
 * Convolution1D}, masked steps enter the mean, because an activation sees no mask. Dubey and Chakraborty, <i>Average biased ReLU based CNN descriptor for improved face retrieval</i>,
 * arXiv:1804.02051.
 */
public final class ABReLU extends NamedActivation {
    private static final long serialVersionUID = 1L;

    private final double alpha;

    /** α = 1. */
    public ABReLU() {
        this(1);
    }

    /**
     * @param alpha α, a finite number
     * @throws IllegalArgumentException if it is not
     */
    @JsonCreator
    public ABReLU(@JsonProperty("alpha") double alpha) {
        this.alpha = Require.finite("alpha", alpha);
    }

    /** α. */
    public double getAlpha() {
        return alpha;
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return ArrayRunner.forward(x -> Ops.relu(subtractMean(x)), in);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        ArrayRunner.requireSameShape(in, epsilon);
        if (!in.isEmpty()) {
            INDArray masked = Ops.above(subtractMean(ArrayRunner.computable(in)), 0);
            masked.muli(ArrayRunner.computable(epsilon));
            ArrayRunner.overwrite(in, subtractMean(masked));
        }
        return new Pair<>(in, null);
    }

    /** Subtracts α times its own mean from each example, in place. */
    private INDArray subtractMean(INDArray x) {
        if (x.rank() < 2) {
            return x.subi(alpha * x.castTo(DataType.DOUBLE).meanNumber().doubleValue());
        }
        int[] withinExample = IntStream.range(1, x.rank()).toArray();
        INDArray mean = x.castTo(DataType.DOUBLE).mean(true, withinExample);
        return x.subi(mean.muli(alpha).castTo(x.dataType()));
    }

    @Override
    public String toString() {
        return "abrelu(alpha=" + alpha + ")";
    }
}
