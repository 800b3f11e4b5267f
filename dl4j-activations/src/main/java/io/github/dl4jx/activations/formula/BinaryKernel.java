package io.github.dl4jx.activations.formula;

import jdk.incubator.vector.FloatVector;

/**
 * A function of two operands on the lanes of vectors. The class of each, a lambda's too, gets a compiled loop of its
 * own; where one may be touched, {@link Kernel} says.
 */
@FunctionalInterface
public interface BinaryKernel {
    /** k(x, p). */
    FloatVector of(FloatVector x, FloatVector p);
}
