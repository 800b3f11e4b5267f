package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class NguyenWidrowTest {

    @Test
    void everyUnitHasTheNormOfThePaper() {
        INDArray dense = new NguyenWidrow().init(8, 30, new long[] {8, 30}, 'f', Nd4j.create(240));
        assertNorms(dense.norm2(0), 0.7 * Math.pow(30, 1 / 8.0));
        INDArray convolution = new NguyenWidrow().init(18, 45, new long[] {20, 2, 3, 3}, 'c', Nd4j.create(360));
        assertNorms(convolution.reshape('c', 20, 18).norm2(1), 0.7 * Math.pow(20, 1 / 18.0));
        INDArray oneInput = new NguyenWidrow().init(1, 10, new long[] {1, 10}, 'f', Nd4j.create(10));
        assertNorms(oneInput.norm2(0), 7);
    }

    @Test
    void shapesWithoutUnitsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NguyenWidrow().init(27, 9, new long[] {3, 3, 3, 1}, 'c', Nd4j.create(27)))
                .withMessageContaining("[3, 3, 3, 1]")
                .withMessageContaining("valid: dense [fanIn, fanOut]");
    }

    @Test
    void biasesOfItsOwnLayersAreDrawnOthersLeftAlone() {
        MultiLayerNetwork network = network(5);
        assertThat(network.getLayer(1).getParam("b").sumNumber().doubleValue()).isZero();
        assertThat(NguyenWidrow.initializeBiases(network)).isEqualTo(2);

        double convolutional = 0.7 * Math.pow(10, 1 / 9.0);
        assertThat(network.getLayer(0).getParam("b").amaxNumber().doubleValue())
                .isBetween(convolutional * 0.5, convolutional);
        double magnitude = 0.7 * Math.pow(2000, 1 / 360.0);
        double[] biases = network.getLayer(1).getParam("b").toDoubleVector();
        assertThat(new KolmogorovSmirnovTest()
                        .kolmogorovSmirnovTest(new UniformRealDistribution(-magnitude, magnitude), biases))
                .isGreaterThan(1e-3);
        assertThat(network.getLayer(2).getParam("b").amaxNumber().doubleValue()).isZero();

        MultiLayerNetwork again = network(5);
        NguyenWidrow.initializeBiases(again);
        assertThat(again.params()).isEqualTo(network.params());
        MultiLayerNetwork other = network(6);
        NguyenWidrow.initializeBiases(other);
        assertThat(other.params()).isNotEqualTo(network.params());
    }

    @Test
    void frozenLayersKeepTheirBiases() {
        MultiLayerNetwork network = network(5);
        MultiLayerNetwork frozen =
                new TransferLearning.Builder(network).setFeatureExtractor(0).build();
        assertThat(NguyenWidrow.initializeBiases(frozen)).isEqualTo(1);
        assertThat(frozen.getLayer(0).getParam("b").amaxNumber().doubleValue()).isZero();
    }

    @Test
    void graphsToo() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .weightInit(new NguyenWidrow())
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("in")
                .addLayer("hidden", new DenseLayer.Builder().nOut(12).build(), "in")
                .addLayer(
                        "noBias",
                        new DenseLayer.Builder().nOut(12).hasBias(false).build(),
                        "hidden")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .nOut(1)
                                .weightInit(Xavier.uniform())
                                .build(),
                        "noBias")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(4))
                .build());
        assertThatIllegalStateException().isThrownBy(() -> NguyenWidrow.initializeBiases(graph));
        graph.init();
        assertThat(NguyenWidrow.initializeBiases(graph)).isEqualTo(1);
        assertThat(graph.getLayer("hidden").getParam("b").amaxNumber().doubleValue())
                .isPositive();
        assertThat(graph.getLayer("out").getParam("b").amaxNumber().doubleValue())
                .isZero();
    }

    @Test
    void transposedConvolutionIsRefusedAtTheLatestWithItsBiases() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .weightInit(new NguyenWidrow())
                .list()
                .layer(new Deconvolution2D.Builder(3, 3).nOut(2).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .nOut(1)
                        .build())
                .setInputType(InputType.convolutional(5, 5, 2))
                .build());
        network.init();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NguyenWidrow.initializeBiases(network))
                .withMessage("layer 0 is a Deconvolution2D; valid: dense or ordinary convolutional");
    }

    @Test
    void bothOrdersGiveTheSameNorms() {
        for (char order : new char[] {'c', 'f'}) {
            INDArray weights = new NguyenWidrow().init(18, 45, new long[] {20, 2, 3, 3}, order, Nd4j.create(360));
            assertNorms(weights.norm2(1, 2, 3), 0.7 * Math.pow(20, 1 / 18.0));
        }
    }

    @Test
    void recurrentWeightsAreRefused() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .weightInit(new NguyenWidrow())
                .list()
                .layer(new LSTM.Builder().nOut(3).build()) // as many as inputs: the case that looks dense
                .layer(new RnnOutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .nOut(1)
                        .build())
                .setInputType(InputType.recurrent(3))
                .build());
        assertThatIllegalArgumentException().isThrownBy(network::init).withMessageContaining("valid: dense");
    }

    private static MultiLayerNetwork network(long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(new NguyenWidrow())
                .activation(Activation.TANH)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(10).build())
                .layer(new DenseLayer.Builder().nOut(2000).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(3)
                        .weightInit(Xavier.uniform())
                        .build())
                .setInputType(InputType.convolutional(8, 8, 1))
                .build());
        network.init();
        return network;
    }

    private static void assertNorms(INDArray norms, double expected) {
        double[] actual = norms.dup().reshape(-1).toDoubleVector();
        double[] wanted = new double[actual.length];
        Arrays.fill(wanted, expected);
        assertThat(actual).containsExactly(wanted, offset(1e-5 * expected));
    }
}
