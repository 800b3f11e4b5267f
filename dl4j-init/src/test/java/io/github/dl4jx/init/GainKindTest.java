package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jx.activations.Activations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GainKindTest {
    private static final double ROOT_OF_2 = 1.4142135623730951;

    /** The conventional ones are those that PyTorch's {@code calculate_gain} prints. */
    @ParameterizedTest
    @CsvSource({
        "identity, 1, 1",
        "sigmoid, 1, 1.8462",
        "tanh, 1.6666666666666667, 1.5925374",
        "relu, 1.4142135623730951, 1.4142135623730951",
        "leakyrelu, 1.4141428569978354, 1.4141428569978354",
        "selu, 0.75, 1",
    })
    void namedGains(String name, double conventional, double secondMoment) {
        assertThat(GainKind.CONVENTIONAL.of(Activations.get(name))).isEqualTo(conventional);
        assertThat(GainKind.SECOND_MOMENT.of(Activations.get(name))).isCloseTo(secondMoment, within(5e-5));
    }

    @ParameterizedTest
    @CsvSource({"IDENTITY, 1", "SIGMOID, 1", "TANH, 1.6666666666666667", "RELU, 1.4142135623730951", "SELU, 0.75"})
    void conventionalGainsOfDl4js(Activation activation, double gain) {
        assertThat(GainKind.CONVENTIONAL.of(activation.getActivationFunction())).isEqualTo(gain);
    }

    @Test
    void whatHasNoGainIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GainKind.CONVENTIONAL.of(Activations.get("mish")))
                .withMessageContaining("valid: identity, leakyrelu, relu, selu, sigmoid, tanh");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GainKind.CONVENTIONAL.of(Activation.RELU6.getActivationFunction()));
        assertThatIllegalArgumentException().isThrownBy(() -> GainKind.SECOND_MOMENT.of(Activations.get("softmax")));
    }

    /** LeCun's weights with the gain, a unit normal signal and the activation: the second moment is 1 again. */
    @Test
    void theSecondMomentIsKept() {
        Nd4j.getRandom().setSeed(6);
        int inputs = 200;
        int units = 20_000;
        for (String name : new String[] {"mish", "sigmoid", "swish", "gelu", "tanh"}) {
            LeCun initializer = LeCun.normal().withGain(GainKind.SECOND_MOMENT.of(Activations.get(name)));
            INDArray signal = Activations.get(name).getActivation(Nd4j.randn(DataType.DOUBLE, 300, inputs), false);
            INDArray weights = initializer.init(
                    inputs, units, new long[] {inputs, units}, 'f', Nd4j.create(DataType.DOUBLE, 200L * units));
            double length = signal.mmul(weights).norm2Number().doubleValue();
            assertThat(length * length / (300.0 * units)).as(name).isCloseTo(1, within(0.05));
        }
        assertThat(GainKind.SECOND_MOMENT.of(Activation.RELU.getActivationFunction()))
                .isCloseTo(ROOT_OF_2, within(1e-12));
    }
}
