package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Require;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** U(−ε, ε) whatever the layer's size. A teaching case like {@link Gaussian}; the variance is ε²/3. */
public final class Uniform extends NamedInitializer {
    /** A common choice for small layers. */
    public static final double DEFAULT_LIMIT = 0.05;

    private static final long serialVersionUID = 1L;

    private final double limit;

    /** U(−0.05, 0.05). */
    public Uniform() {
        this(DEFAULT_LIMIT);
    }

    /**
     * U(−limit, limit).
     *
     * @param limit ε, a finite number ≥ 0
     * @throws IllegalArgumentException if it is not
     */
    @JsonCreator
    public Uniform(@JsonProperty("limit") double limit) {
        this.limit = Require.notNegative("limit", limit);
    }

    @Override
    void fill(double fanIn, double fanOut, INDArray weights) {
        Distribution.fillUniform(weights, limit);
    }

    @Override
    public String toString() {
        return "uniform(limit=" + limit + ")";
    }
}
