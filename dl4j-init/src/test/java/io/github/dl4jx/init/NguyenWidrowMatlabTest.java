package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NguyenWidrowMatlabTest {
    private static final int UNITS = 9;

    /** In [−1, 1]: tanh's active region is [−2, 2], hence twice the paper's norm. */
    @Test
    void normsAndEvenlySpreadBiases() {
        MultiLayerNetwork network = network(NguyenWidrowMatlab.tanh(), 4);
        double magnitude = 0.7 * Math.pow(UNITS, 0.25) * 2;
        INDArray weights = network.getLayer(0).getParam("W");
        INDArray biases = network.getLayer(0).getParam("b").reshape(-1);
        for (int unit = 0; unit < UNITS; unit++) {
            assertThat(weights.getColumn(unit).norm2Number().doubleValue()).isCloseTo(magnitude, within(1e-9));
            double spread = 2.0 * unit / (UNITS - 1) - 1;
            assertThat(biases.getDouble(unit))
                    .isCloseTo(magnitude * spread * Math.signum(weights.getDouble(0, unit)), within(1e-9));
        }
    }

    /** What the units see of inputs over their whole ranges is what they would see of inputs in [−1, 1]. */
    @Test
    void rangesAreMappedAndConstantInputsAreLeftOut() {
        double[] low = {0, 5, -3, 100};
        double[] high = {1, 5, -1, 300};
        MultiLayerNetwork network = network(NguyenWidrowMatlab.logistic().withInputRanges(low, high), 4);
        INDArray weights = network.getLayer(0).getParam("W").dup();
        INDArray biases = network.getLayer(0).getParam("b").reshape(-1);
        double paper = 0.7 * Math.pow(UNITS, 1 / 3.0); // three inputs vary
        for (int unit = 0; unit < UNITS; unit++) {
            assertThat(weights.getDouble(1, unit)).isZero();
            double square = 0;
            double atCentres = biases.getDouble(unit);
            for (int input = 0; input < 4; input++) {
                square += Math.pow(weights.getDouble(input, unit) * (high[input] - low[input]) / 2, 2);
                atCentres += weights.getDouble(input, unit) * (high[input] + low[input]) / 2;
            }
            assertThat(Math.sqrt(square)).isCloseTo(4 * paper, within(1e-9));
            double spread = 2.0 * unit / (UNITS - 1) - 1;
            assertThat(atCentres).isCloseTo(4 * paper * spread * Math.signum(weights.getDouble(0, unit)), within(1e-9));
        }
    }

    @Test
    void convolutionsInBothOrders() {
        for (char order : new char[] {'c', 'f'}) {
            INDArray weights = NguyenWidrowMatlab.tanh()
                    .init(18, 45, new long[] {20, 2, 3, 3}, order, Nd4j.create(DataType.DOUBLE, 360));
            for (double norm : weights.norm2(1, 2, 3).toDoubleVector()) {
                assertThat(norm).isCloseTo(1.4 * Math.pow(20, 1 / 18.0), within(1e-9));
            }
        }
    }

    @Test
    void errors() {
        NguyenWidrowMatlab threeInputs =
                NguyenWidrowMatlab.tanh().withInputRanges(new double[] {0, 0, 0}, new double[] {1, 1, 1});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network(threeInputs, 4))
                .withMessage("there are ranges of 3 inputs for weights of shape [4, 9]; valid: one range, or 4");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> network(NguyenWidrowMatlab.tanh().withInputRanges(new double[] {1}, new double[] {1}), 4))
                .withMessageContaining("no input varies");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NguyenWidrowMatlab.tanh().withInputRanges(new double[] {1}, new double[] {0}))
                .withMessage("inputHigh is 0.0; valid: >= inputLow, 1.0");
        MultiLayerNetwork embedding = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .weightInit(NguyenWidrowMatlab.tanh())
                .list()
                .layer(new EmbeddingLayer.Builder().nIn(7).nOut(3).build())
                .build());
        assertThatIllegalArgumentException().isThrownBy(embedding::init).withMessageContaining("fanIn 1.0");
    }

    private static MultiLayerNetwork network(NguyenWidrowMatlab initializer, int inputs) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .weightInit(initializer)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nOut(UNITS).build())
                .setInputType(InputType.feedForward(inputs))
                .build());
        network.init();
        assertThat(NguyenWidrow.initializeBiases(network)).isEqualTo(1);
        return network;
    }
}
