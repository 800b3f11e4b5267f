package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.expm1;
import static io.github.dl4jx.activations.formula.Formula.select;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import org.nd4j.linalg.activations.IActivation;
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
public final class ELU extends FormulaActivation {
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
    protected Formula f(Formula x) {
        return select(x, x, expm1(x).times(alpha));
    }

    @Override
    public String toString() {
        return "elu(alpha=" + alpha + ")";
    }
}
