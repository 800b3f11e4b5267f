package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.abs;
import static io.github.dl4jx.activations.formula.Formula.min;
import static io.github.dl4jx.activations.formula.Formula.number;
import static io.github.dl4jx.activations.formula.Formula.select;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import org.nd4j.linalg.activations.IActivation;

/**
 * Softsign: like tanh, with tails that approach ±1 as 1/x instead of exponentially.
 *
 * <pre>
 * f(x)  = x/(1 + |x|)
 * f'(x) = 1/(1 + |x|)²
 * </pre>
 *
 * Range (−1, 1); input of any shape. Bergstra, Desjardins, Lamblin and Bengio, <i>Quadratic polynomials learn better
 * image features</i>, Technical Report 1337, Université de Montréal, 2009.
 */
public final class Softsign extends FormulaActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("softsign", Softsign.class, a -> new Softsign())
            .formula("x/(1 + |x|)")
            .derivative("1/(1 + |x|)^2")
            .range("(-1, 1)")
            .source("Bergstra et al. 2009, Universite de Montreal TR 1337")
            .build();

    @Override
    protected Formula f(Formula x) {
        Formula size = min(abs(x), Float.MAX_VALUE); // ∞/∞ would be NaN
        Formula y = size.over(size.plus(1));
        return select(x, y, y.negate());
    }

    @Override
    protected Formula slope(Formula x) {
        return number(1).over(abs(x).plus(1)).square();
    }

    @Override
    public String toString() {
        return "softsign";
    }
}
