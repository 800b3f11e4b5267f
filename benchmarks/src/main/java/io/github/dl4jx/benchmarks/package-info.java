/** JMH benchmarks; their kept results lie in {@code benchmarks/results}. */
@NullMarked
package io.github.dl4jx.benchmarks;

import org.jspecify.annotations.NullMarked;
