package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Require;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * N(0, σ²) whatever the layer's size. A teaching case: with σ = 0.01 the signal vanishes in a deep network, with σ = 1
 * its units saturate.
 */
public final class Gaussian extends NamedInitializer {
    /** The small random numbers of early convolutional networks. */
    public static final double DEFAULT_STANDARD_DEVIATION = 0.01;

    private static final long serialVersionUID = 1L;

    private final double standardDeviation;

    /** N(0, 0.01²). */
    public Gaussian() {
        this(DEFAULT_STANDARD_DEVIATION);
    }

    /**
     * N(0, standardDeviation²).
     *
     * @param standardDeviation σ, a finite number ≥ 0
     * @throws IllegalArgumentException if it is not
     */
    @JsonCreator
    public Gaussian(@JsonProperty("standardDeviation") double standardDeviation) {
        this.standardDeviation = Require.notNegative("standardDeviation", standardDeviation);
    }

    @Override
    void fill(double fanIn, double fanOut, INDArray weights) {
        Distribution.NORMAL.fill(weights, standardDeviation);
    }

    @Override
    public String toString() {
        return "gaussian(std=" + standardDeviation + ")";
    }
}
