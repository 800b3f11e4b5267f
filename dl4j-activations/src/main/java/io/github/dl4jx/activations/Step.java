package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.abs;
import static io.github.dl4jx.activations.formula.Formula.number;
import static io.github.dl4jx.activations.formula.Formula.select;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The Heaviside step. Its derivative is 0, so nothing below it learns; the straight-through estimator passes the
 * gradient on as if the step were the identity where |x| ≤ 1.
 *
 * <pre>
 * f(x)  = 1 for x ≥ 0, else 0               1 at the kink
 * f'(x) = 0, or with {@link Gradient#STRAIGHT_THROUGH} 1 for |x| ≤ 1, else 0
 * </pre>
 *
 * Range {0, 1}; input of any shape. McCulloch and Pitts, <i>A logical calculus of the ideas immanent in nervous
 * activity</i>, 1943; Bengio, Léonard and Courville, <i>Estimating or propagating gradients through stochastic
 * neurons</i>, arXiv:1308.3432.
 */
public final class Step extends FormulaActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of(
                    "step", Step.class, a -> new Step(a.choice("gradient", Gradient.class)))
            .aliases("heaviside")
            .parameter(Parameter.choice("gradient", Gradient.ZERO))
            .formula("1 for x >= 0, else 0")
            .derivative("0; straight_through: 1 for |x| <= 1, else 0")
            .range("{0, 1}")
            .kinks(0)
            .source("McCulloch and Pitts 1943; Bengio et al. 2013, arXiv:1308.3432")
            .build();

    /** What backpropagation takes for the derivative. */
    public enum Gradient {
        /** The derivative itself. */
        ZERO,
        /** 1 for |x| ≤ 1, else 0. */
        STRAIGHT_THROUGH
    }

    private final Gradient gradient;

    /** With the true gradient, 0. */
    public Step() {
        this(Gradient.ZERO);
    }

    /**
     * @param gradient what backpropagation takes for the derivative
     */
    @JsonCreator
    public Step(@JsonProperty("gradient") Gradient gradient) {
        this.gradient = Require.given("gradient", gradient);
    }

    /** What backpropagation takes for the derivative. */
    public Gradient getGradient() {
        return gradient;
    }

    @Override
    protected Formula f(Formula x) {
        return select(x.negate(), number(0), number(1));
    }

    @Override
    protected Formula slope(Formula x) {
        return gradient == Gradient.ZERO ? number(0) : select(abs(x).minus(1), number(0), number(1));
    }

    @Override
    public String toString() {
        return "step(gradient=" + Parameter.word(gradient) + ")";
    }
}
