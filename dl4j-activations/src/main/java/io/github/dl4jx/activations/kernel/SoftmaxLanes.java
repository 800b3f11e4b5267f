package io.github.dl4jx.activations.kernel;

import static java.lang.invoke.MethodType.methodType;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/**
 * The reductions of {@link FusedSoftmax}, over rows of whole vectors. Sums are compensated (Kahan), so that they are as
 * good as if they were in double. C2 must not inline these loops into one caller, as {@link BinaryCalls} tells: hence
 * the method handles.
 */
final class SoftmaxLanes {
    static final int LANES = VectorMath.SPECIES.length();

    /** The only one: a method handle that is called often has a class of its own made for it. */
    static final SoftmaxLanes INSTANCE = new SoftmaxLanes();

    private static final Class<?> VECTOR = VectorMath.SPECIES.vectorType();

    private final MethodHandle largest = find("largestIn", float[].class, int.class, int.class);
    private final MethodHandle exponentials = find("exponentialsIn", float[].class, int.class, int.class, float.class);
    private final MethodHandle dot = find("dotIn", float[].class, float[].class, int.class, int.class);

    private SoftmaxLanes() {}

    private static MethodHandle find(String name, Class<?>... parameters) {
        try {
            return MethodHandles.lookup().findStatic(SoftmaxLanes.class, name, methodType(float.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    /** The largest of s; NaN if one is. */
    float largest(float[] s, int from, int to) throws Throwable {
        return (float) largest.invokeExact(s, from, to);
    }

    /**
     * e^(s − largest), into s.
     *
     * @return their sum
     */
    float exponentials(float[] s, int from, int to, float largest) throws Throwable {
        return (float) exponentials.invokeExact(s, from, to, largest);
    }

    /** Σ s·g. */
    float dot(float[] s, float[] g, int from, int to) throws Throwable {
        return (float) dot.invokeExact(s, g, from, to);
    }

    private static float largestIn(float[] s, int from, int to) {
        FloatVector largest = load(s, from);
        for (int i = from + LANES; i < to; i += LANES) {
            largest = largest.max(load(s, i));
        }
        return largest.reduceLanes(MAX);
    }

    private static float exponentialsIn(float[] s, int from, int to, float largest) {
        FloatVector sum = VectorMath.all(0);
        FloatVector lost = VectorMath.all(0);
        for (int i = from; i < to; i += LANES) {
            FloatVector below = VectorMath.magnitude(load(s, i).sub(largest), VectorMath.EXHAUSTED);
            FloatVector e = VectorMath.exp(below.neg());
            e.intoArray(s, i);
            FloatVector term = e.sub(lost);
            FloatVector next = sum.add(term);
            lost = next.sub(sum).sub(term);
            sum = next;
        }
        return sum.reduceLanes(ADD);
    }

    private static float dotIn(float[] s, float[] g, int from, int to) {
        FloatVector sum = VectorMath.all(0);
        FloatVector lost = VectorMath.all(0);
        for (int i = from; i < to; i += LANES) {
            FloatVector term = load(s, i).mul(load(g, i)).sub(lost);
            FloatVector next = sum.add(term);
            lost = next.sub(sum).sub(term);
            sum = next;
        }
        return sum.reduceLanes(ADD);
    }

    private static FloatVector load(float[] memory, int at) {
        return (FloatVector) VECTOR.cast(FloatVector.fromArray(VectorMath.SPECIES, memory, at));
    }
}
