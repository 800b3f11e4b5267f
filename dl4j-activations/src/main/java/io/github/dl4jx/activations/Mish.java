package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.EXHAUSTED;
import static io.github.dl4jx.activations.kernel.VectorMath.all;
import static io.github.dl4jx.activations.kernel.VectorMath.atMost;
import static io.github.dl4jx.activations.kernel.VectorMath.clamp;
import static io.github.dl4jx.activations.kernel.VectorMath.exp;

import io.github.dl4jx.activations.kernel.Block;
import io.github.dl4jx.activations.kernel.BlockKernel;
import io.github.dl4jx.activations.kernel.Kernel;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mish.
 *
 * <pre>
 * f(x)  = x·t                      t = tanh(softplus(x))
 * f'(x) = t + x·σ(x)·(1 − t²)
 * </pre>
 *
 * With n = e^x(e^x + 2) the hyperbolic tangent is t = n/(n + 2): one exponential, and 1 − t = 2/(n + 2) without
 * cancellation. Range [−0.308843, ∞) with the minimum at −1.19243, smooth; input of any shape. Misra, <i>Mish: a self
 * regularized non-monotonic activation function</i>, arXiv:1908.08681.
 */
public final class Mish extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    /** In float, t is 1 to the last bit from here on, and x(1 − t) nothing beside it. */
    private static final float SATURATED = 15;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("mish", Mish.class, a -> new Mish())
            .formula("x*t, t = tanh(softplus(x))")
            .derivative("t + x*sigmoid(x)*(1 - t^2)")
            .range("[-0.308843, inf)")
            .source("Misra 2019, arXiv:1908.08681")
            .build();

    @Override
    protected INDArray value(INDArray x) {
        INDArray u = Ops.exp(x.dup()).muli(-0.5);
        INDArray quarter = Ops.timesOneMinus(u); // u(1 − u) = −e^x(e^x + 2)/4
        INDArray reciprocal = quarter.rdivi(-0.5).addi(1); // 1/t, for e^x = 0 and e^x = ∞ as well
        return Ops.finiteBelow(x).divi(reciprocal);
    }

    @Override
    protected INDArray slope(INDArray x) {
        return Ops.mishSlope(Ops.atMost(Ops.atLeast(x, -1000), 21.25)); // 0 and 1 beyond, in double too
    }

    @Override
    Kernel kernel() {
        return new Lanes();
    }

    @Override
    BlockKernel blocks() {
        return new Blocks();
    }

    @Override
    public String toString() {
        return "mish";
    }

    /** The same in one pass. */
    private static final class Lanes implements Kernel {
        @Override
        public FloatVector value(FloatVector x) {
            FloatVector bounded = clamp(-EXHAUSTED, Float.POSITIVE_INFINITY, x); // −∞·0 would be NaN
            FloatVector e = exp(atMost(SATURATED, bounded));
            FloatVector n = e.fma(e, e.add(e));
            return bounded.mul(n.div(n.add(2)));
        }

        @Override
        public FloatVector slope(FloatVector x) {
            FloatVector all = all(1);
            FloatVector bounded = clamp(-EXHAUSTED, SATURATED, x);
            FloatVector e = exp(bounded);
            FloatVector n = e.fma(e, e.add(e));
            FloatVector reciprocal = all.div(n.add(2));
            FloatVector steepness = reciprocal.mul(e).mul(e.add(1).mul(reciprocal)); // σ(x)(1 − t²)/4
            return bounded.mul(4).fma(steepness, n.mul(reciprocal));
        }
    }

    /** The same in plain loops. */
    private static final class Blocks implements BlockKernel {
        @Override
        public Block value(Block x) {
            x.atLeast(-EXHAUSTED); // −∞·0 would be NaN
            Block e = x.copy().atMost(SATURATED).exp();
            Block n = e.times(e.copy().plus(2));
            return x.times(n.over(n.copy().plus(2)));
        }

        @Override
        public Block slope(Block x) {
            x.clamp(-EXHAUSTED, SATURATED);
            Block e = x.copy().exp();
            Block n = e.copy().plus(2).times(e);
            Block reciprocal = n.copy().plus(2).reciprocal();
            Block steepness = e.copy().plus(1).times(reciprocal).times(e.times(reciprocal)); // σ(x)(1 − t²)/4
            return n.times(reciprocal).plus(x.times(4).times(steepness));
        }
    }
}
