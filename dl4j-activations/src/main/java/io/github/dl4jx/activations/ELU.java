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
 * Exponential linear unit.
 *
 * <pre>
 * f(x)  = x for x &gt; 0, else α(e^x − 1)
 * f'(x) = 1 for x &gt; 0, else α·e^x      α at the kink
 * </pre>
 *
 * Range (−α, ∞); input of any shape. Clevert, Unterthiner and Hochreiter, <i>Fast and accurate deep network learning by
 * exponential linear units</i>, arXiv:1511.07289.
 */
public final class ELU extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("elu", ELU.class, a -> new ELU(a.number("alpha")))
            .parameter(Parameter.number("alpha", 1, "> 0"))
            .formula("x for x > 0, else alpha*(exp(x) - 1)")
            .derivative("1 for x > 0, else alpha*exp(x); alpha at 0")
            .range("(-alpha, inf)")
            .kinks(0)
            .source("Clevert et al. 2015, arXiv:1511.07289")
            .build();

    private final double alpha;

    /** α = 1. */
    public ELU() {
        this(1);
    }

    /**
     * @param alpha α, a finite number &gt; 0
     * @throws IllegalArgumentException if it is not
     */
    @JsonCreator
    public ELU(@JsonProperty("alpha") double alpha) {
        this.alpha = Require.positive("alpha", alpha);
    }

    /** α. */
    public double getAlpha() {
        return alpha;
    }

    @Override
    protected INDArray value(INDArray x) {
        return Ops.elu(x, alpha);
    }

    @Override
    protected INDArray slope(INDArray x) {
        INDArray positive = Ops.above(x.dup(), 0);
        INDArray exponential = Ops.exp(Ops.negativePart(x)).muli(alpha); // α for x > 0
        return Ops.scaledPlus(positive, 1 - alpha, exponential);
    }

    @Override
    Kernel kernel() {
        return new Lanes(1, alpha);
    }

    @Override
    BlockKernel blocks() {
        return new Blocks(1, alpha);
    }

    @Override
    public String toString() {
        return "elu(alpha=" + alpha + ")";
    }

    /** The same in one pass. */
    static final class Lanes implements Kernel {
        private final float scale;
        private final float depth;

        Lanes(double scale, double alpha) {
            this.scale = (float) scale;
            depth = (float) (scale * alpha);
        }

        @Override
        public FloatVector value(FloatVector x) {
            FloatVector negative = expm1(magnitude(x, 20).neg()).mul(depth); // −depth below, to the last bit
            return x.mul(scale).blend(negative, x.compare(LE, 0));
        }

        @Override
        public FloatVector slope(FloatVector x) {
            FloatVector exponential = exp(magnitude(x, EXHAUSTED).neg()).mul(depth);
            return exponential.blend(scale, x.compare(GT, 0));
        }
    }

    /** The same in plain loops. */
    static final class Blocks implements BlockKernel {
        private final float scale;
        private final float depth;

        Blocks(double scale, double alpha) {
            this.scale = (float) scale;
            depth = (float) (scale * alpha);
        }

        @Override
        public Block value(Block x) {
            Block negative = x.copy().clamp(-20, 0).expm1().times(depth); // −depth below, to the last bit
            return x.atLeast(0).times(scale).plus(negative);
        }

        @Override
        public Block slope(Block x) {
            Block positive = x.copy().above(0).times(scale - depth);
            return x.atMost(0).decay(1).times(depth).plus(positive);
        }
    }
}
