package io.github.dl4jx.activations.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;

/** The stated error bounds, over every float exponent of each domain; by vectors and, to the bit, in plain loops. */
class VectorMathTest {
    private static final int SAMPLES = 1 << 13;

    @Test
    void exp() {
        assertBound("exp", VectorMath::exp, Block::exp, Math::exp, -105, 43, 1);
    }

    @Test
    void expm1() {
        assertBound("expm1", VectorMath::expm1, Block::expm1, Math::expm1, -87, 43, 1.5);
    }

    @Test
    void log1p() {
        assertBound("log1p", VectorMath::log1p, Block::log1p, Math::log1p, 0, 1, 2);
    }

    @Test
    void gaussian() {
        assertBound("gaussian", VectorMath::gaussian, Block::gaussian, a -> Math.exp(-a * a / 2), 0, 14.5f, 1.5);
    }

    @Test
    void millsRatio() {
        assertBound(
                "Mills ratio", VectorMath::millsRatio, Block::millsRatio, VectorMathTest::exactMillsRatio, 0, 14.5f, 4);
    }

    @Test
    void boundsAndSignsAreExact() {
        float[] x = {-0f, 0, 1, -1, 3, -3, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e-45f, -1e-45f, 1e38f};
        for (float v : x) {
            assertLane(y -> VectorMath.magnitude(y, 2), v, Math.min(Math.abs(v), 2));
            assertLane(y -> VectorMath.atMost(2, y), v, v > 2 ? 2 : v);
            assertLane(y -> VectorMath.clamp(-2, 2, y), v, v < -2 ? -2 : v > 2 ? 2 : v);
            assertLane(y -> VectorMath.clamp(0, 2, y), v, v <= 0 ? 0 : v > 2 ? 2 : v);
            assertLane(VectorMath::positivePart, v, v <= 0 ? 0 : v);
            assertLane(y -> VectorMath.wherePositive(y, y.mul(2), y.mul(3)), v, v > 0 ? 2 * v : 3 * v);
            assertLane(y -> VectorMath.copySign(y.abs(), y), v, v);
            assertLane(VectorMath::oneUnlessNegative, v, Math.copySign(1, v) < 0 ? 0 : 1);
        }
    }

    @Test
    void everyNanStaysNan() {
        for (int bits : new int[] {0x7FC00000, 0xFFC00000, 0x7F800001, 0xFFFFFFFF}) {
            float nan = Float.intBitsToFloat(bits);
            assertLane(x -> VectorMath.magnitude(x, 1), nan, Float.NaN);
            assertLane(x -> VectorMath.clamp(-1, 1, x), nan, Float.NaN);
            assertLane(VectorMath::exp, nan, Float.NaN);
            assertLane(VectorMath::expm1, nan, Float.NaN);
            assertLane(VectorMath::log1p, nan, Float.NaN);
            assertLane(VectorMath::gaussian, nan, Float.NaN);
            assertLane(VectorMath::millsRatio, nan, Float.NaN);
        }
    }

    /** Φ(−a)·e^(a²/2): by the continued fraction, and near 0, where that converges slowly, by the error function. */
    private static double exactMillsRatio(double a) {
        if (a < 1.5) {
            return Erf.erfc(a / Math.sqrt(2)) / 2 * Math.exp(a * a / 2);
        }
        double fraction = a;
        for (int k = 400; k > 0; k--) {
            fraction = a + k / fraction;
        }
        return 1 / (fraction * Math.sqrt(2 * Math.PI));
    }

    private static void assertBound(
            String name,
            UnaryOperator<FloatVector> function,
            UnaryOperator<Block> inLoops,
            DoubleUnaryOperator exact,
            float low,
            float high,
            double ulps) {
        SplittableRandom random = new SplittableRandom(7);
        int lanes = VectorMath.SPECIES.length();
        float[] x = new float[lanes];
        float[] y = new float[lanes];
        double worst = 0;
        float at = 0;
        for (int exponent = 0; exponent < 255; exponent++) {
            for (int i = 0; i < SAMPLES; i += lanes) {
                for (int lane = 0; lane < lanes; lane++) {
                    int significand = i + lane == 0 ? 0 : random.nextInt(1 << 23);
                    float candidate = Float.intBitsToFloat((exponent << 23) | significand);
                    candidate = (lane & 1) == 0 ? candidate : -candidate;
                    x[lane] = candidate >= low && candidate <= high ? candidate : high;
                }
                function.apply(FloatVector.fromArray(VectorMath.SPECIES, x, 0)).intoArray(y, 0);
                Block block = Block.first(lanes);
                System.arraycopy(x, 0, block.values(), 0, lanes);
                assertThat(Arrays.copyOf(inLoops.apply(block).values(), lanes))
                        .as("%s in plain loops", name)
                        .isEqualTo(y);
                for (int lane = 0; lane < lanes; lane++) {
                    double expected = exact.applyAsDouble(x[lane]);
                    double error = Math.abs(y[lane] - expected) / Math.ulp((float) expected);
                    if (!(error <= worst)) {
                        worst = error;
                        at = x[lane];
                    }
                }
            }
        }
        System.out.println(name + ": " + worst + " ulp at " + at);
        assertThat(worst).as("%s at %s", name, at).isLessThanOrEqualTo(ulps);
    }

    private static void assertLane(UnaryOperator<FloatVector> function, float x, float expected) {
        float actual =
                function.apply(FloatVector.broadcast(VectorMath.SPECIES, x)).lane(0);
        assertThat(Float.valueOf(actual)).as("at %s", x).isEqualTo(Float.valueOf(expected));
    }
}
