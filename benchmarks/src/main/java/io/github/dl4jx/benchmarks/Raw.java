package io.github.dl4jx.benchmarks;

import java.util.List;

/**
 * What one JVM measured of one case.
 *
 * @param nanos of one operation, an iteration each
 */
record Raw(int round, String implementation, Case of, List<Double> nanos) {}
