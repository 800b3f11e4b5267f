package io.github.dl4jx.examples.signal;

import java.util.List;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How often values fall into each of 30 bins from −1 to 1, as the lecture draws it; others are left out.
 *
 * @param counts a bin each
 */
record Histogram(List<Long> counts) {
    static final int BINS = 30;

    static Histogram of(INDArray values) {
        long[] counts = new long[BINS];
        for (float value : values.ravel().toFloatVector()) {
            if (Math.abs(value) <= 1) {
                counts[(int) Math.min(BINS - 1L, (long) ((value + 1) / 2 * BINS))]++;
            }
        }
        return new Histogram(LongStream.of(counts).boxed().toList());
    }

    /** Where a bin begins, and the one before it ends. */
    static double edge(int bin) {
        return 2.0 * bin / BINS - 1;
    }
}
