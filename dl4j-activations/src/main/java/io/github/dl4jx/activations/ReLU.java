package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.max;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import org.nd4j.linalg.activations.IActivation;

/**
 * Rectified linear unit.
 *
 * <pre>
 * f(x)  = max(0, x)
 * f'(x) = 1 for x &gt; 0, else 0        0 at the kink
 * </pre>
 *
 * Range [0, ∞); input of any shape. Nair and Hinton, <i>Rectified linear units improve restricted Boltzmann
 * machines</i>, ICML 2010.
 */
public final class ReLU extends FormulaActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("relu", ReLU.class, a -> new ReLU())
            .formula("max(0, x)")
            .derivative("1 for x > 0, else 0; 0 at 0")
            .range("[0, inf)")
            .kinks(0)
            .source("Nair and Hinton 2010, ICML")
            .build();

    @Override
    protected Formula f(Formula x) {
        return max(x, 0);
    }

    @Override
    public String toString() {
        return "relu";
    }
}
