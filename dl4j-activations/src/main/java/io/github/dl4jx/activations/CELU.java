package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.exp;
import static io.github.dl4jx.activations.formula.Formula.expm1;
import static io.github.dl4jx.activations.formula.Formula.number;
import static io.github.dl4jx.activations.formula.Formula.select;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import org.nd4j.linalg.activations.IActivation;
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
public final class CELU extends FormulaActivation {
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
    protected Formula f(Formula x) {
        return select(x, x, expm1(x.over(alpha)).times(alpha));
    }

    @Override
    protected Formula slope(Formula x) {
        return select(x, number(1), exp(x.over(alpha)));
    }

    @Override
    public String toString() {
        return "celu(alpha=" + alpha + ")";
    }
}
