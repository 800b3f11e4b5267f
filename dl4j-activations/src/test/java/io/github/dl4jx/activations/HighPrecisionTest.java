package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.conformance.Reference;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.commons.math3.dfp.Dfp;
import org.apache.commons.math3.dfp.DfpField;
import org.apache.commons.math3.dfp.DfpMath;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Golden values in 40 decimal digits, computed by textbook series from the plainest form of each formula: they judge
 * the double-precision references, which judge everything else, and the activations themselves.
 */
class HighPrecisionTest {
    private static final DfpField FIELD = new DfpField(60); // 20 digits more than are asked for
    private static final Dfp ONE = FIELD.getOne();
    private static final Dfp LAMBDA = FIELD.newDfp("1.0507009873554804934193349852946");
    private static final Dfp ALPHA = FIELD.newDfp("1.6732632423543772848170429916717");

    private static final double[] POINTS = {
        -30, -20, -12.5, -8, -6, -5, -4, -3.5, -3, -2.75, -2, -1.5, -1.19243, -1, -0.75, -0.5, -0.125, -1e-3, -1e-9, 0,
        1e-9, 1e-3, 0.125, 0.3, 0.5, 0.75, 1, 1.5, 2, 2.75, 3, 3.5, 4, 5, 6, 8, 12.5, 20, 30
    };

    private record Golden(UnaryOperator<Dfp> f, UnaryOperator<Dfp> slope) {}

    private static final Map<String, Golden> GOLDEN = Map.ofEntries(
            Map.entry("sigmoid", new Golden(x -> sigma(x), x -> sigma(x).multiply(sigma(x.negate())))),
            Map.entry("tanh", new Golden(x -> tanh(x), x -> ONE.subtract(tanh(x).multiply(tanh(x))))),
            Map.entry("softplus", new Golden(x -> softplus(x), x -> sigma(x))),
            Map.entry(
                    "shifted-softplus",
                    new Golden(x -> softplus(x).subtract(DfpMath.log(FIELD.getTwo())), x -> sigma(x))),
            Map.entry(
                    "softsign",
                    new Golden(
                            x -> x.divide(ONE.add(abs(x))),
                            x -> ONE.divide(ONE.add(abs(x)).multiply(ONE.add(abs(x)))))),
            Map.entry("elu", elu(ONE, ONE)),
            Map.entry("elu(alpha=0.5)", elu(ONE, FIELD.newDfp("0.5"))),
            Map.entry("selu", elu(LAMBDA, ALPHA)),
            Map.entry("celu(alpha=2.5)", celu(FIELD.newDfp("2.5"))),
            Map.entry("gelu", new Golden(x -> x.multiply(phi(x)), x -> phi(x).add(x.multiply(density(x))))),
            Map.entry("gelu(form=tanh)", new Golden(x -> geluTanh(x), x -> geluTanhSlope(x))),
            Map.entry("swish", swish(ONE)),
            Map.entry("swish(beta=1.5)", swish(FIELD.newDfp("1.5"))),
            Map.entry("mish", new Golden(x -> x.multiply(tanh(softplus(x))), x -> mishSlope(x))));

    static Stream<String> all() {
        return GOLDEN.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("all")
    void referenceAndActivationAgreeWithTheGoldenValues(String name) {
        Golden golden = Objects.requireNonNull(GOLDEN.get(name));
        Reference reference = References.of(name);
        IActivation activation = Activations.get(name);
        INDArray y = activation.getActivation(Nd4j.createFromArray(POINTS), true);
        INDArray slope = activation
                .backprop(Nd4j.createFromArray(POINTS), Nd4j.ones(DataType.DOUBLE, POINTS.length))
                .getFirst();
        for (int i = 0; i < POINTS.length; i++) {
            Dfp x = FIELD.newDfp(POINTS[i]);
            double f = number(golden.f().apply(x));
            double derivative = number(golden.slope().apply(x));
            assertWithinUlps(name + " reference", POINTS[i], reference.value(POINTS[i]), f, 3);
            assertWithinUlps(name + " reference slope", POINTS[i], reference.slope(POINTS[i]), derivative, 3);
            assertWithinUlps(name, POINTS[i], y.getDouble(i), f, 4 * (reference.ulps() + 1));
            assertWithinUlps(name + " slope", POINTS[i], slope.getDouble(i), derivative, 4 * (reference.ulps() + 1));
        }
    }

    /** By way of its decimal digits: Dfp's own conversion makes NaN of some numbers. */
    private static double number(Dfp x) {
        return Double.parseDouble(x.toString());
    }

    private static void assertWithinUlps(String what, double x, double actual, double golden, double ulps) {
        assertThat(Math.abs(actual - golden) / Math.ulp(Math.max(1, Math.abs(golden))))
                .as("%s at %s: %s, golden %s, in ulp", what, x, actual, golden)
                .isLessThanOrEqualTo(ulps);
    }

    /** The documented value of the derivative at each kink, and of the step itself. */
    @ParameterizedTest
    @CsvSource({
        "relu, 0, 0, 0",
        "relu6, 0, 0, 0",
        "relu6, 6, 6, 0",
        "leakyrelu, 0, 0, 0.01",
        "elu(alpha=0.5), 0, 0, 0.5",
        "selu, 0, 0, 1.7580993408473766",
        "hard-sigmoid, -3, 0, 0",
        "hard-sigmoid, 3, 1, 0",
        "hard-swish, -3, 0, 0",
        "hard-swish, 3, 3, 1",
        "step, 0, 1, 0",
        "step(gradient=straight_through), -1, 0, 1",
        "step(gradient=straight_through), 1, 1, 1",
        "celu(alpha=0.3), 0, 0, 1"
    })
    void kinks(String name, double x, double value, double slope) {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            INDArray in = Nd4j.createFromArray(x, x).castTo(type);
            IActivation activation = Activations.get(name);
            INDArray y = activation.getActivation(in.dup(), true);
            INDArray gradient =
                    activation.backprop(in.dup(), Nd4j.ones(type, 2)).getFirst();
            INDArray expected = Nd4j.createFromArray(value, slope).castTo(type).castTo(DataType.DOUBLE);
            assertThat(y.castTo(DataType.DOUBLE).getDouble(0)).isEqualTo(expected.getDouble(0));
            assertThat(gradient.castTo(DataType.DOUBLE).getDouble(0)).isEqualTo(expected.getDouble(1));
        }
        for (double kink : Activations.entry(name).kinks().stream()
                .mapToDouble(Double::doubleValue)
                .toArray()) {
            assertThat(DoubleStream.of(-3, 0, 3, 6))
                    .as("kinks that this table knows")
                    .contains(kink);
        }
    }

    private static Golden elu(Dfp scale, Dfp alpha) {
        return new Golden(
                x -> positive(x) ? scale.multiply(x) : scale.multiply(alpha).multiply(exp(x).subtract(ONE)),
                x -> positive(x) ? scale : scale.multiply(alpha).multiply(exp(x)));
    }

    private static Golden celu(Dfp alpha) {
        return new Golden(
                x -> positive(x) ? x : alpha.multiply(exp(x.divide(alpha)).subtract(ONE)),
                x -> positive(x) ? ONE : exp(x.divide(alpha)));
    }

    private static Golden swish(Dfp beta) {
        return new Golden(x -> x.multiply(sigma(beta.multiply(x))), x -> {
            Dfp s = sigma(beta.multiply(x));
            return s.add(beta.multiply(x).multiply(s).multiply(ONE.subtract(s)));
        });
    }

    private static Dfp mishSlope(Dfp x) {
        Dfp t = tanh(softplus(x));
        return t.add(x.multiply(sigma(x)).multiply(ONE.subtract(t.multiply(t))));
    }

    private static Dfp rootTwoOverPi() {
        return FIELD.getTwo().divide(FIELD.getPi()).sqrt();
    }

    private static Dfp geluArgument(Dfp x) {
        Dfp cubic = FIELD.newDfp("0.044715").multiply(x).multiply(x).multiply(x);
        return rootTwoOverPi().multiply(x.add(cubic));
    }

    private static Dfp geluTanh(Dfp x) {
        return x.divide(2).multiply(ONE.add(tanh(geluArgument(x))));
    }

    private static Dfp geluTanhSlope(Dfp x) {
        Dfp t = tanh(geluArgument(x));
        Dfp inner = rootTwoOverPi()
                .multiply(ONE.add(FIELD.newDfp("0.134145").multiply(x).multiply(x)));
        return ONE.add(t)
                .divide(2)
                .add(x.divide(2).multiply(ONE.subtract(t.multiply(t))).multiply(inner));
    }

    private static boolean positive(Dfp x) {
        return x.greaterThan(FIELD.getZero());
    }

    private static Dfp abs(Dfp x) {
        return positive(x) ? x : x.negate();
    }

    private static Dfp exp(Dfp x) {
        return DfpMath.exp(x);
    }

    private static Dfp sigma(Dfp x) {
        return ONE.divide(ONE.add(exp(x.negate())));
    }

    private static Dfp tanh(Dfp x) {
        Dfp up = exp(x);
        Dfp down = exp(x.negate());
        return up.subtract(down).divide(up.add(down));
    }

    private static Dfp softplus(Dfp x) {
        return DfpMath.log(ONE.add(exp(x)));
    }

    private static Dfp density(Dfp x) {
        // not exp of the negative, which Dfp makes NaN at −450
        return ONE.divide(
                exp(x.multiply(x).divide(2)).multiply(FIELD.getPi().multiply(2).sqrt()));
    }

    /** ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …), all terms of one sign; far out in the tails, by how little is left there. */
    private static Dfp phi(Dfp x) {
        if (abs(x).greaterThan(FIELD.newDfp(9))) { // beyond 1e-19 of the limit: less than an ulp of 1
            return positive(x) ? ONE : FIELD.getZero();
        }
        Dfp term = x;
        Dfp sum = x;
        for (int k = 3; abs(term).greaterThan(FIELD.newDfp("1e-50")); k += 2) {
            term = term.multiply(x).multiply(x).divide(k);
            sum = sum.add(term);
        }
        return FIELD.newDfp("0.5").add(density(x).multiply(sum));
    }
}
