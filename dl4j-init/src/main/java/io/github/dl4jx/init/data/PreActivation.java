package io.github.dl4jx.init.data;

import io.github.dl4jx.activations.formula.Views;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a batch makes of an affine map's units, over examples and positions: mean and variance, no estimate for others. */
final class PreActivation {
    /** Of the second moment: below it a variance is float32's rounding. */
    private static final double ROUNDING = 1e-10;

    private final double[] means;
    private final double[] variances;

    /**
     * Of an array whose units are on {@code axis}. Unit by unit in double: a copy of the whole would be twice as large as the
     * layer's output, and ND4J's own sums of floats are not exact enough.
     */
    PreActivation(INDArray values, int axis) {
        int units = (int) values.size(axis);
        means = new double[units];
        variances = new double[units];
        for (int unit = 0; unit < units; unit++) {
            INDArray one = Views.interval(values, axis, unit, unit + 1L);
            INDArray exact = one.castTo(DataType.DOUBLE);
            means[unit] = exact.meanNumber().doubleValue();
            variances[unit] = exact.var(false).getDouble(0);
            if (exact != one) {
                exact.close();
            }
        }
    }

    int units() {
        return means.length;
    }

    double mean(int unit) {
        return means[unit];
    }

    double variance(int unit) {
        return variances[unit];
    }

    double mean() {
        return Arrays.stream(means).average().orElseThrow();
    }

    /** Of all values together. */
    double variance() {
        double mean = mean();
        return Arrays.stream(variances).average().orElseThrow()
                + Arrays.stream(means)
                        .map(unit -> (unit - mean) * (unit - mean))
                        .average()
                        .orElseThrow();
    }

    /** Whether a unit tells one sample from another. */
    boolean varies(int unit) {
        return variances[unit] > ROUNDING * means[unit] * means[unit];
    }

    /** Whether one of the units does. */
    boolean varies() {
        return IntStream.range(0, means.length).anyMatch(this::varies);
    }

    boolean finite() {
        return Double.isFinite(variance());
    }
}
