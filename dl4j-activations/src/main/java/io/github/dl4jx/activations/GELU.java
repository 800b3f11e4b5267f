package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.abs;
import static io.github.dl4jx.activations.formula.Formula.max;
import static io.github.dl4jx.activations.formula.Formula.min;
import static io.github.dl4jx.activations.formula.Formula.normalCdf;
import static io.github.dl4jx.activations.formula.Formula.normalDensity;
import static io.github.dl4jx.activations.formula.Formula.number;
import static io.github.dl4jx.activations.formula.Formula.select;
import static io.github.dl4jx.activations.formula.Formula.sigmoid;
import static io.github.dl4jx.activations.formula.Formula.sigmoidSlope;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Gaussian error linear unit; Φ and φ are distribution and density of N(0, 1).
 *
 * <pre>
 * exact  f(x)  = x·Φ(x)
 *        f'(x) = Φ(x) + x·φ(x)
 * tanh   f(x)  = ½x(1 + tanh u) = x·σ(2u)                u = √(2/π)·(x + 0.044715x³)
 *        f'(x) = σ(2u) + x·σ(2u)·σ(−2u)·2u′              u′ = √(2/π)·(1 + 0.134145x²)
 * </pre>
 *
 * Range [−0.1700, ∞), smooth; the two forms differ by at most 4.8e-4; input of any shape. Hendrycks and Gimpel,
 * <i>Gaussian error linear units</i>, arXiv:1606.08415.
 */
public final class GELU extends FormulaActivation {
    private static final long serialVersionUID = 1L;
    private static final double CUBIC = 0.044715;
    private static final double LINEAR = 2 * Math.sqrt(2 / Math.PI);

    /** e^−2u is 0 from here on. */
    private static final double EXHAUSTED = 22;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of(
                    "gelu", GELU.class, a -> new GELU(a.choice("form", Form.class)))
            .parameter(Parameter.choice("form", Form.EXACT))
            .formula(
                    "x*Phi(x), Phi the normal distribution function; tanh: x*sigmoid(2u), u = sqrt(2/pi)*(x + 0.044715x^3)")
            .derivative("Phi(x) + x*phi(x), phi the normal density; tanh: s + x*s*(1 - s)*2u', s = sigmoid(2u)")
            .range("[-0.169971, inf)")
            .source("Hendrycks and Gimpel 2016, arXiv:1606.08415")
            .build();

    /** Which of the paper's formulas. */
    public enum Form {
        /** With the normal distribution function. */
        EXACT,
        /** The approximation by tanh, for models that were trained with it. */
        TANH
    }

    private final Form form;

    /** The exact form. */
    public GELU() {
        this(Form.EXACT);
    }

    /**
     * @param form which of the paper's formulas
     */
    public GELU(Form form) {
        this.form = Require.given("form", form);
    }

    @JsonCreator
    static GELU read(@JsonProperty("form") @Nullable Form form) {
        return form == null ? new GELU() : new GELU(form); // models from before there were two forms
    }

    /** Which of the paper's formulas. */
    public Form getForm() {
        return form;
    }

    /** max(x, 0) − |x|·Φ(−|x|), which keeps its digits in the tail. */
    @Override
    protected Formula f(Formula x) {
        Formula size = size(x);
        return max(x, 0)
                .minus(size.times(
                        form == Form.EXACT
                                ? normalCdf(size.negate())
                                : sigmoid(twoU(size).negate())));
    }

    @Override
    protected Formula slope(Formula x) {
        Formula below = below(size(x));
        return select(x, number(1).minus(below), below); // f′(x) = 1 − f′(−x)
    }

    private Formula size(Formula x) {
        return form == Form.EXACT ? abs(x) : min(abs(x), EXHAUSTED);
    }

    /** f′(−s) for s ≥ 0. */
    private Formula below(Formula s) {
        if (form == Form.EXACT) {
            return normalCdf(s.negate()).minus(s.times(normalDensity(s)));
        }
        Formula steepness = s.square().times(3 * CUBIC * LINEAR).plus(LINEAR); // 2u′
        return sigmoid(twoU(s).negate()).minus(s.times(steepness).times(sigmoidSlope(twoU(s))));
    }

    private static Formula twoU(Formula s) {
        return s.square().times(CUBIC * LINEAR).plus(LINEAR).times(s);
    }

    @Override
    public String toString() {
        return "gelu(form=" + Parameter.word(form) + ")";
    }
}
