package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.EXHAUSTED;
import static io.github.dl4jx.activations.kernel.VectorMath.exp;
import static io.github.dl4jx.activations.kernel.VectorMath.expm1;
import static io.github.dl4jx.activations.kernel.VectorMath.magnitude;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import io.github.dl4jx.activations.kernel.Block;
import io.github.dl4jx.activations.kernel.BlockKernel;
import io.github.dl4jx.activations.kernel.Kernel;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Continuously differentiable exponential linear unit: an ELU whose derivative has no jump, whatever α.
 *
 * <pre>
 * f(x)  = x for x &gt; 0, else α(e^(x/α) − 1)
 * f'(x) = 1 for x &gt; 0, else e^(x/α)
 * </pre>
 *
 * Range (−α, ∞); input of any shape. Barron, <i>Continuously differentiable exponential linear units</i>,
 * arXiv:1704.07483.
 */
public final class CELU extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("celu", CELU.class, a -> new CELU(a.number("alpha")))
            .parameter(Parameter.number("alpha", 1, "> 0"))
            .formula("x for x > 0, else alpha*(exp(x/alpha) - 1)")
            .derivative("1 for x > 0, else exp(x/alpha)")
            .range("(-alpha, inf)")
            .source("Barron 2017, arXiv:1704.07483")
            .build();

    private final double alpha;

    /** α = 1. */
    public CELU() {
        this(1);
    }

    /**
     * @param alpha α, a finite number &gt; 0
     * @throws IllegalArgumentException if it is not
     */
    @JsonCreator
    public CELU(@JsonProperty("alpha") double alpha) {
        this.alpha = Require.positive("alpha", alpha);
    }

    /** α. */
    public double getAlpha() {
        return alpha;
    }

    @Override
    protected INDArray value(INDArray x) {
        if (alpha == 1) {
            return Ops.elu(x, 1);
        }
        INDArray negative = Ops.expm1(Ops.negativePart(x.dup()).divi(alpha)).muli(alpha); // x/α itself may overflow
        return Ops.relu(x).addi(negative);
    }

    @Override
    protected INDArray slope(INDArray x) {
        return Ops.exp(Ops.negativePart(x).divi(alpha)); // 1 for x > 0, as it should be
    }

    @Override
    Kernel kernel() {
        return new Lanes((float) alpha);
    }

    @Override
    BlockKernel blocks() {
        return new Blocks((float) alpha);
    }

    @Override
    public String toString() {
        return "celu(alpha=" + alpha + ")";
    }

    /** The same in one pass. */
    private static final class Lanes implements Kernel {
        private final float alpha;

        Lanes(float alpha) {
            this.alpha = alpha;
        }

        @Override
        public FloatVector value(FloatVector x) {
            FloatVector negative = expm1(magnitude(x.mul(1 / alpha), 20).neg()).mul(alpha); // −α below, to the last bit
            return x.blend(negative, x.compare(LE, 0));
        }

        @Override
        public FloatVector slope(FloatVector x) {
            FloatVector exponential = exp(magnitude(x.mul(1 / alpha), EXHAUSTED).neg());
            return exponential.blend(1, x.compare(GT, 0));
        }
    }

    /** The same in plain loops. */
    private static final class Blocks implements BlockKernel {
        private final float alpha;

        Blocks(float alpha) {
            this.alpha = alpha;
        }

        @Override
        public Block value(Block x) {
            Block negative = x.copy().times(1 / alpha).clamp(-20, 0).expm1().times(alpha);
            return x.atLeast(0).plus(negative);
        }

        @Override
        public Block slope(Block x) {
            return x.atMost(0).decay(1 / alpha); // 1 for x > 0, as it should be
        }
    }
}
