package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Parameter;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * LeCun initialisation: keeps the variance of a linear unit. SELU needs the normal form.
 *
 * <pre>
 * Var(w) = 1/fanIn
 * normal  N(0, 1/fanIn)        uniform  ±√(3/fanIn)
 * </pre>
 *
 * LeCun, Bottou, Orr and Müller, <i>Efficient BackProp</i>, 1998, section 4.6. DL4J's own {@code LECUN_UNIFORM} draws from
 * ±3/√fanIn, three times this variance.
 */
public final class LeCun extends NamedInitializer {
    private static final long serialVersionUID = 1L;

    private final Distribution distribution;

    /** As the factories make it. */
    @JsonCreator
    public LeCun(@JsonProperty("distribution") Distribution distribution) {
        this.distribution = distribution;
    }

    /** Normal: what SELU needs. */
    public static LeCun normal() {
        return new LeCun(Distribution.NORMAL);
    }

    /** Uniform. */
    public static LeCun uniform() {
        return new LeCun(Distribution.UNIFORM);
    }

    /** Normal cut at two standard deviations; the variance is still the stated one. */
    public static LeCun truncatedNormal() {
        return new LeCun(Distribution.TRUNCATED_NORMAL);
    }

    @Override
    void fill(double fanIn, double fanOut, INDArray weights) {
        distribution.fill(weights, 1 / Math.sqrt(fanIn));
    }

    @Override
    public String toString() {
        return "lecun(distribution=" + Parameter.word(distribution) + ")";
    }
}
