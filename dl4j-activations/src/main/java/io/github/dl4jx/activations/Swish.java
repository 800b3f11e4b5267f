package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.EXHAUSTED;
import static io.github.dl4jx.activations.kernel.VectorMath.all;
import static io.github.dl4jx.activations.kernel.VectorMath.exp;
import static io.github.dl4jx.activations.kernel.VectorMath.magnitude;
import static io.github.dl4jx.activations.kernel.VectorMath.oneUnlessNegative;
import static io.github.dl4jx.activations.kernel.VectorMath.positivePart;

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
 * Swish; with β = 1, the default, also called SiLU.
 *
 * <pre>
 * f(x)  = x·σ(βx)
 * f'(x) = σ(βx)·(1 + βx·(1 − σ(βx)))
 * </pre>
 *
 * Range [−0.2785/β, ∞), smooth; β → ∞ is ReLU; input of any shape. Ramachandran, Zoph and Le, <i>Searching for
 * activation functions</i>, arXiv:1710.05941.
 */
public final class Swish extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of(
                    "swish", Swish.class, a -> new Swish(a.number("beta")))
            .aliases("silu")
            .parameter(Parameter.number("beta", 1, "> 0"))
            .formula("x*s, s = sigmoid(beta*x)")
            .derivative("s*(1 + beta*x*(1 - s))")
            .range("[-0.278465/beta, inf)")
            .source("Ramachandran et al. 2017, arXiv:1710.05941")
            .build();

    private final double beta;

    /** β = 1. */
    public Swish() {
        this(1);
    }

    /**
     * @param beta β, a finite number &gt; 0
     * @throws IllegalArgumentException if it is not
     */
    @JsonCreator
    public Swish(@JsonProperty("beta") double beta) {
        this.beta = Require.positive("beta", beta);
    }

    /** β. */
    public double getBeta() {
        return beta;
    }

    @Override
    protected INDArray value(INDArray x) {
        if (beta == 1) {
            return Ops.swish(Ops.finiteBelow(x)); // −∞·0 would be NaN
        }
        INDArray sigma = Ops.sigmoid(x.mul(beta));
        return Ops.finiteBelow(x).muli(sigma);
    }

    @Override
    protected INDArray slope(INDArray x) {
        INDArray z = beta == 1 ? x : x.muli(beta);
        return Ops.swishSlope(Ops.atMost(Ops.atLeast(z, -1000), 42)); // 0 and 1 beyond, in double too
    }

    @Override
    Kernel kernel() {
        return new Lanes((float) beta);
    }

    @Override
    BlockKernel blocks() {
        return new Blocks((float) beta);
    }

    @Override
    public String toString() {
        return "swish(beta=" + beta + ")";
    }

    /** The same in one pass. */
    private static final class Lanes implements Kernel {
        private final float beta;
        private final float exhausted;

        Lanes(float beta) {
            this.beta = beta;
            exhausted = Math.min(EXHAUSTED / beta, Float.MAX_VALUE);
        }

        @Override
        public FloatVector value(FloatVector x) {
            FloatVector positive = positivePart(x);
            FloatVector size = magnitude(x, exhausted);
            FloatVector e = exp(size.mul(-beta));
            FloatVector sigma = e.div(e.add(1)); // σ(−β|x|)
            return size.neg().fma(sigma, positive); // f(x) = max(x, 0) − |x|σ(−β|x|)
        }

        @Override
        public FloatVector slope(FloatVector x) {
            FloatVector all = all(1);
            FloatVector one = oneUnlessNegative(x);
            FloatVector z = magnitude(x.mul(beta), EXHAUSTED);
            FloatVector e = exp(z.neg());
            FloatVector complement = all.div(e.add(1));
            FloatVector sigma = e.mul(complement);
            FloatVector below = sigma.mul(z).neg().fma(complement, sigma); // f′(−|x|)
            return below.fma(one.mul(-2).add(1), one); // f′(x) = 1 − f′(−x)
        }
    }

    /** The same in plain loops. */
    private static final class Blocks implements BlockKernel {
        private final float beta;
        private final float exhausted;

        Blocks(float beta) {
            this.beta = beta;
            exhausted = Math.min(EXHAUSTED / beta, Float.MAX_VALUE);
        }

        @Override
        public Block value(Block x) {
            Block e = x.copy().times(beta).clamp(-EXHAUSTED, Block.SATURATED).exp();
            Block sigma = e.over(e.copy().plus(1));
            return x.atLeast(-exhausted).times(sigma); // −∞·0 would be NaN
        }

        @Override
        public Block slope(Block x) {
            Block z = x.times(beta).clamp(-EXHAUSTED, Block.SATURATED);
            Block e = z.copy().exp();
            Block complement = e.copy().plus(1).reciprocal();
            return z.times(complement).plus(1).times(e.times(complement));
        }
    }
}
