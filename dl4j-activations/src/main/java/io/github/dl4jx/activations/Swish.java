package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.SPECIES;
import static io.github.dl4jx.activations.kernel.VectorMath.atLeast;
import static io.github.dl4jx.activations.kernel.VectorMath.atMost;
import static io.github.dl4jx.activations.kernel.VectorMath.clamp;
import static io.github.dl4jx.activations.kernel.VectorMath.rounder;
import static io.github.dl4jx.activations.kernel.VectorMath.scaledExp;
import static jdk.incubator.vector.FloatVector.broadcast;

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
        INDArray sigma = Ops.sigmoid(x.mul(beta));
        return Ops.finiteBelow(x).muli(sigma);
    }

    @Override
    protected INDArray slope(INDArray x) {
        x.muli(beta);
        INDArray sigma = Ops.sigmoid(x.dup());
        INDArray complement = Ops.sigmoid(x.neg()); // 1 − σ without cancellation
        Ops.clamp(x, -1000, 1000); // σ(1 − σ) is 0 beyond, in double too
        return complement.muli(x).muli(sigma).addi(sigma);
    }

    @Override
    Kernel kernel() {
        return new Lanes((float) beta);
    }

    @Override
    public String toString() {
        return "swish(beta=" + beta + ")";
    }

    /** The same in one pass. */
    private static final class Lanes implements Kernel {
        /** 2^−16·(1 + e^−βx) is finite for all βx that give a float other than 0. */
        private static final float ROUNDER = rounder(-16);

        private static final float UNIT = 0x1p-16f;
        private static final float LOWEST = -99;

        /** σ is 1 to the last bit from here on. */
        private static final float HIGHEST = 30;

        private final float beta;

        Lanes(float beta) {
            this.beta = beta;
        }

        @Override
        public FloatVector value(FloatVector x) {
            FloatVector bounded = atLeast(Math.max(LOWEST / beta, -Float.MAX_VALUE), x); // −∞·0 would be NaN
            FloatVector z = atMost(HIGHEST, bounded.mul(beta));
            return bounded.mul(UNIT).div(scaledExp(z.neg(), ROUNDER).add(UNIT));
        }

        @Override
        public FloatVector slope(FloatVector x) {
            FloatVector z = clamp(LOWEST, HIGHEST, x.mul(beta));
            FloatVector e = scaledExp(z.neg(), ROUNDER);
            FloatVector reciprocal = broadcast(SPECIES, 1).div(e.add(UNIT));
            FloatVector sigma = reciprocal.mul(UNIT);
            FloatVector complement = reciprocal.mul(e);
            return sigma.mul(z).fma(complement, sigma);
        }
    }
}
