package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Require;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * All weights equal. A teaching case: every unit of a layer computes the same, gets the same update, and stays the same
 * for ever.
 */
public final class Constant extends NamedInitializer {
    private static final long serialVersionUID = 1L;

    private final double value;

    /** w = 0. */
    public Constant() {
        this(0);
    }

    /**
     * w = value.
     *
     * @param value a finite number
     * @throws IllegalArgumentException if it is not
     */
    @JsonCreator
    public Constant(@JsonProperty("value") double value) {
        this.value = Require.finite("value", value);
    }

    @Override
    void fill(double fanIn, double fanOut, INDArray weights) {
        weights.assign(value);
    }

    @Override
    public String toString() {
        return "constant(value=" + value + ")";
    }
}
