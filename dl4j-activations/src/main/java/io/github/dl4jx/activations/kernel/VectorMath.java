package io.github.dl4jx.activations.kernel;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions on float lanes. The polynomials are minimax fits with float coefficients; an error bound counts
 * units in the last place of the exact result, and {@code VectorMathTest} holds it over every exponent of the domain.
 * Outside its stated domain a function returns anything. NaN stays NaN.
 *
 * <p>C2 stops inlining our methods, though not the JDK's, once a loop has grown to 18,000 nodes, some forty vector
 * operations, and a vector that enters or leaves a call is put on the heap. So the methods here are called early in a
 * long kernel, and end, as kernels do, in the JDK's own: {@code FusedTest} sees every vector that reaches the heap.
 *
 * <p>Bounds are applied by comparing and blending: that keeps NaN, and HotSpot compiles it to fewer instructions than
 * Java's maximum and minimum, which must order −0 before 0.
 */
public final class VectorMath {
    /** The widest vectors of this machine. */
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** e^x is 0 in float below this, rounded to nearest. */
    public static final float LOWEST_EXPONENT = -104;

    private static final IntVector SIGN = IntVector.broadcast(IntVector.SPECIES_PREFERRED, 0x80000000);
    private static final int SIGNIFICAND_BITS = 23;
    private static final int EXPONENT_BIAS = 127;

    /** Added to a small float, it leaves the nearest integer in the lowest bits of the significand. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final float LOG2_E = 0x1.715476p0f;
    private static final float MINUS_LN2_HIGH = -0x1.62e43p-1f;
    private static final float MINUS_LN2_LOW = 0x1.05c61p-29f;
    private static final float ROUND_SCALED = rounder(64);
    private static final float UNSCALE = 0x1p-64f;
    private static final float ROUND = rounder(0);
    private static final float MINUS_HALF = -0.5f;

    private static final float EXP_2 = 0x1.fffffep-2f;
    private static final float EXP_3 = 0x1.5554b4p-3f;
    private static final float EXP_4 = 0x1.5556f2p-5f;
    private static final float EXP_5 = 0x1.12254ap-7f;
    private static final float EXP_6 = 0x1.6b9c68p-10f;

    private static final float LOG_2 = -0x1.ffffd2p-2f;
    private static final float LOG_3 = 0x1.554ddp-2f;
    private static final float LOG_4 = -0x1.ff23e8p-3f;
    private static final float LOG_5 = 0x1.934b6ep-3f;
    private static final float LOG_6 = -0x1.3a43ep-3f;
    private static final float LOG_7 = 0x1.b4b094p-4f;
    private static final float LOG_8 = -0x1.d6b75ep-5f;
    private static final float LOG_9 = 0x1.49211cp-6f;
    private static final float LOG_10 = -0x1.af5e2p-9f;

    private static final float MILLS_0 = 0.5f;
    private static final float MILLS_1 = 0x1.c1054ap-2f;
    private static final float MILLS_2 = 0x1.779278p-3f;
    private static final float MILLS_3 = 0x1.4d48p-5f;
    private static final float MILLS_4 = 0x1.0e4248p-8f;
    private static final float MILLS_BELOW_1 = 0x1.acc4d6p0f;
    private static final float MILLS_BELOW_2 = 0x1.33fff8p0f;
    private static final float MILLS_BELOW_3 = 0x1.e12486p-2f;
    private static final float MILLS_BELOW_4 = 0x1.a1bb72p-4f;
    private static final float MILLS_BELOW_5 = 0x1.52b728p-7f;

    private VectorMath() {}

    /** max(x, low). */
    public static FloatVector atLeast(float low, FloatVector x) {
        return x.blend(low, x.compare(LT, low));
    }

    /** min(x, high). */
    public static FloatVector atMost(float high, FloatVector x) {
        return x.blend(high, x.compare(GT, high));
    }

    /** x confined to [low, high]. */
    public static FloatVector clamp(float low, float high, FloatVector x) {
        return atMost(high, atLeast(low, x));
    }

    /** max(x, 0). */
    public static FloatVector positivePart(FloatVector x) {
        return x.blend(broadcast(SPECIES, 0), x.compare(LE, broadcast(SPECIES, 0)));
    }

    /** {@code above} where x &gt; 0, {@code other} elsewhere, at NaN too. */
    public static FloatVector wherePositive(FloatVector x, FloatVector above, FloatVector other) {
        return other.blend(above, x.compare(GT, broadcast(SPECIES, 0)));
    }

    /** 1 where low &lt; x &lt; high, else 0. */
    public static FloatVector insideOf(float low, float high, FloatVector x) {
        return broadcast(SPECIES, 1)
                .blend(broadcast(SPECIES, 0), x.compare(LE, low))
                .blend(broadcast(SPECIES, 0), x.compare(GE, high));
    }

    /** {@code magnitude}, which is not negative, with the sign of x. */
    public static FloatVector copySign(FloatVector magnitude, FloatVector x) {
        return magnitude.reinterpretAsInts().or(x.reinterpretAsInts().and(SIGN)).reinterpretAsFloats();
    }

    /** e^x for −105 ≤ x ≤ 43; 1 ulp, subnormal results included. */
    public static FloatVector exp(FloatVector x) {
        FloatVector rounded = x.fma(LOG2_E, ROUND_SCALED);
        FloatVector r = remainder(x, rounded.sub(ROUND_SCALED));
        // scaled by 2^64, so that it is rounded once, even where the result is subnormal
        return expOfRemainder(r).mul(powerOf2(rounded)).mul(UNSCALE);
    }

    /**
     * 2^scale·e^x; 1 ulp.
     *
     * @param x with a result in [2^−126, 2^127]
     * @param rounder of the scale, from {@link #rounder}
     */
    public static FloatVector scaledExp(FloatVector x, float rounder) {
        FloatVector rounded = x.fma(LOG2_E, rounder);
        return expOfRemainder(remainder(x, rounded.sub(rounder))).mul(powerOf2(rounded));
    }

    /** What {@link #scaledExp} takes for 2^scale. */
    public static float rounder(int scale) {
        return ROUNDER + EXPONENT_BIAS + scale;
    }

    /** e^x − 1 for −87 ≤ x ≤ 43, relative to the result at 0 too; 1.5 ulp. */
    public static FloatVector expm1(FloatVector x) {
        FloatVector rounded = x.fma(LOG2_E, ROUND);
        FloatVector r = remainder(x, rounded.sub(ROUND));
        FloatVector power = powerOf2(rounded);
        FloatVector p = expPolynomial(r).mul(r).fma(r, r); // e^r − 1
        return p.fma(power, power.sub(1));
    }

    /** log(1 + u) for 0 ≤ u ≤ 1, relative to the result at 0 too; 2 ulp. */
    public static FloatVector log1p(FloatVector u) {
        FloatVector p = u.fma(LOG_10, LOG_9);
        p = p.fma(u, broadcast(SPECIES, LOG_8));
        p = p.fma(u, broadcast(SPECIES, LOG_7));
        p = p.fma(u, broadcast(SPECIES, LOG_6));
        p = p.fma(u, broadcast(SPECIES, LOG_5));
        p = p.fma(u, broadcast(SPECIES, LOG_4));
        p = p.fma(u, broadcast(SPECIES, LOG_3));
        p = p.fma(u, broadcast(SPECIES, LOG_2));
        return p.mul(u).fma(u, u);
    }

    /** e^(−a²/2) for 0 ≤ a ≤ 14.5; 1.5 ulp. */
    public static FloatVector gaussian(FloatVector a) {
        FloatVector square = a.mul(a);
        FloatVector lost = a.fma(a, square.neg()); // what rounding has cut off the square
        FloatVector x = square.mul(MINUS_HALF);
        FloatVector rounded = x.fma(LOG2_E, ROUND_SCALED);
        FloatVector r = remainder(x, rounded.sub(ROUND_SCALED)).add(lost.mul(MINUS_HALF));
        return expOfRemainder(r).mul(powerOf2(rounded)).mul(UNSCALE);
    }

    /** Φ(−a)/e^(−a²/2) for 0 ≤ a ≤ 14.5, where Φ is the normal distribution function; 4 ulp. */
    public static FloatVector millsRatio(FloatVector a) {
        FloatVector numerator = a.fma(MILLS_4, MILLS_3);
        numerator = numerator.fma(a, broadcast(SPECIES, MILLS_2));
        numerator = numerator.fma(a, broadcast(SPECIES, MILLS_1));
        numerator = numerator.fma(a, broadcast(SPECIES, MILLS_0));
        FloatVector denominator = a.fma(MILLS_BELOW_5, MILLS_BELOW_4);
        denominator = denominator.fma(a, broadcast(SPECIES, MILLS_BELOW_3));
        denominator = denominator.fma(a, broadcast(SPECIES, MILLS_BELOW_2));
        denominator = denominator.fma(a, broadcast(SPECIES, MILLS_BELOW_1));
        denominator = denominator.fma(a, broadcast(SPECIES, 1));
        return numerator.div(denominator);
    }

    /** x − n·ln 2. */
    private static FloatVector remainder(FloatVector x, FloatVector n) {
        return n.fma(broadcast(SPECIES, MINUS_LN2_LOW), n.fma(broadcast(SPECIES, MINUS_LN2_HIGH), x));
    }

    /** 2^n for an n rounded by {@link #rounder}: the integer, moved into the exponent's place. */
    private static FloatVector powerOf2(FloatVector rounded) {
        return rounded.reinterpretAsInts().lanewise(LSHL, SIGNIFICAND_BITS).reinterpretAsFloats();
    }

    /** e^r for |r| ≤ ½ ln 2. */
    private static FloatVector expOfRemainder(FloatVector r) {
        return expPolynomial(r).fma(r, broadcast(SPECIES, 1)).fma(r, broadcast(SPECIES, 1));
    }

    /** (e^r − 1 − r)/r². */
    private static FloatVector expPolynomial(FloatVector r) {
        return r.fma(EXP_6, EXP_5)
                .fma(r, broadcast(SPECIES, EXP_4))
                .fma(r, broadcast(SPECIES, EXP_3))
                .fma(r, broadcast(SPECIES, EXP_2));
    }
}
