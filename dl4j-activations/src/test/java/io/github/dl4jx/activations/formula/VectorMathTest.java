package io.github.dl4jx.activations.formula;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/** The stated error bound, over every float exponent of the domain. */
class VectorMathTest {
    private static final int SAMPLES = 1 << 13;

    @Test
    void exp() {
        assertBound("exp", VectorMath::exp, Math::exp, -105, 43, 1);
    }

    @Test
    void selection() {
        for (float x :
                new float[] {-0f, 0, 1, -1, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e-45f, Float.NaN}) {
            FloatVector y = FloatVector.broadcast(VectorMath.SPECIES, x);
            float chosen = VectorMath.wherePositive(y, VectorMath.all(2), VectorMath.all(3))
                    .lane(0);
            assertThat(chosen).as("at %s", x).isEqualTo(x > 0 ? 2 : 3);
        }
    }

    private static void assertBound(
            String name,
            UnaryOperator<FloatVector> function,
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
}
