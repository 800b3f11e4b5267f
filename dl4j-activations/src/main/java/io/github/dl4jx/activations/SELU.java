package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.expm1;
import static io.github.dl4jx.activations.formula.Formula.select;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import org.nd4j.linalg.activations.IActivation;

/**
 * Scaled exponential linear unit, which pulls activations towards mean 0 and variance 1. It does so with LeCun normal
 * weights and, where dropout is wanted, {@link io.github.dl4jx.activations.dropout.AlphaDropout}.
 *
 * <pre>
 * f(x)  = λx for x &gt; 0, else λα(e^x − 1)
 * f'(x) = λ  for x &gt; 0, else λα·e^x      λα at the kink
 * λ = 1.0507009873554804934193349852946, α = 1.6732632423543772848170429916717
 * </pre>
 *
 * Range (−λα, ∞) = (−1.7581, ∞); input of any shape. Above 3.2387e38 a float result exceeds the type and is ∞.
 * Klambauer et al., <i>Self-normalizing neural networks</i>, arXiv:1706.02515.
 */
public final class SELU extends FormulaActivation {
    /** λ. */
    public static final double LAMBDA = 1.0507009873554805;

    /** α. */
    public static final double ALPHA = 1.6732632423543772;

    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("selu", SELU.class, a -> new SELU())
            .formula("lambda*x for x > 0, else lambda*alpha*(exp(x) - 1), lambda = 1.0507, alpha = 1.67326")
            .derivative("lambda for x > 0, else lambda*alpha*exp(x); lambda*alpha at 0")
            .range("(-1.758099, inf)")
            .kinks(0)
            .source("Klambauer et al. 2017, arXiv:1706.02515")
            .build();

    @Override
    protected Formula f(Formula x) {
        return select(x, x.times(LAMBDA), expm1(x).times(LAMBDA * ALPHA));
    }

    @Override
    public String toString() {
        return "selu";
    }
}
