package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.github.dl4jx.activations.layer.PReLU;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What DL4J's own activations do wrong, as the README says of them. A test that fails here means that upstream has
 * mended something: take it out of the README.
 */
class BuiltInsTest {

    @ParameterizedTest
    @CsvSource({"SWISH, swish, 50", "MISH, mish, 30", "GELU, gelu, 30"})
    void gradientIsNanWhereOursIsOne(Activation builtIn, String ours, double x) {
        assertThat(slope(builtIn.getActivationFunction(), x - 15)).isFinite();
        assertThat(slope(builtIn.getActivationFunction(), x)).isNaN();
        assertThat(slope(Activations.get(ours), x)).isEqualTo(1);
    }

    @Test
    void softplusOverflows() {
        IActivation softplus = Activation.SOFTPLUS.getActivationFunction();
        assertThat(value(softplus, 100)).isInfinite();
        assertThat(slope(softplus, 100)).isNaN();
    }

    @Test
    void geluIsNeitherFormOfThePaper() {
        assertThat(value(Activation.GELU.getActivationFunction(), 1)).isEqualTo(0.8458, offset(1e-4)); // x·σ(1.702x)
        assertThat(value(new ActivationGELU(true), -2)).isEqualTo(-0.0789, offset(1e-4)); // not −0.0454
        assertThat(value(new GELU(), 1)).isEqualTo(0.8413, offset(1e-4));
        assertThat(value(new GELU(), -2)).isEqualTo(-0.0455, offset(1e-4));
    }

    @Test
    void hardSigmoidIsAnotherFunction() {
        assertThat(value(Activation.HARDSIGMOID.getActivationFunction(), 1)).isEqualTo(0.7, offset(1e-6));
        assertThat(value(new HardSigmoid(), 1)).isEqualTo(4 / 6.0, offset(1e-6));
    }

    @Test
    void rreluForgetsTheSlopeThatItDrew() {
        IActivation rrelu = new ActivationRReLU();
        double y = rrelu.getActivation(scalar(-1), true).getDouble(0);
        assertThat(y).isBetween(-1 / 3.0 - 1e-6, -1 / 8.0 + 1e-6);
        assertThat(slope(rrelu, -1)).isEqualTo(1); // ours: LayerMathTest
    }

    @Test
    void decayOfTheNetworkShrinksTheSlopesOfPrelu() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .l2(0.1)
                .list()
                .layer(new PReLULayer.Builder().build())
                .layer(new PReLU.Builder().build())
                .setInputType(InputType.feedForward(3))
                .build();
        assertThat(configuration.getConf(0).getLayer().getRegularizationByParam("W"))
                .isNotEmpty();
        assertThat(configuration.getConf(1).getLayer().getRegularizationByParam("slope"))
                .isEmpty();
    }

    private static double value(IActivation activation, double x) {
        return activation.getActivation(scalar(x), true).getDouble(0);
    }

    private static double slope(IActivation activation, double x) {
        return activation.backprop(scalar(x), scalar(1)).getFirst().getDouble(0);
    }

    private static INDArray scalar(double x) {
        return Nd4j.createFromArray(new double[][] {{x}}).castTo(DataType.FLOAT);
    }
}
