package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.abs;
import static io.github.dl4jx.activations.formula.Formula.max;
import static io.github.dl4jx.activations.formula.Formula.number;
import static io.github.dl4jx.activations.formula.Formula.select;
import static io.github.dl4jx.activations.formula.Formula.sigmoid;
import static io.github.dl4jx.activations.formula.Formula.sigmoidSlope;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import org.nd4j.linalg.activations.IActivation;
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
public final class Swish extends FormulaActivation {
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

    /** max(x, 0) − |x|·σ(−β|x|), which keeps its digits in the tail. */
    @Override
    protected Formula f(Formula x) {
        return max(x, 0).minus(abs(x).times(sigmoid(abs(x).times(-beta))));
    }

    @Override
    protected Formula slope(Formula x) {
        Formula z = abs(x).times(beta);
        Formula below = sigmoid(z.negate()).minus(z.times(sigmoidSlope(z))); // f′(−|x|)
        return select(x, number(1).minus(below), below); // f′(x) = 1 − f′(−x)
    }

    @Override
    public String toString() {
        return "swish(beta=" + beta + ")";
    }
}
