package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * LeCun initialisation: keeps the variance of a linear unit, and with a gain that of any other. SELU needs the normal form.
 *
 * <pre>
 * Var(w) = gain²/fanIn
 * normal  N(0, Var(w))        uniform  ±gain·√(3/fanIn)
 * </pre>
 *
 * LeCun, Bottou, Orr and Müller, <i>Efficient BackProp</i>, 1998, section 4.6. DL4J's own {@code LECUN_UNIFORM} draws from
 * ±3/√fanIn, three times this variance.
 */
public final class LeCun extends NamedInitializer {
    private static final long serialVersionUID = 1L;

    private final Distribution distribution;
    private final double gain;

    /** As {@link #normal}. */
    public LeCun() {
        this(Distribution.NORMAL, 1);
    }

    /**
     * As the factories and {@link #withGain} make it.
     *
     * @throws IllegalArgumentException if {@code gain} is not a finite number &gt; 0, or {@code distribution} null
     */
    public LeCun(Distribution distribution, double gain) {
        this.distribution = Require.given("distribution", distribution);
        this.gain = Require.positive("gain", gain);
    }

    @JsonCreator
    static LeCun read(
            @JsonProperty("distribution") Distribution distribution, @JsonProperty("gain") @Nullable Double gain) {
        return new LeCun(distribution, gain == null ? 1 : gain); // models from before there was a gain
    }

    /** Normal: what SELU needs. */
    public static LeCun normal() {
        return new LeCun();
    }

    /** Uniform. */
    public static LeCun uniform() {
        return new LeCun(Distribution.UNIFORM, 1);
    }

    /** Normal cut at two standard deviations; the variance is still the stated one. */
    public static LeCun truncatedNormal() {
        return new LeCun(Distribution.TRUNCATED_NORMAL, 1);
    }

    /**
     * The same, scaled: {@code withGain(GainKind.SECOND_MOMENT.of(activation))} keeps that activation's second moment.
     *
     * @param gain factor of the standard deviation, a finite number &gt; 0
     * @throws IllegalArgumentException if it is not
     */
    public LeCun withGain(double gain) {
        return new LeCun(distribution, gain);
    }

    @Override
    void fill(double fanIn, double fanOut, INDArray weights) {
        distribution.fill(weights, gain / Math.sqrt(fanIn));
    }

    @Override
    public String toString() {
        return "lecun(distribution=" + Parameter.word(distribution) + ", gain=" + gain + ")";
    }
}
