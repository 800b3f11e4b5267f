package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Xavier (Glorot) initialisation, for units that are nearly linear around 0: sigmoid, tanh, softmax.
 *
 * <pre>
 * Var(w) = gain²·2/(fanIn + fanOut)
 * uniform  ±gain·√(6/(fanIn + fanOut))        normal  N(0, Var(w))
 * </pre>
 *
 * Glorot and Bengio, <i>Understanding the difficulty of training deep feedforward neural networks</i>, AISTATS 2010,
 * equation 16.
 */
public final class Xavier extends NamedInitializer {
    private static final long serialVersionUID = 1L;

    private final Distribution distribution;
    private final double gain;

    /** As {@link #uniform}. */
    public Xavier() {
        this(Distribution.UNIFORM, 1);
    }

    /**
     * As the factories and {@link #withGain} make it.
     *
     * @throws IllegalArgumentException if {@code gain} is not a finite number &gt; 0, or {@code distribution} null
     */
    @JsonCreator
    public Xavier(@JsonProperty("distribution") Distribution distribution, @JsonProperty("gain") double gain) {
        this.distribution = Require.given("distribution", distribution);
        this.gain = Require.positive("gain", gain);
    }

    /** Uniform: the paper's choice. */
    public static Xavier uniform() {
        return new Xavier();
    }

    /** Normal; what DL4J calls {@code XAVIER}. */
    public static Xavier normal() {
        return new Xavier(Distribution.NORMAL, 1);
    }

    /** Normal cut at two standard deviations; the variance is still the stated one. */
    public static Xavier truncatedNormal() {
        return new Xavier(Distribution.TRUNCATED_NORMAL, 1);
    }

    /**
     * The same, scaled.
     *
     * @param gain factor of the standard deviation, a finite number &gt; 0
     * @throws IllegalArgumentException if it is not
     */
    public Xavier withGain(double gain) {
        return new Xavier(distribution, gain);
    }

    @Override
    void fill(double fanIn, double fanOut, INDArray weights) {
        distribution.fill(weights, gain / Math.sqrt(Fan.AVERAGE.of(fanIn, fanOut)));
    }

    @Override
    public String toString() {
        return "xavier(distribution=" + Parameter.word(distribution) + ", gain=" + gain + ")";
    }
}
