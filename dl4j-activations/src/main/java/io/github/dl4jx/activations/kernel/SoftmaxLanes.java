package io.github.dl4jx.activations.kernel;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;

/**
 * The reductions of {@link FusedSoftmax}, over rows of whole vectors. Sums are compensated (Kahan), so that they are as
 * good as if they were in double.
 */
final class SoftmaxLanes {
    static final int LANES = VectorMath.SPECIES.length();

    private static final Class<?> VECTOR = VectorMath.SPECIES.vectorType();

    private SoftmaxLanes() {}

    /** The largest of s; NaN if one is. */
    static float largest(float[] s, int from, int to) {
        FloatVector largest = load(s, from);
        for (int i = from + LANES; i < to; i += LANES) {
            largest = largest.max(load(s, i));
        }
        return largest.reduceLanes(MAX);
    }

    /**
     * e^(s − largest), into s.
     *
     * @return their sum
     */
    static float exponentials(float[] s, int from, int to, float largest) {
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

    /** Σ s·g. */
    static float dot(float[] s, float[] g, int from, int to) {
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
