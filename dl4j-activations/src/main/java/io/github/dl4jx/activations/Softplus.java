package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.softplus;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import org.nd4j.linalg.activations.IActivation;

/**
 * Softplus, the integral of the logistic function: a smooth ReLU.
 *
 * <pre>
 * f(x)  = log(1 + e^x) = max(x, 0) + log1p(e^−|x|)
 * f'(x) = σ(x)
 * </pre>
 *
 * Range (0, ∞), smooth; the second form does not overflow; input of any shape. Dugas, Bengio, Bélisle,
 * Nadeau and Garcia, <i>Incorporating second-order functional knowledge for better option pricing</i>, NIPS 2000.
 */
public final class Softplus extends FormulaActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("softplus", Softplus.class, a -> new Softplus())
            .formula("log(1 + exp(x))")
            .derivative("sigmoid(x)")
            .range("(0, inf)")
            .source("Dugas et al. 2000, NIPS")
            .build();

    @Override
    protected Formula f(Formula x) {
        return softplus(x);
    }

    @Override
    public String toString() {
        return "softplus";
    }
}
