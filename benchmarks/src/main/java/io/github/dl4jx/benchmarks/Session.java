package io.github.dl4jx.benchmarks;

import java.util.List;
import java.util.function.BiConsumer;

/** What a JVM is ready to measure. */
@FunctionalInterface
interface Session {
    /**
     * Measures what is asked for, or nothing if this implementation lacks it.
     *
     * @param asked one of {@link Suite#cases}
     * @param result takes the times of one operation, an iteration each, of that case, or of each of its parts
     */
    void measure(Case asked, BiConsumer<Case, List<Double>> result);
}
