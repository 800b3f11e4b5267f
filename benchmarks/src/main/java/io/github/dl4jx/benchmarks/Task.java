package io.github.dl4jx.benchmarks;

import java.util.List;

/**
 * What one JVM is to measure.
 *
 * @param suite by name
 * @param implementation by name
 * @param round from 1
 * @param quick whether to be content with rough figures
 * @param subjects activations or initialisers
 */
record Task(String suite, String implementation, int round, boolean quick, List<String> subjects) {}
