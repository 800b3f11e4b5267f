package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.select;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Leaky rectified linear unit with a fixed negative slope α.
 *
 * <pre>
 * f(x)  = x for x &gt; 0, else αx
 * f'(x) = 1 for x &gt; 0, else α        α at the kink
 * </pre>
 *
 * Range (−∞, ∞) for α &gt; 0; input of any shape. Maas, Hannun and Ng, <i>Rectifier nonlinearities improve neural
 * network acoustic models</i>, ICML 2013.
 */
public final class LeakyReLU extends FormulaActivation {
    /** The slope of the paper. */
    public static final double DEFAULT_SLOPE = 0.01;

    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of(
                    "leakyrelu", LeakyReLU.class, a -> new LeakyReLU(a.number("slope")))
            .aliases("leaky-relu", "leaky_relu", "lrelu")
            .parameter(Parameter.number("slope", DEFAULT_SLOPE, ">= 0"))
            .formula("x for x > 0, else slope*x")
            .derivative("1 for x > 0, else slope; slope at 0")
            .range("(-inf, inf)")
            .kinks(0)
            .source("Maas et al. 2013, ICML")
            .build();

    private final double negativeSlope;

    /** α = 0.01. */
    public LeakyReLU() {
        this(DEFAULT_SLOPE);
    }

    /**
     * @param negativeSlope α, a finite number ≥ 0
     * @throws IllegalArgumentException if it is not
     */
    @JsonCreator
    public LeakyReLU(@JsonProperty("negativeSlope") double negativeSlope) {
        this.negativeSlope = Require.notNegative("negativeSlope", negativeSlope);
    }

    /** α. */
    public double getNegativeSlope() {
        return negativeSlope;
    }

    @Override
    protected Formula f(Formula x) {
        return select(x, x, x.times(negativeSlope));
    }

    @Override
    public String toString() {
        return "leakyrelu(slope=" + negativeSlope + ")";
    }
}
