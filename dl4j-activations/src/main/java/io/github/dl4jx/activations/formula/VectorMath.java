package io.github.dl4jx.activations.formula;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What kernels of two operands are made of. NaN stays NaN, unless it says otherwise.
 *
 * <p>C2 stops inlining our methods, though not the JDK's, once a loop has grown to 18,000 nodes, some forty vector
 * operations, and a vector that enters or leaves a call is put on the heap. So the methods here are called early in a
 * long kernel, and end, as kernels do, in the JDK's own.
 */
public final class VectorMath {
    /** The widest vectors of this machine. */
    public static final VectorSpecies<Float> SPECIES = Lanes.FLOATS;

    /** e^−x is 0 in float from here on. */
    public static final float EXHAUSTED = (float) Precision.FLOAT.limit(Precision.Limit.EXHAUSTED);

    private static final float LOG2_E = 0x1.715476p0f;
    private static final float ROUND_SCALED = (float) Precision.FLOAT.roundScaled();
    private static final float UNSCALE = (float) (1 / Precision.FLOAT.scaled());
    private static final float MINUS_LN2_HIGH = coefficient(Precision.Polynomial.MINUS_LN2, 0);
    private static final float MINUS_LN2_LOW = coefficient(Precision.Polynomial.MINUS_LN2, 1);
    private static final float EXP_2 = coefficient(Precision.Polynomial.EXP, 0);
    private static final float EXP_3 = coefficient(Precision.Polynomial.EXP, 1);
    private static final float EXP_4 = coefficient(Precision.Polynomial.EXP, 2);
    private static final float EXP_5 = coefficient(Precision.Polynomial.EXP, 3);
    private static final float EXP_6 = coefficient(Precision.Polynomial.EXP, 4);

    private VectorMath() {}

    private static float coefficient(Precision.Polynomial polynomial, int index) {
        return (float) Precision.FLOAT.coefficients(polynomial)[index];
    }

    /** The number in every lane. C2 knows the class of this vector, and need not look up what is called on it. */
    public static FloatVector all(float number) {
        return (FloatVector) Lanes.FLOAT_CLASS.cast(broadcast(SPECIES, number));
    }

    /** {@code above} where x &gt; 0, {@code other} elsewhere, at NaN too. */
    public static FloatVector wherePositive(FloatVector x, FloatVector above, FloatVector other) {
        return other.blend(above, x.compare(GT, 0));
    }

    /** e^x for −105 ≤ x ≤ 43; 1 ulp, subnormal results included. */
    public static FloatVector exp(FloatVector x) {
        FloatVector rounded = x.fma(LOG2_E, ROUND_SCALED);
        FloatVector n = rounded.sub(ROUND_SCALED);
        FloatVector r = n.fma(broadcast(SPECIES, MINUS_LN2_LOW), n.fma(broadcast(SPECIES, MINUS_LN2_HIGH), x));
        FloatVector power = rounded.reinterpretAsInts()
                .lanewise(LSHL, Precision.FLOAT.significandBits)
                .reinterpretAsFloats();
        FloatVector p = r.fma(EXP_6, EXP_5)
                .fma(r, broadcast(SPECIES, EXP_4))
                .fma(r, broadcast(SPECIES, EXP_3))
                .fma(r, broadcast(SPECIES, EXP_2))
                .fma(r, broadcast(SPECIES, 1))
                .fma(r, broadcast(SPECIES, 1));
        return p.mul(power).mul(UNSCALE); // scaled by 2^64, so that it is rounded once, even where it is subnormal
    }
}
