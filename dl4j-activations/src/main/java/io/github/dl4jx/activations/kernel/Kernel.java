package io.github.dl4jx.activations.kernel;

import jdk.incubator.vector.FloatVector;

/**
 * A function and its derivative on the lanes of a vector: what a fused loop does between load and store. The value at
 * NaN is NaN. A class of its own for each function, since each gets a compiled loop of its own; parameters are fields.
 *
 * <p>Only code that {@link Fused#serves} has let through may touch an implementation: without the module {@code
 * jdk.incubator.vector} it cannot be linked.
 */
public interface Kernel {
    /** f(x). */
    FloatVector value(FloatVector x);

    /** f′(x). */
    FloatVector slope(FloatVector x);
}
