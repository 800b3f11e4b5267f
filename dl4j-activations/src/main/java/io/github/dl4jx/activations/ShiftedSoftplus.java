package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.softplus;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import org.nd4j.linalg.activations.IActivation;

/**
 * Softplus shifted through the origin.
 *
 * <pre>
 * f(x)  = log(1 + e^x) − ln 2 = log(½ + ½e^x)
 * f'(x) = σ(x)
 * </pre>
 *
 * Range (−ln 2, ∞), smooth, f(0) = 0; input of any shape. Schütt et al., <i>SchNet: a continuous-filter convolutional
 * neural network</i>, arXiv:1706.08566.
 */
public final class ShiftedSoftplus extends FormulaActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of(
                    "shifted-softplus", ShiftedSoftplus.class, a -> new ShiftedSoftplus())
            .aliases("shiftedsoftplus", "shifted_softplus", "ssp")
            .formula("log(1 + exp(x)) - log(2)")
            .derivative("sigmoid(x)")
            .range("(-0.693147, inf)")
            .source("Schuett et al. 2017, arXiv:1706.08566")
            .build();

    @Override
    protected Formula f(Formula x) {
        return softplus(x).minus(Math.log(2));
    }

    @Override
    public String toString() {
        return "shifted-softplus";
    }
}
