package io.github.dl4jx.activations.kernel;

import jdk.incubator.vector.FloatVector;

/**
 * The template of all loops; {@link Loops} makes a class of its own from it for each class of kernels. A loaded vector is
 * cast to the machine's vector class: with it C2 knows the class of all that is computed from it, and needs no profile.
 */
final class VectorLoop implements Loop {
    private static final Class<?> VECTOR = VectorMath.SPECIES.vectorType();
    private static final int LANES = VectorMath.SPECIES.length();

    @Override
    public void forward(Kernel kernel, Object x, int from, int to) throws Throwable {
        for (int i = from; i < to; i += LANES) {
            FloatVector v = (FloatVector) VECTOR.cast((FloatVector) VectorMemory.LOAD.invokeExact(x, i * Float.BYTES));
            VectorMemory.STORE.invokeExact(kernel.value(v), x, i * Float.BYTES);
        }
    }

    @Override
    public void backward(Kernel kernel, Object x, Object g, int from, int to) throws Throwable {
        for (int i = from; i < to; i += LANES) {
            FloatVector v = (FloatVector) VECTOR.cast((FloatVector) VectorMemory.LOAD.invokeExact(x, i * Float.BYTES));
            FloatVector w = (FloatVector) VECTOR.cast((FloatVector) VectorMemory.LOAD.invokeExact(g, i * Float.BYTES));
            VectorMemory.STORE.invokeExact(kernel.slope(v).mul(w), x, i * Float.BYTES);
        }
    }

    @Override
    public void forward(Kernel kernel, float[] x, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = (FloatVector) VECTOR.cast(FloatVector.fromArray(VectorMath.SPECIES, x, i));
            kernel.value(v).intoArray(x, i);
        }
    }

    @Override
    public void backward(Kernel kernel, float[] x, float[] g, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = (FloatVector) VECTOR.cast(FloatVector.fromArray(VectorMath.SPECIES, x, i));
            FloatVector w = (FloatVector) VECTOR.cast(FloatVector.fromArray(VectorMath.SPECIES, g, i));
            kernel.slope(v).mul(w).intoArray(x, i);
        }
    }
}
