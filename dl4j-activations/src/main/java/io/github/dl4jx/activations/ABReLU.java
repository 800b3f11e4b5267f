package io.github.dl4jx.activations;

import io.github.dl4jx.activations.kernel.ArrayRunner;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Average biased ReLU: the threshold is the mean of the layer's input volume.
 *
 * <pre>
 * f(x)_k     = max(x_k − β, 0)                       β = α·mean(x) over the D elements of one example, or of the batch
 * dL/dx_k    = m_k·g_k − (α/D)·Σ_j m_j·g_j           m = 1 where x &gt; β, else 0 (0 at the kink)
 * </pre>
 *
 * Example, α = 1: [1, −2, 0, 3] → [0.5, 0, 0, 2.5]. Range [0, ∞). The first dimension of the array counts the
 * examples; an array of rank 1 is one example. With {@link Mean#BATCH}, as in the authors' code of 2022, an example's
 * output depends on its neighbours in the batch, at inference too. Sums are taken in double. DL4J hands recurrent
 * layers over step by step, so there the mean is one of an example at a time step; where a whole sequence is handed
 * over, as by {@code Convolution1D}, masked steps enter the mean, because an activation sees no mask. Dubey and
 * Chakraborty, <i>Average biased ReLU based CNN descriptor for improved face retrieval</i>, arXiv:1804.02051.
 */
public final class ABReLU extends NamedActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of(
                    "abrelu", ABReLU.class, a -> new ABReLU(a.number("alpha"), a.choice("mean", Mean.class)))
            .aliases("average-biased-relu")
            .parameter(Parameter.number("alpha", 1, "finite"))
            .parameter(Parameter.choice("mean", Mean.EXAMPLE))
            .formula("max(x - beta, 0), beta = alpha*mean(x) of the example or the batch")
            .derivative("m*g - alpha*mean(m*g), m = 1 for x > beta, else 0, g the upstream gradient")
            .range("[0, inf)")
            .source("Dubey and Chakraborty 2018, arXiv:1804.02051")
            .build();

    /** What the mean is taken over. */
    public enum Mean {
        /** Each example by itself. */
        EXAMPLE,
        /** All examples of the batch. */
        BATCH
    }

    private final double alpha;
    private final Mean mean;

    /** α = 1, mean of each example. */
    public ABReLU() {
        this(1);
    }

    /**
     * With the mean of each example.
     *
     * @param alpha α, a finite number
     * @throws IllegalArgumentException if it is not
     */
    public ABReLU(double alpha) {
        this(alpha, Mean.EXAMPLE);
    }

    /**
     * @param alpha α, a finite number
     * @param mean what the mean is taken over
     * @throws IllegalArgumentException if α is not finite
     */
    public ABReLU(double alpha, Mean mean) {
        this.alpha = Require.finite("alpha", alpha);
        this.mean = Require.given("mean", mean);
    }

    @JsonCreator
    static ABReLU read(@JsonProperty("alpha") double alpha, @JsonProperty("mean") @Nullable Mean mean) {
        return mean == null ? new ABReLU(alpha) : new ABReLU(alpha, mean); // models from before there were two means
    }

    /** α. */
    public double getAlpha() {
        return alpha;
    }

    /** What the mean is taken over. */
    public Mean getMean() {
        return mean;
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

    /** Subtracts α times its mean from each example or from the batch, in place. */
    private INDArray subtractMean(INDArray x) {
        if (x.rank() < 2 || mean == Mean.BATCH) {
            return x.subi(alpha * x.castTo(DataType.DOUBLE).meanNumber().doubleValue());
        }
        int[] withinExample = IntStream.range(1, x.rank()).toArray();
        INDArray average = x.castTo(DataType.DOUBLE).mean(true, withinExample);
        return x.subi(average.muli(alpha).castTo(x.dataType()));
    }

    @Override
    public String toString() {
        return "abrelu(alpha=" + alpha + ", mean=" + Parameter.word(mean) + ")";
    }
}
