package io.github.dl4jx.activations.formula;

import static io.github.dl4jx.activations.formula.Formula.X;
import static io.github.dl4jx.activations.formula.Formula.erf;
import static io.github.dl4jx.activations.formula.Formula.exp;
import static io.github.dl4jx.activations.formula.Formula.expm1;
import static io.github.dl4jx.activations.formula.Formula.gaussian;
import static io.github.dl4jx.activations.formula.Formula.log1p;
import static io.github.dl4jx.activations.formula.Formula.min;
import static io.github.dl4jx.activations.formula.Formula.normalCdf;
import static io.github.dl4jx.activations.formula.Formula.sigmoid;
import static io.github.dl4jx.activations.formula.Formula.softplus;
import static io.github.dl4jx.activations.formula.Formula.tanh;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The error of each elementary function relative to its result, over every exponent of its domain. */
class PrimitivesTest {
    private static final int COUNT = 1024;

    /** A function, where it is tested, and the units in the last place that it may err, in float and in double. */
    private record Primitive(Formula f, double low, double high, double ulps, double inDouble) {}

    private static final List<Primitive> ALL = List.of(
            new Primitive(exp(min(X, 0)), -87, 0, 1, 1.5),
            new Primitive(exp(X), -87, 88, 2.5, 3),
            new Primitive(expm1(min(X, 0)), -87, 0, 1.5, 2),
            new Primitive(expm1(X), -87, 88, 4, 4),
            new Primitive(log1p(min(Formula.abs(X), 1)), 0, 1, 2, 3),
            new Primitive(gaussian(X), -13, 13, 1.5, 3),
            new Primitive(normalCdf(X), -13, 13, 5, 16),
            new Primitive(sigmoid(X), -87, 87, 3, 4),
            new Primitive(tanh(X), -20, 20, 3, 4),
            new Primitive(softplus(X), -80, 87, 3.5, 4),
            new Primitive(erf(X), -6, 6, 4, 10),
            new Primitive(tanh(softplus(X)), -80, 87, 4, 5));

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Primitive primitive : ALL) {
            for (Engine engine : List.of(Engine.HEAP, Engine.LOOPS)) {
                cases.add(Arguments.of(primitive, engine, Precision.FLOAT));
                cases.add(Arguments.of(primitive, engine, Precision.DOUBLE));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void errorsAreRelative(Primitive primitive, Engine engine, Precision precision) throws Throwable {
        ArrayLoop loop = engine.loop(primitive.f, precision, false);
        Random random = new Random(7);
        Evaluation exact = new Evaluation(primitive.f);
        double worst = 0;
        double at = 0;
        for (int round = 0; round < 8; round++) {
            double[] x = new double[COUNT];
            for (int i = 0; i < COUNT; i++) {
                double size = Math.scalb(1 + random.nextDouble(), -i % 130 + 7);
                double candidate = (i & 1) == 0 ? size : -size;
                boolean isInside = candidate >= primitive.low && candidate <= primitive.high;
                double inside = primitive.low + random.nextDouble() * (primitive.high - primitive.low);
                x[i] = isInside && i % 3 > 0 ? candidate : inside;
                x[i] = precision == Precision.FLOAT ? (float) x[i] : x[i];
            }
            double[] y = Engine.run(loop, engine, precision, x);
            for (int i = 0; i < COUNT; i++) {
                double expected = exact.at(x[i], Double.NaN);
                double unit = precision == Precision.FLOAT ? Math.ulp((float) expected) : Math.ulp(expected);
                double error = Math.abs(y[i] - expected) / unit;
                if (!(error <= worst)) {
                    worst = error;
                    at = x[i];
                }
            }
        }
        assertThat(worst)
                .as("%s at %s", primitive.f, at)
                .isLessThanOrEqualTo(precision == Precision.FLOAT ? primitive.ulps : primitive.inDouble);
    }
}
