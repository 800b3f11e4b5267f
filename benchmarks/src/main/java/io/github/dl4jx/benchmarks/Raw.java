package io.github.dl4jx.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one JVM measured of one case.
 *
 * @param nanos of one operation, an iteration each
 * @param peakBytes of memory that were resident in this JVM until then at most; null where the system does not tell
 */
record Raw(
        int round,
        String implementation,
        Case of,
        List<Double> nanos,
        @Nullable Long peakBytes) {}
