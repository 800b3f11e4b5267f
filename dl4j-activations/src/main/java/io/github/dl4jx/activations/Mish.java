package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.softplus;
import static io.github.dl4jx.activations.formula.Formula.tanh;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import org.nd4j.linalg.activations.IActivation;

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
public final class Mish extends FormulaActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("mish", Mish.class, a -> new Mish())
            .formula("x*t, t = tanh(softplus(x))")
            .derivative("t + x*sigmoid(x)*(1 - t^2)")
            .range("[-0.308843, inf)")
            .source("Misra 2019, arXiv:1908.08681")
            .build();

    @Override
    protected Formula f(Formula x) {
        return x.times(tanh(softplus(x)));
    }

    @Override
    public String toString() {
        return "mish";
    }
}
