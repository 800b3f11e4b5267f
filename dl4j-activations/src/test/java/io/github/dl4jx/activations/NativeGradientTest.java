package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Where one ND4J operation computes the gradient, it is the one that the readable derivative gives. */
class NativeGradientTest {

    static Stream<String> elementwise() {
        return References.BY_SPECIFICATION.keySet().stream()
                .filter(name -> Activations.get(name) instanceof ElementwiseActivation)
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("elementwise")
    void gradientIsSlopeTimesEpsilon(String name) {
        ElementwiseActivation activation = (ElementwiseActivation) Activations.get(name);
        INDArray x = Nd4j.linspace(DataType.DOUBLE, -12, 0.125, 193); // all kinks among them
        INDArray epsilon = Nd4j.linspace(DataType.DOUBLE, -1, 0.011, 193);
        INDArray expected = activation.slope(x.dup()).mul(epsilon);
        assertThat(activation.gradient(x.dup(), epsilon).equalsWithEps(expected, 1e-14))
                .isTrue();
    }
}
