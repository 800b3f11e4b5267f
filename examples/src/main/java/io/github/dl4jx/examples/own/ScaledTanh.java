package io.github.dl4jx.examples.own;

import static io.github.dl4jx.activations.formula.Formula.tanh;

import io.github.dl4jx.activations.FormulaActivation;
import io.github.dl4jx.activations.formula.Formula;

/**
 * An activation of one's own, to copy: one formula.
 *
 * <pre>
 * f(x)  = 1.7159·tanh(⅔x)
 * f'(x) = 1.7159·⅔·(1 − tanh²(⅔x))
 * </pre>
 *
 * Range (−1.7159, 1.7159), f(±1) = ±1. LeCun, Bottou, Orr and Müller, <i>Efficient BackProp</i>, 1998, section 4.4.
 */
public final class ScaledTanh extends FormulaActivation {
    private static final long serialVersionUID = 1L;

    @Override
    protected Formula f(Formula x) {
        return tanh(x.times(2.0 / 3)).times(1.7159);
    }
}
