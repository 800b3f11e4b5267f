package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.tanh;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import org.nd4j.linalg.activations.IActivation;

/**
 * The hyperbolic tangent.
 *
 * <pre>
 * f(x)  = tanh x = (e^x − e^−x)/(e^x + e^−x) = 2σ(2x) − 1
 * f'(x) = 1 − tanh² x = 4σ(2x)σ(−2x)
 * </pre>
 *
 * Range (−1, 1), smooth, saturates on both sides; input of any shape. LeCun, Bottou, Orr and Müller, <i>Efficient
 * BackProp</i>, 1998.
 */
public final class Tanh extends FormulaActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("tanh", Tanh.class, a -> new Tanh())
            .formula("(exp(x) - exp(-x))/(exp(x) + exp(-x))")
            .derivative("1 - tanh(x)^2")
            .range("(-1, 1)")
            .source("LeCun et al. 1998, Efficient BackProp")
            .build();

    @Override
    protected Formula f(Formula x) {
        return tanh(x);
    }

    @Override
    public String toString() {
        return "tanh";
    }
}
