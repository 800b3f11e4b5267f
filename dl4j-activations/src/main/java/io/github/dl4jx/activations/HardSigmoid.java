package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.clamp;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import org.nd4j.linalg.activations.IActivation;

/**
 * Hard sigmoid, as in MobileNetV3. DL4J's own of this name is another function, 0.2x + 0.5 cut at 0 and 1.
 *
 * <pre>
 * f(x)  = relu6(x + 3)/6
 * f'(x) = 1/6 for −3 &lt; x &lt; 3, else 0      0 at both kinks
 * </pre>
 *
 * Range [0, 1]; input of any shape. Howard et al., <i>Searching for MobileNetV3</i>, arXiv:1905.02244.
 */
public final class HardSigmoid extends FormulaActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of(
                    "hard-sigmoid", HardSigmoid.class, a -> new HardSigmoid())
            .aliases("hardsigmoid", "hard_sigmoid")
            .formula("relu6(x + 3)/6")
            .derivative("1/6 for -3 < x < 3, else 0; 0 at -3 and 3")
            .range("[0, 1]")
            .kinks(-3, 3)
            .source("Howard et al. 2019, arXiv:1905.02244")
            .build();

    @Override
    protected Formula f(Formula x) {
        return clamp(x, -3, 3).plus(3).over(6);
    }

    @Override
    public String toString() {
        return "hard-sigmoid";
    }
}
