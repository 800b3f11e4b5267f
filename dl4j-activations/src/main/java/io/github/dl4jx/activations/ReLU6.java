package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.clamp;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import org.nd4j.linalg.activations.IActivation;

/**
 * ReLU that saturates at 6.
 *
 * <pre>
 * f(x)  = min(max(0, x), 6)
 * f'(x) = 1 for 0 &lt; x &lt; 6, else 0      0 at both kinks
 * </pre>
 *
 * Range [0, 6]; input of any shape. Krizhevsky, <i>Convolutional deep belief networks on CIFAR-10</i>, 2010.
 */
public final class ReLU6 extends FormulaActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("relu6", ReLU6.class, a -> new ReLU6())
            .formula("min(max(0, x), 6)")
            .derivative("1 for 0 < x < 6, else 0; 0 at 0 and 6")
            .range("[0, 6]")
            .kinks(0, 6)
            .source("Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10")
            .build();

    @Override
    protected Formula f(Formula x) {
        return clamp(x, 0, 6);
    }

    @Override
    public String toString() {
        return "relu6";
    }
}
