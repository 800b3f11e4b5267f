package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * He (Kaiming) initialisation, for rectifiers: half of the variance is lost where a rectifier cuts, so the weights have
 * twice as much.
 *
 * <pre>
 * Var(w) = 2/((1 + a²)·fan)
 * normal  N(0, Var(w))        uniform  ±√(6/((1 + a²)·fan))
 * </pre>
 *
 * a is the rectifier's slope for negative inputs, 0 for ReLU. He et al., <i>Delving deep into rectifiers</i>,
 * arXiv:1502.01852.
 *
 * <pre>{@code
 * new ConvolutionLayer.Builder(3, 3).weightInit(He.normal().withNegativeSlope(0.01))
 * }</pre>
 */
public final class He extends NamedInitializer {
    private static final long serialVersionUID = 1L;

    private final Distribution distribution;
    private final Fan fan;
    private final double negativeSlope;

    /** As {@link #normal}. */
    public He() {
        this(Distribution.NORMAL, Fan.IN, 0);
    }

    /**
     * As the factories and the {@code with} methods make it.
     *
     * @throws IllegalArgumentException if {@code negativeSlope} is not a finite number ≥ 0, or another argument null
     */
    @JsonCreator
    public He(
            @JsonProperty("distribution") Distribution distribution,
            @JsonProperty("fan") Fan fan,
            @JsonProperty("negativeSlope") double negativeSlope) {
        this.distribution = Require.given("distribution", distribution);
        this.fan = Require.given("fan", fan);
        this.negativeSlope = Require.notNegative("negativeSlope", negativeSlope);
    }

    /** Normal, by fan-in, for ReLU: the paper's choice. */
    public static He normal() {
        return new He();
    }

    /** Uniform, by fan-in, for ReLU. */
    public static He uniform() {
        return new He(Distribution.UNIFORM, Fan.IN, 0);
    }

    /** Normal cut at two standard deviations, by fan-in, for ReLU; the variance is still the stated one. */
    public static He truncatedNormal() {
        return new He(Distribution.TRUNCATED_NORMAL, Fan.IN, 0);
    }

    /** The same by another fan. */
    public He withFan(Fan fan) {
        return new He(distribution, fan, negativeSlope);
    }

    /**
     * The same for a leaky rectifier.
     *
     * @param negativeSlope a, a finite number ≥ 0
     * @throws IllegalArgumentException if it is not
     */
    public He withNegativeSlope(double negativeSlope) {
        return new He(distribution, fan, negativeSlope);
    }

    @Override
    void fill(double fanIn, double fanOut, INDArray weights) {
        distribution.fill(weights, Math.sqrt(2 / ((1 + negativeSlope * negativeSlope) * fan.of(fanIn, fanOut))));
    }

    @Override
    public String toString() {
        return "he(distribution=" + Parameter.word(distribution) + ", fan=" + Parameter.word(fan) + ", slope="
                + negativeSlope + ")";
    }
}
