package io.github.dl4jx.activations.formula;

import static io.github.dl4jx.activations.formula.Formula.X;
import static io.github.dl4jx.activations.formula.Formula.clamp;
import static io.github.dl4jx.activations.formula.Formula.max;
import static io.github.dl4jx.activations.formula.Formula.number;
import static io.github.dl4jx.activations.formula.Formula.select;
import static io.github.dl4jx.activations.formula.Formula.sigmoid;
import static io.github.dl4jx.activations.formula.Formula.tanh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine computes what the formula says. */
class EnginesTest {
    private static final int COUNT = 256;

    static Stream<Arguments> engines() {
        List<Arguments> all = new ArrayList<>();
        for (Engine engine : Engine.values()) {
            for (Precision precision : Precision.values()) {
                all.add(Arguments.of(engine, precision));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void samplesAndTheirGradients(Engine engine, Precision precision) {
        Samples.all().forEach(f -> check(f, engine, precision));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void randomFormulasAndTheirGradients(Engine engine, Precision precision) {
        if (engine == Engine.ND4J) {
            return; // its operations are not ours to test
        }
        for (int seed = 0; seed < 40; seed++) {
            check(Samples.random(new Random(seed), 1 + seed % 30), engine, precision);
        }
    }

    private static void check(Formula f, Engine engine, Precision precision) {
        Random random = new Random(1);
        double[] x = new double[COUNT];
        double[] g = new double[COUNT];
        for (int i = 0; i < COUNT; i++) {
            x[i] = held(precision, random.nextGaussian() * (i % 4 == 0 ? 20 : 2));
            g[i] = held(precision, random.nextGaussian());
        }
        x[0] = 0;
        double ulps = engine == Engine.ND4J ? 64 : 4; // its operations are not ours to test
        compare(f, new Oracle(f, precision, ulps), engine.run(f, precision, x), x, g);
        Formula slope = f.derivative();
        Oracle gradient = new Oracle(slope.timesUpstream(), precision, ulps);
        compare(slope, gradient, engine.run(slope, precision, x, g), x, g);
    }

    private static double held(Precision precision, double number) {
        return precision == Precision.FLOAT ? (float) number : number;
    }

    private static void compare(Formula f, Oracle oracle, double[] y, double[] x, double[] g) {
        for (int i = 0; i < y.length; i++) {
            String objection = oracle.objection(y[i], x[i], g[i]);
            if (!objection.isEmpty()) {
                throw new AssertionError(f + ": " + objection);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void nanStaysNan(Engine engine, Precision precision) {
        double[] x = new double[COUNT];
        Arrays.fill(x, 1);
        x[17] = Double.NaN;
        x[18] = -Double.NaN;
        Stream<Formula> shut = Stream.of(select(X.negate(), number(0), number(1)), clamp(X, 0, 6), max(X, 1));
        Stream.concat(Samples.all(), shut).forEach(f -> {
            double[] y = engine.run(f, precision, x);
            assertThat(y[17]).as("%s", f).isNaN();
            assertThat(y[16]).as("%s", f).isFinite();
            assertThat(y[19]).as("%s", f).isFinite();
        });
    }

    /** Nothing of an upstream gradient enters where the derivative is the number 0. */
    @ParameterizedTest
    @MethodSource("engines")
    void whatIsShutStaysShut(Engine engine, Precision precision) {
        double[] x = new double[COUNT];
        double[] g = new double[COUNT];
        for (int i = 0; i < COUNT; i++) {
            x[i] = i % 2 == 0 ? -7 : 2;
            g[i] = new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}[i / 2 % 3];
        }
        for (Formula f :
                List.of(max(X, 0), clamp(X, 0, 6), clamp(X, -3, 3).plus(3).over(6), tanh(max(X, 0)))) {
            double[] y = engine.run(f.derivative(), precision, x, g);
            for (int i = 0; i < COUNT; i++) {
                boolean isShut = x[i] < 0;
                assertThat(y[i] == 0)
                        .as("%s at %s for %s: %s", f, x[i], g[i], y[i])
                        .isEqualTo(isShut);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void infinitiesReachTheLimits(Engine engine, Precision precision) {
        double[] x = new double[COUNT];
        double[] ones = new double[COUNT];
        Arrays.fill(ones, 1);
        x[0] = Double.NEGATIVE_INFINITY;
        x[1] = Double.POSITIVE_INFINITY;
        for (Formula gate : List.of(sigmoid(X), Formula.normalCdf(X), tanh(Formula.softplus(X)))) {
            Formula f = X.times(gate);
            double[] y = engine.run(f, precision, x);
            double[] slope = engine.run(f.derivative(), precision, x, ones);
            assertThat(Math.abs(y[0])).as("%s", f).isLessThan(1e-30);
            assertThat(y[1]).as("%s", f).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(Math.abs(slope[0])).as("%s", f).isLessThan(1e-30);
            assertThat(slope[1]).as("%s", f).isEqualTo(1, offset(1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void partsAreTheWholeToTheLastBit(Precision precision) {
        double[] x = new Random(2).doubles(COUNT, -9, 9).toArray();
        Samples.all().forEach(f -> assertThat(
                        Arrays.equals(Engine.PARTS.run(f, precision, x), Engine.MEMORY.run(f, precision, x)))
                .as("%s", f)
                .isTrue());
    }
}
