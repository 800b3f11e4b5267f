package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What docs/errata.md says of the two lectures, in numbers: what is printed there is not so, and what this pack
 * computes is. Derivatives are judged by central differences of the function.
 */
class ErrataTest {
    private static final Offset<Double> EXACT = offset(1e-12);
    private static final Offset<Double> BY_DIFFERENCES = offset(1e-8);

    private static double f(String activation, double x) {
        return Activations.get(activation).getActivation(row(x), false).getDouble(0);
    }

    private static double slope(String activation, double x) {
        return Activations.get(activation).backprop(row(x), row(1)).getFirst().getDouble(0);
    }

    private static double difference(DoubleUnaryOperator f, double x) {
        double h = 1e-5;
        return (f.applyAsDouble(x + h) - f.applyAsDouble(x - h)) / (2 * h);
    }

    private static INDArray row(double... values) {
        return Nd4j.createFromArray(values).reshape(1, values.length);
    }

    private static double sigma(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    // Lecture A

    @Test
    void leakyReluHasTwoSlopes() {
        DoubleUnaryOperator overview = x -> Math.max(0.1 * x, x);
        assertThat(overview.applyAsDouble(-1)).isEqualTo(f("leakyrelu(slope=0.1)", -1), EXACT);
        assertThat(overview.applyAsDouble(-1)).isNotCloseTo(f("leakyrelu", -1), offset(0.05));
        assertThat(f("leakyrelu", -1)).isEqualTo(-0.01, EXACT);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 10, 1000})
    void swishIsReluInTheLimitOnly(double beta) {
        double widest = -1.2784645 / beta; // where the gap is
        double gap = f("relu", widest) - f("swish(beta=" + beta + ")", widest);
        assertThat(gap).isEqualTo(0.2784645 / beta, offset(1e-7));
    }

    @Test
    void eluIsNotSparse() {
        Nd4j.getRandom().setSeed(1);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 100, 100);
        assertThat(zeros("relu", x)).isBetween(4_800, 5_200);
        assertThat(zeros("elu", x)).isZero();
    }

    private static int zeros(String activation, INDArray x) {
        INDArray y = Activations.get(activation).getActivation(x.dup(), false);
        return (int) DoubleStream.of(y.reshape(-1).toDoubleVector())
                .filter(v -> v == 0)
                .count();
    }

    /** A sigmoid unit with cross-entropy, two examples whose inputs are all positive. */
    @Test
    void batchGradientsMixSigns() {
        double[][] x = {{1, 2}, {2, 1}};
        double[] label = {1, 0};
        double[] gradient = new double[2];
        for (int example = 0; example < 2; example++) {
            double error = f("sigmoid", 0) - label[example]; // weights 0
            for (int i = 0; i < 2; i++) {
                gradient[i] += error * x[example][i]; // of one sign in one example: the error's
            }
        }
        assertThat(gradient).containsExactly(0.5, -0.5);
    }

    // Lecture B

    @Test
    void reluIsNotLinear() {
        assertThat(f("relu", -1) + f("relu", 1)).isNotCloseTo(f("relu", -1 + 1), offset(0.5));
        assertThat(f("identity", -1) + f("identity", 1)).isEqualTo(f("identity", -1 + 1));
    }

    @Test
    void reluHasNoDerivativeAtZero() {
        double h = 1e-6;
        assertThat((f("relu", h) - f("relu", 0)) / h).isEqualTo(1, EXACT);
        assertThat((f("relu", 0) - f("relu", -h)) / h).isZero();
        assertThat(slope("relu", 0)).isZero(); // and trains all the same
    }

    @Test
    void stepHasOneValueAtZeroAndSlopeZero() {
        DoubleUnaryOperator printedAsOne = y -> y >= 0 ? 1 : Double.NaN;
        DoubleUnaryOperator printedAsZero = y -> y <= 0 ? 0 : Double.NaN;
        assertThat(printedAsOne.applyAsDouble(0)).isNotEqualTo(printedAsZero.applyAsDouble(0)); // both hold at 0
        assertThat(f("step", 0)).isEqualTo(1);
        assertThat(f("step", Math.nextDown(0.0))).isZero();
        for (double x : new double[] {-2, -0.1, 0.1, 2}) {
            assertThat(difference(z -> f("step", z), x)).isZero(); // it has a derivative, which teaches nothing
            assertThat(slope("step", x)).isZero();
        }
    }

    @Test
    void logLikelihoodHasLogarithms() {
        double[] label = {1, 0, 1};
        double[] a = {0.9, 0.2, 0.6};
        double likelihood = 1;
        double printed = 0;
        double right = 0;
        for (int i = 0; i < 3; i++) {
            likelihood *= Math.pow(a[i], label[i]) * Math.pow(1 - a[i], 1 - label[i]);
            printed += Math.pow(a[i], label[i]) + Math.pow(1 - a[i], 1 - label[i]);
            right += label[i] * Math.log(a[i]) + (1 - label[i]) * Math.log(1 - a[i]);
        }
        assertThat(right).isEqualTo(Math.log(likelihood), EXACT).isNegative();
        assertThat(printed).isEqualTo(0.9 + 0.8 + 0.6 + 3, EXACT); // the sum of the likelihoods, and a constant
    }

    @Test
    void likelihoodIsHighestWhereTheErrorsCancel() {
        double[] x = {-2, -0.5, 1, 3};
        double[] label = {0, 1, 0, 1};
        DoubleUnaryOperator logLikelihood = w -> IntStream.range(0, 4)
                .mapToDouble(i -> Math.log(label[i] == 1 ? f("sigmoid", w * x[i]) : 1 - f("sigmoid", w * x[i])))
                .sum();
        for (double w : new double[] {-1, 0, 0.3, 2}) {
            double errors = IntStream.range(0, 4)
                    .mapToDouble(i -> (label[i] - f("sigmoid", w * x[i])) * x[i])
                    .sum();
            double printed = IntStream.range(0, 4)
                    .mapToDouble(i -> slope("sigmoid", w * x[i]))
                    .sum(); // P(1 - P), which is never 0
            assertThat(difference(logLikelihood, w)).isEqualTo(errors, BY_DIFFERENCES);
            assertThat(difference(logLikelihood, w)).isNotCloseTo(printed, offset(0.1));
        }
    }

    @Test
    void gradientByTheWeightsHasTheInput() {
        double x = 3;
        double w = 0.2;
        double printed = sigma(w * x) * (1 - sigma(w * x));
        double difference = difference(v -> f("sigmoid", v * x), w);
        assertThat(difference).isNotCloseTo(printed, offset(0.1));
        assertThat(difference).isEqualTo(slope("sigmoid", w * x) * x, BY_DIFFERENCES);
    }

    @Test
    void softmaxOfTwoIsTheSigmoidOfTheirDifference() {
        INDArray s = Activations.get("softmax").getActivation(row(1.2, -0.5), false);
        assertThat(s.getDouble(0)).isEqualTo(f("sigmoid", 1.2 + 0.5), EXACT);
        assertThat(s.getDouble(0)).isNotCloseTo(f("sigmoid", 1.2), offset(0.05)); // of the class's own score
    }

    @Test
    void softmaxDerivativeIsAMatrix() {
        double[] x = {0.3, -1, 2};
        IActivation softmax = Activations.get("softmax");
        double[] s = softmax.getActivation(row(x), false).toDoubleVector();
        for (int i = 0; i < 3; i++) {
            double[] upstream = new double[3];
            upstream[i] = 1;
            double[] ours = softmax.backprop(row(x), row(upstream)).getFirst().toDoubleVector();
            for (int j = 0; j < 3; j++) {
                int output = i;
                int input = j;
                double difference = difference(
                        v -> {
                            double[] moved = x.clone();
                            moved[input] = v;
                            return softmax.getActivation(row(moved), false).getDouble(output);
                        },
                        x[j]);
                assertThat(ours[j]).isEqualTo(difference, BY_DIFFERENCES);
                assertThat(ours[j]).isEqualTo(s[i] * ((i == j ? 1 : 0) - s[j]), EXACT);
                double printed = i == j ? s[i] * (1 - s[i]) : 0;
                assertThat(Math.abs(printed - difference) < 1e-8).isEqualTo(i == j);
            }
        }
    }

    @Test
    void highestProbabilityIsNotTheClass() {
        INDArray s = Activations.get("softmax").getActivation(row(0.1, 0.4, 2), false);
        assertThat(s.maxNumber().doubleValue()).isEqualTo(0.740, offset(1e-3));
        assertThat(s.argMax(1).getInt(0)).isEqualTo(2);
    }

    @Test
    void tanhIsNotCoth() {
        DoubleUnaryOperator printed = x -> (Math.exp(x) + Math.exp(-x)) / (Math.exp(x) - Math.exp(-x));
        for (double x : new double[] {-2, -0.5, 0.5, 1}) {
            assertThat(printed.applyAsDouble(x)).isEqualTo(1 / Math.tanh(x), EXACT);
            assertThat(Math.abs(printed.applyAsDouble(x))).isGreaterThan(1);
            assertThat(difference(printed, x)).isNegative(); // where the derivative printed beside it is positive
            assertThat(f("tanh", x)).isEqualTo(Math.tanh(x), EXACT).isBetween(-1.0, 1.0);
            assertThat(slope("tanh", x)).isEqualTo(difference(Math::tanh, x), BY_DIFFERENCES);
        }
        assertThat(printed.applyAsDouble(0)).isInfinite();
        assertThat(f("tanh", 0)).isZero();
    }

    @Test
    void tanhIsNegativeButNotItsSlope() {
        for (double x : new double[] {-3, -1, 0, 1, 3}) {
            assertThat(slope("tanh", x)).isPositive().isEqualTo(difference(Math::tanh, x), BY_DIFFERENCES);
        }
        assertThat(f("tanh", -1)).isNegative();
    }

    @Test
    void tanhIsSteeperThanSigmoidAndCentred() {
        assertThat(slope("tanh", 0)).isEqualTo(1).isEqualTo(4 * slope("sigmoid", 0));
        assertThat(f("tanh", -1) + f("tanh", 1)).isEqualTo(0, EXACT);
        assertThat(f("sigmoid", -1) + f("sigmoid", 1)).isEqualTo(1, EXACT);
        assertThat(f("tanh", 0.7)).isEqualTo(2 * f("sigmoid", 1.4) - 1, EXACT); // so one is as wide as the other
    }

    @Test
    void clippedActivationsStopTheGradient() {
        DoubleUnaryOperator clipped = x -> Math.min(Math.max(f("sigmoid", x), 0.25), 0.75);
        for (double x : new double[] {-3, -1.2, 1.2, 3}) {
            assertThat(difference(clipped, x)).isZero();
            assertThat(slope("sigmoid", x)).isGreaterThan(0.04);
        }
    }

    @Test
    void softplusSaturatesOnOneSideSoftsignOnBoth() {
        assertThat(slope("softplus", -20)).isLessThan(3e-9);
        assertThat(slope("softplus", 20)).isEqualTo(1, offset(1e-8)); // unlike the sigmoid
        assertThat(slope("sigmoid", 20)).isLessThan(3e-9);
        assertThat(Math.max(slope("softsign", -1e4), slope("softsign", 1e4))).isLessThan(1.1e-8);
    }

    @Test
    void shiftedSoftplusHasTheSlopeOfSoftplus() {
        DoubleUnaryOperator printed = x -> 0.5 / (1 + Math.exp(-x));
        DoubleUnaryOperator function = x -> Math.log(0.5 + 0.5 * Math.exp(x));
        for (double x : new double[] {-2, 0, 3}) {
            assertThat(f("shifted-softplus", x)).isEqualTo(function.applyAsDouble(x), EXACT);
            assertThat(difference(function, x)).isEqualTo(2 * printed.applyAsDouble(x), BY_DIFFERENCES);
            assertThat(slope("shifted-softplus", x)).isEqualTo(difference(function, x), BY_DIFFERENCES);
        }
    }

    /** Right on paper, but e^x has no room in a double from 710 on. */
    @Test
    void printedFormsOverflow() {
        assertThat(Math.log(1 + Math.exp(800))).isInfinite();
        assertThat(Math.log(0.5 + 0.5 * Math.exp(800))).isInfinite();
        assertThat(f("softplus", 800)).isEqualTo(800);
        assertThat(f("shifted-softplus", 800)).isEqualTo(800 - Math.log(2));

        double e = Math.exp(800);
        double sech = 1 / Math.cosh(Math.log(e + 1));
        assertThat(Math.tanh(Math.log(e + 1)) + 800 * e * sech * sech / (e + 1)).isNaN();
        assertThat(slope("mish", 800)).isEqualTo(1);

        assertThat(e / (e + Math.exp(0))).isNaN();
        assertThat(Activations.get("softmax").getActivation(row(800, 0), false).toDoubleVector())
                .containsExactly(1, 0);
    }

    @Test
    void reluIsHomogeneousNotInvariant() {
        double x = 1.5;
        assertThat(f("relu", 2 * x)).isEqualTo(2 * f("relu", x)); // a > 0
        assertThat(f("relu", 2 * x)).isNotEqualTo(f("relu", x)); // printed as equal
        assertThat(f("relu", -2 * x)).isNotEqualTo(-2 * f("relu", x)); // a < 0
    }

    @Test
    void relu6IsFlatOnEitherSide() {
        for (double x : new double[] {-1, 0, 6, 7}) {
            boolean printed = x <= 0 && x >= 6; // no number is both
            assertThat(slope("relu6", x) == 0).isTrue().isNotEqualTo(printed);
        }
    }

    @Test
    void maxoutIsLeakyByAWeight() {
        DoubleUnaryOperator printed = x -> Math.max(x * 1 + 0.01, x * 0 + 0);
        DoubleUnaryOperator right = x -> Math.max(x * 1 + 0, x * 0.01 + 0);
        for (double x : new double[] {-2, -0.5, 0, 1}) {
            assertThat(printed.applyAsDouble(x)).isEqualTo(f("relu", x + 0.01), EXACT); // a shifted ReLU
            assertThat(right.applyAsDouble(x)).isEqualTo(f("leakyrelu", x), EXACT);
        }
        assertThat(printed.applyAsDouble(-2)).isNotCloseTo(f("leakyrelu", -2), offset(0.01));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 2})
    void eluHasAValueAtZeroAndTwoSlopes(double alpha) {
        String elu = "elu(alpha=" + alpha + ")";
        double h = 1e-7;
        assertThat(f(elu, 0)).isZero();
        assertThat((f(elu, h) - f(elu, 0)) / h).isEqualTo(1, offset(1e-6));
        assertThat((f(elu, 0) - f(elu, -h)) / h).isEqualTo(alpha, offset(1e-6));
        assertThat(slope(elu, 0)).isEqualTo(alpha); // the left one, by convention
    }

    @Test
    void seluOutputIsNotNormal() {
        assertThat(moment("selu", 1, 1)).isEqualTo(0, offset(1e-4));
        assertThat(moment("selu", 1, 2)).isEqualTo(1, offset(1e-4));
        assertThat(moment("selu", 1, 3)).isGreaterThan(0.39); // skewed; a normal distribution has 0
        assertThat(f("selu", -1000)).isEqualTo(-1.7580993408473766, EXACT); // and nothing lies below
    }

    /** Layers of SELU whose weights have mean 0 and variance {@code gain}/fan-in. */
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 1, 2})
    void seluNormalisesWithItsOwnWeightsOnly(double gain) {
        double power = 1; // of the input
        for (int layer = 0; layer < 10; layer++) {
            power = moment("selu", Math.sqrt(gain * power), 2);
        }
        assertThat(Math.abs(power - 1) < 0.01).as("power %s", power).isEqualTo(gain == 1);
        if (gain < 1) {
            assertThat(power).isLessThan(1e-6); // vanished
        }
    }

    @Test
    void seluWidensSmallNegativeInputsToo() {
        assertThat(slope("selu", -0.5)).isGreaterThan(1.06);
        assertThat(slope("selu", -0.5)).isGreaterThan(slope("selu", 0.5));
        assertThat(slope("selu", -0.6)).isLessThan(1);
    }

    /** E[f(z)^n] with z ~ N(0, deviation²), by the trapezoidal rule. */
    private static double moment(String activation, double deviation, int n) {
        INDArray z = Nd4j.linspace(DataType.DOUBLE, -10, 20 / 20_000.0, 20_001).reshape(1, 20_001);
        double[] y = Activations.get(activation)
                .getActivation(z.mul(deviation), false)
                .toDoubleVector();
        double[] at = z.toDoubleVector();
        return IntStream.range(0, y.length)
                .mapToDouble(i -> Math.pow(y[i], n) * Math.exp(-at[i] * at[i] / 2) / Math.sqrt(2 * Math.PI) * 0.001)
                .sum();
    }

    @Test
    void geluIsNotItsTanhForm() {
        assertThat(Math.abs(f("gelu", -2.7) - f("gelu(form=tanh)", -2.7))).isBetween(4e-4, 5e-4);
        assertThat(f("gelu(form=tanh)", 1)).isEqualTo(0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * 1.044715)), EXACT);
    }

    @Test
    void geluTanhSlope() {
        DoubleUnaryOperator u = x -> 0.0356774 * x * x * x + 0.797885 * x;
        for (double x : new double[] {-2, -0.5, 0.4, 1.3}) {
            double printed =
                    0.5 * Math.tanh(u.applyAsDouble(x)) + (0.0535161 * x * x * x + 0.398942 + 0.797885 * x) + 0.5;
            double right = 0.5 * Math.tanh(u.applyAsDouble(x))
                    + (0.0535161 * x * x * x + 0.398942 * x) / Math.pow(Math.cosh(u.applyAsDouble(x)), 2)
                    + 0.5;
            double difference = difference(z -> f("gelu(form=tanh)", z), x);
            assertThat(printed).isNotCloseTo(difference, offset(0.15));
            assertThat(right).isEqualTo(difference, offset(1e-5)); // six digits of constants
            assertThat(slope("gelu(form=tanh)", x)).isEqualTo(difference, BY_DIFFERENCES);
        }
    }

    @Test
    void hardSwishSlope() {
        DoubleUnaryOperator relu6 = x -> Math.min(Math.max(0, x), 6);
        for (double x : new double[] {-4, -2, -1, 1, 2, 4}) {
            double difference = difference(z -> z * relu6.applyAsDouble(z + 3) / 6, x);
            double printed = relu6.applyAsDouble(x + 3) / 6 + (x > 0 && x <= 3 ? x : 0);
            boolean outside = Math.abs(x) > 3; // where the printed one says nothing, or is right
            assertThat(Math.abs(printed - difference) < 0.1).isEqualTo(outside);
            assertThat(slope("hard-swish", x)).isEqualTo(difference, BY_DIFFERENCES);
        }
    }

    @Test
    void slopesAreSteepestInTheMiddle() {
        assertThat(f("sigmoid", 0)).isEqualTo(0.5);
        assertThat(f("tanh", 0)).isZero();
        for (String activation : new String[] {"sigmoid", "tanh"}) {
            for (double x : new double[] {-5, -1, -0.1, 0.1, 1, 5}) {
                assertThat(slope(activation, x)).isLessThan(slope(activation, 0));
            }
            assertThat(slope(activation, 5)).isLessThan(0.03 * slope(activation, 0)); // vanishes out there
        }
    }
}
