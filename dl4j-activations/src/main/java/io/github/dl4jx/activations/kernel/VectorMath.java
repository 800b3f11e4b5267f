package io.github.dl4jx.activations.kernel;

import static io.github.dl4jx.activations.kernel.Coefficients.EXP_2;
import static io.github.dl4jx.activations.kernel.Coefficients.EXP_3;
import static io.github.dl4jx.activations.kernel.Coefficients.EXP_4;
import static io.github.dl4jx.activations.kernel.Coefficients.EXP_5;
import static io.github.dl4jx.activations.kernel.Coefficients.EXP_6;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG2_E;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_10;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_2;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_3;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_4;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_5;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_6;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_7;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_8;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_9;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_0;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_1;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_2;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_3;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_4;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_BELOW_1;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_BELOW_2;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_BELOW_3;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_BELOW_4;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_BELOW_5;
import static io.github.dl4jx.activations.kernel.Coefficients.MINUS_HALF;
import static io.github.dl4jx.activations.kernel.Coefficients.MINUS_LN2_HIGH;
import static io.github.dl4jx.activations.kernel.Coefficients.MINUS_LN2_LOW;
import static io.github.dl4jx.activations.kernel.Coefficients.ROUND;
import static io.github.dl4jx.activations.kernel.Coefficients.ROUND_SCALED;
import static io.github.dl4jx.activations.kernel.Coefficients.SIGNIFICAND_BITS;
import static io.github.dl4jx.activations.kernel.Coefficients.UNSCALE;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions on float lanes. An error bound counts
 * units in the last place of the exact result, and {@code VectorMathTest} holds it over every exponent of the domain.
 * Outside its stated domain a function returns anything. NaN stays NaN, unless it says otherwise.
 *
 * <p>C2 stops inlining our methods, though not the JDK's, once a loop has grown to 18,000 nodes, some forty vector
 * operations, and a vector that enters or leaves a call is put on the heap. So the methods here are called early in a
 * long kernel, and end, as kernels do, in the JDK's own: {@code FusedTest} sees every vector that reaches the heap.
 *
 * <p>Comparing and blending costs JDK 17 three times what a few integer operations do, so bounds and signs are worked
 * on as the bits of the floats.
 */
public final class VectorMath {
    /** The widest vectors of this machine. */
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    private static final Class<?> VECTOR = SPECIES.vectorType();

    /** e^−x is 0 in float from here on. */
    public static final float EXHAUSTED = 104;

    private static final IntVector INFINITY = IntVector.broadcast(IntVector.SPECIES_PREFERRED, 0x7F800000);
    private static final int ONE = 0x3F800000;
    private static final int SIGN_BIT = 31;

    private VectorMath() {}

    /** The number in every lane. C2 knows the class of this vector, and need not look up what is called on it. */
    public static FloatVector all(float number) {
        return (FloatVector) VECTOR.cast(broadcast(SPECIES, number));
    }

    /** min(|x|, bound). */
    public static FloatVector magnitude(FloatVector x, float bound) {
        IntVector bits = x.abs().reinterpretAsInts();
        return bits.min(Float.floatToRawIntBits(bound)).or(nan(bits)).reinterpretAsFloats();
    }

    /** x confined to [low, high], where low ≤ 0 &lt; high. */
    public static FloatVector clamp(float low, float high, FloatVector x) {
        // A negative float's bits, but for the sign, turned round: the integers are then in the order of the floats.
        IntVector bits = x.reinterpretAsInts();
        IntVector flip = bits.lanewise(ASHR, SIGN_BIT).and(Integer.MAX_VALUE);
        int lowest = low < 0 ? Float.floatToRawIntBits(low) ^ Integer.MAX_VALUE : 0;
        IntVector confined = bits.lanewise(XOR, flip).max(lowest).min(Float.floatToRawIntBits(high));
        IntVector flipBack = confined.lanewise(ASHR, SIGN_BIT).and(Integer.MAX_VALUE);
        // not x.abs(): JDK 17 leaves a NaN its sign there, until it has compiled it
        return confined.lanewise(XOR, flipBack)
                .or(nan(bits.and(Integer.MAX_VALUE)))
                .reinterpretAsFloats();
    }

    /** min(x, high), where high ≥ 0; that or x at NaN. */
    public static FloatVector atMost(float high, FloatVector x) {
        return x.reinterpretAsInts().min(Float.floatToRawIntBits(high)).reinterpretAsFloats();
    }

    /** max(x, 0); that or 0 at NaN. */
    public static FloatVector positivePart(FloatVector x) {
        return x.reinterpretAsInts().max(0).reinterpretAsFloats();
    }

    /** 0 where x has the sign bit, 1 elsewhere, at NaN too. */
    public static FloatVector oneUnlessNegative(FloatVector x) {
        return x.reinterpretAsInts().not().lanewise(ASHR, SIGN_BIT).and(ONE).reinterpretAsFloats();
    }

    /** All bits where the bits of |x| are those of NaN, none elsewhere. */
    private static IntVector nan(IntVector magnitude) {
        return INFINITY.sub(magnitude).lanewise(ASHR, SIGN_BIT); // they exceed those of ∞: the difference is negative
    }

    /** {@code above} where x &gt; 0, {@code other} elsewhere, at NaN too. */
    public static FloatVector wherePositive(FloatVector x, FloatVector above, FloatVector other) {
        return other.blend(above, x.compare(GT, 0));
    }

    /** {@code size}, which is not negative, with the sign of x. */
    public static FloatVector copySign(FloatVector size, FloatVector x) {
        IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
        return size.reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    /** e^x for −105 ≤ x ≤ 43; 1 ulp, subnormal results included. */
    public static FloatVector exp(FloatVector x) {
        FloatVector rounded = x.fma(LOG2_E, ROUND_SCALED);
        FloatVector r = remainder(x, rounded.sub(ROUND_SCALED));
        // scaled by 2^64, so that it is rounded once, even where the result is subnormal
        return expOfRemainder(r).mul(powerOf2(rounded)).mul(UNSCALE);
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

    /** 2^n for an n rounded by ROUND: the integer, moved into the exponent's place. */
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
