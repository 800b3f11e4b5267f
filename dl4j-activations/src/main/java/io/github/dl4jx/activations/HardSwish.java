package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.clamp;
import static io.github.dl4jx.activations.formula.Formula.max;
import static io.github.dl4jx.activations.formula.Formula.number;
import static io.github.dl4jx.activations.formula.Formula.select;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import org.nd4j.linalg.activations.IActivation;

/**
 * Hard swish: swish with the sigmoid replaced by a piecewise linear one.
 *
 * <pre>
 * f(x)  = x·relu6(x + 3)/6
 * f'(x) = 0 for x ≤ −3,  (2x + 3)/6 between,  1 for x ≥ 3
 * </pre>
 *
 * Range [−0.375, ∞); input of any shape. Howard et al., <i>Searching for MobileNetV3</i>, arXiv:1905.02244.
 */
public final class HardSwish extends FormulaActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("hard-swish", HardSwish.class, a -> new HardSwish())
            .aliases("hardswish", "hard_swish", "h-swish", "hswish")
            .formula("x*relu6(x + 3)/6")
            .derivative("0 for x <= -3, 1 for x >= 3, else (2x + 3)/6")
            .range("[-0.375, inf)")
            .kinks(-3, 3)
            .source("Howard et al. 2019, arXiv:1905.02244")
            .build();

    @Override
    protected Formula f(Formula x) {
        return max(x, -3).times(clamp(x.plus(3), 0, 6)).over(6); // −∞·0 would be NaN
    }

    @Override
    protected Formula slope(Formula x) {
        return select(x.plus(3), select(number(3).minus(x), x.over(3).plus(0.5), number(1)), number(0));
    }

    @Override
    public String toString() {
        return "hard-swish";
    }
}
