package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jx.activations.ABReLU;
import io.github.dl4jx.activations.Activations;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Against closed forms, at all sizes that a network's signal takes. */
class GaussianMomentsTest {
    private static final double ACCURACY = 1e-8;

    @ParameterizedTest
    @ValueSource(doubles = {1e-8, 1e-3, 0.1, 1, 3, 22, 1e4})
    void piecewiseLinear(double s) {
        double half = s / Math.sqrt(2 * Math.PI); // E max(s·z, 0)
        check("identity", s, 0, s * s, 1);
        check("relu", s, half, s * s / 2, 0.5);
        check("leakyrelu(slope=0.1)", s, 0.9 * half, 1.01 * s * s / 2, 0.505);
        check("step", s, 0.5, 0.5, 0);
        double outside = 1 - Erf.erf(1 / (s * Math.sqrt(2)));
        check("step(gradient=straight_through)", s, 0.5, 0.5, 1 - outside);
        check("relu6", s, half - excess(s, 6), s * s / 2 - squareBeyond(s, 6) + 36 * beyond(s, 6), 0.5 - beyond(s, 6));
        check("hardsigmoid", s, 0.5, hardSigmoidSquare(s), (1 - 2 * beyond(s, 3)) / 36);
        // DL4J's, whose kinks no catalogue knows
        check(Activation.HARDTANH.getActivationFunction(), s, 0, s * s - 2 * squareBeyond(s, 1) + outside, 1 - outside);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-8, 1e-3, 0.1, 1, 3, 22, 1e4})
    void gelu(double s) {
        // E x·Φ(x), and E x²·Φ(x)² by Stein's lemma
        double q = s * s;
        double mean = q / Math.sqrt(2 * Math.PI * (1 + q));
        double secondMoment =
                q / 4 + q / (2 * Math.PI) * (Math.asin(q / (1 + q)) + 2 * q / ((1 + q) * Math.sqrt(1 + 2 * q)));
        GaussianMoments moments = GaussianMoments.of(Activations.get("gelu"), s);
        assertThat(moments.mean()).isCloseTo(mean, within(ACCURACY * mean));
        assertThat(moments.secondMoment()).isCloseTo(secondMoment, within(ACCURACY * secondMoment));
    }

    @ParameterizedTest
    @CsvSource({"tanh, 1.5925374, 5e-8", "sigmoid, 1.8462, 5e-5", "selu, 1, 1e-8", "relu, 1.4142135623730951, 1e-8"})
    void knownGains(String name, double gain, double accuracy) {
        double secondMoment = GaussianMoments.of(Activations.get(name), 1).secondMoment();
        assertThat(1 / Math.sqrt(secondMoment)).isCloseTo(gain, within(accuracy));
    }

    @Test
    void seluHasMean0AndVariance1() {
        assertThat(GaussianMoments.of(Activations.get("selu"), 1).mean()).isCloseTo(0, within(ACCURACY));
    }

    /** Where tanh saturates: E sech⁴(s·z) → 4/(3s√(2π)) and E tanh² → 1 − 2/(s√(2π)), with errors of order 1/s³. */
    @Test
    void saturation() {
        double s = 1e4;
        GaussianMoments moments = GaussianMoments.of(Activations.get("tanh"), s);
        double density = 1 / (s * Math.sqrt(2 * Math.PI));
        assertThat(moments.slopeSecondMoment()).isCloseTo(4.0 / 3 * density, within(ACCURACY * density));
        assertThat(moments.secondMoment()).isCloseTo(1 - 2 * density, within(1e-11));
        assertThat(moments.mean()).isCloseTo(0, within(1e-15));
    }

    /** All others agree with a plain sum over 65,536 points. */
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 1, 22})
    void everyElementwiseActivation(double s) {
        int points = 1 << 16;
        double step = 20.0 / points;
        double[] inputs = new double[points];
        double[] weights = new double[points];
        for (int i = 0; i < points; i++) {
            double z = -10 + (i + 0.5) * step;
            inputs[i] = s * z;
            weights[i] = step * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
        }
        for (String name : Activations.names()) {
            IActivation activation = Activations.get(name);
            if (!name.equals("softmax") && !name.equals("abrelu")) {
                double[] values = activation
                        .getActivation(Nd4j.createFromArray(inputs), false)
                        .toDoubleVector();
                double[] slopes = activation
                        .backprop(Nd4j.createFromArray(inputs), Nd4j.ones(DataType.DOUBLE, points))
                        .getFirst()
                        .toDoubleVector();
                double[] sums = new double[3];
                for (int i = 0; i < points; i++) {
                    sums[0] += weights[i] * values[i];
                    sums[1] += weights[i] * values[i] * values[i];
                    sums[2] += weights[i] * slopes[i] * slopes[i];
                }
                GaussianMoments moments = GaussianMoments.of(activation, s);
                assertThat(new double[] {moments.mean(), moments.secondMoment(), moments.slopeSecondMoment()})
                        .as(name)
                        .containsExactly(sums, within(2e-4 * Math.max(1, sums[1])));
            }
        }
    }

    @Test
    void whatIsNotElementwiseIsRefused() {
        for (IActivation activation : new IActivation[] {
            Activations.get("softmax"),
            new ABReLU(),
            new ABReLU(1, ABReLU.Mean.BATCH),
            Activation.SOFTMAX.getActivationFunction()
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> GaussianMoments.of(activation, 1))
                    .withMessageContaining("valid: one that maps each element by itself");
        }
    }

    @Test
    void whatIsNotFiniteIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GaussianMoments.of(Activation.SWISH.getActivationFunction(), 200))
                .withMessageContaining("valid: finite ones");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GaussianMoments.of(Activations.get("relu"), -1))
                .withMessage("standardDeviation is -1.0; valid: a finite number >= 0");
    }

    private static void check(String name, double s, double mean, double secondMoment, double slopeSecondMoment) {
        check(Activations.get(name), s, mean, secondMoment, slopeSecondMoment);
    }

    private static void check(
            IActivation activation, double s, double mean, double secondMoment, double slopeSecondMoment) {
        GaussianMoments moments = GaussianMoments.of(activation, s);
        assertThat(moments.mean())
                .as("mean of " + activation)
                .isCloseTo(mean, within(ACCURACY * Math.sqrt(secondMoment)));
        assertThat(moments.secondMoment())
                .as("second moment of " + activation)
                .isCloseTo(secondMoment, within(ACCURACY * secondMoment));
        assertThat(moments.slopeSecondMoment())
                .as("slope of " + activation)
                .isCloseTo(slopeSecondMoment, within(ACCURACY * slopeSecondMoment));
    }

    /** P(s·z &gt; c). */
    private static double beyond(double s, double c) {
        return Erf.erfc(c / (s * Math.sqrt(2))) / 2;
    }

    /** E max(s·z − c, 0). */
    private static double excess(double s, double c) {
        return s * density(c / s) - c * beyond(s, c);
    }

    /** E (s·z)² where s·z &gt; c. */
    private static double squareBeyond(double s, double c) {
        return s * s * beyond(s, c) + s * c * density(c / s);
    }

    private static double hardSigmoidSquare(double s) {
        double inside = 1 - 2 * beyond(s, 3);
        return (s * s - 2 * squareBeyond(s, 3) + 9 * inside) / 36 + beyond(s, 3);
    }

    private static double density(double z) {
        return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }
}
