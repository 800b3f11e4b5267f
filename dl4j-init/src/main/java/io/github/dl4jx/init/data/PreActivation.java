package io.github.dl4jx.init.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a batch makes of an affine map's units, over examples and positions: mean and variance, no estimate for others. */
final class PreActivation {
    /** Of the second moment: below it a variance is float32's rounding. */
    private static final double ROUNDING = 1e-10;

    private final double[] means;
    private final double[] variances;

    /** Of [units, samples], double. */
    PreActivation(INDArray matrix) {
        means = matrix.mean(1).toDoubleVector();
        variances = matrix.var(false, 1).toDoubleVector();
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
