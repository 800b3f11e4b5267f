/** PyTorch's CPU operators through DJL, for the benchmarks to compare with. */
@NullMarked
package io.github.dl4jx.benchmarks.pytorch;

import org.jspecify.annotations.NullMarked;
