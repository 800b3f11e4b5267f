package io.github.dl4jx.activations;

import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
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
    public String toString() {
        return "swish(beta=" + beta + ")";
    }
}
