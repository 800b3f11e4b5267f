package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.VectorMath.SPECIES;
import static io.github.dl4jx.activations.formula.VectorMath.all;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import io.github.dl4jx.activations.formula.ArrayRunner;
import io.github.dl4jx.activations.formula.BinaryKernel;
import io.github.dl4jx.activations.formula.FusedBroadcast;
import io.github.dl4jx.activations.formula.Ops;
import io.github.dl4jx.activations.formula.Sums;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
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
        INDArray beta = fusedBeta(in);
        return beta != null && FusedBroadcast.map(() -> Lanes.VALUE, in, beta, in)
                ? in
                : ArrayRunner.forward(x -> Ops.relu(subtractMean(x)), in);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        ArrayRunner.requireSameShape(in, epsilon);
        if (!in.isEmpty() && !fusedBackprop(in, epsilon)) {
            INDArray masked = Ops.above(subtractMean(ArrayRunner.computable(in)), 0);
            masked.muli(ArrayRunner.computable(epsilon));
            ArrayRunner.overwrite(in, subtractMean(masked));
        }
        return new Pair<>(in, null);
    }

    /** Subtracts α times its mean from each example or from the batch, in place. */
    private INDArray subtractMean(INDArray x) {
        INDArray shift = Sums.inDouble(x, axes(x)).muli(factor(x));
        return shift.length() == 1 ? x.subi(shift.getDouble(0)) : x.subi(shift.castTo(x.dataType()));
    }

    /** The same in three passes: for the mean, for m·g and its sum, and for the difference. */
    private boolean fusedBackprop(INDArray in, INDArray epsilon) {
        INDArray beta = fusedBeta(in);
        if (beta == null) {
            return false;
        }
        double[][] sums = FusedBroadcast.backward(() -> List.of(Lanes.MASK, Lanes.PART_OF_MASK), in, beta, epsilon, in);
        return sums != null && FusedBroadcast.map(() -> Lanes.DIFFERENCE, in, shift(in, sums[0]), in);
    }

    /** β; null where fused loops do not run. */
    private @Nullable INDArray fusedBeta(INDArray in) {
        if (!FusedBroadcast.isFor(in)) {
            return null;
        }
        double[] sums = FusedBroadcast.sum(() -> Lanes.PART, in, Nd4j.create(DataType.FLOAT, shiftShape(in)), in);
        return sums == null ? null : shift(in, sums);
    }

    /** α times the means, from the sums of the parts. */
    private INDArray shift(INDArray in, double[] sums) {
        float[] shift = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            shift[i] = (float) (sums[i] / Lanes.UNIT * factor(in));
        }
        return Nd4j.createFromArray(shift).reshape(shiftShape(in));
    }

    /** α/D. */
    private double factor(INDArray x) {
        return alpha / (isOfExamples(x) ? x.length() / x.size(0) : x.length());
    }

    private boolean isOfExamples(INDArray x) {
        return x.rank() > 1 && mean == Mean.EXAMPLE;
    }

    /** The axes that the mean is taken over. */
    private int[] axes(INDArray x) {
        return IntStream.range(isOfExamples(x) ? 1 : 0, x.rank()).toArray();
    }

    private long[] shiftShape(INDArray x) {
        long[] shape = x.shape().clone();
        for (int axis : axes(x)) {
            shape[axis] = 1;
        }
        return shape;
    }

    @Override
    public String toString() {
        return "abrelu(alpha=" + alpha + ", mean=" + Parameter.word(mean) + ")";
    }

    /** The same in fused loops, with β or the mean of m·g. */
    private static final class Lanes {
        /** Such parts of a few floats have a sum that is a float. */
        static final float UNIT = 0x1p-12f;

        static final BinaryKernel PART = (x, none) -> broadcast(SPECIES, UNIT);
        static final BinaryKernel VALUE = (x, beta) -> x.sub(beta).blend(0, x.compare(LE, beta));
        static final BinaryKernel MASK = (x, beta) -> all(0).blend(broadcast(SPECIES, 1), x.compare(GT, beta));
        static final BinaryKernel PART_OF_MASK =
                (x, beta) -> all(0).blend(broadcast(SPECIES, UNIT), x.compare(GT, beta));
        static final BinaryKernel DIFFERENCE = (x, mean) -> x.sub(mean);

        private Lanes() {}
    }
}
