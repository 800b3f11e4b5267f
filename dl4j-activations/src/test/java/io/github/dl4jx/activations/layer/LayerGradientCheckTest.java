package io.github.dl4jx.activations.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Every parameter's gradient in whole networks, by DL4J's own central differences. */
class LayerGradientCheckTest {
    private static DataType before = Nd4j.defaultFloatingPointType();

    @BeforeAll
    static void inDouble() {
        before = Nd4j.defaultFloatingPointType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    /** GradientCheckUtil changes it for good. */
    @AfterAll
    static void asBefore() {
        Nd4j.setDefaultDataTypes(before, before);
    }

    static Stream<String> all() {
        return LayerNetworkTest.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void dense(String name) {
        MultiLayerConfiguration configuration = builder()
                .layer(new DenseLayer.Builder()
                        .nOut(6)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(ActivationLayers.get(name))
                .layer(output())
                .setInputType(InputType.feedForward(5))
                .build();
        check(configuration, random(1, 4, 5), classes(4), null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prelu", "pswish"})
    void someConvolutional(String name) {
        convolutional(name);
    }

    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("all")
    void convolutional(String name) {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            MultiLayerConfiguration configuration = builder()
                    .layer(new ConvolutionLayer.Builder(2, 2)
                            .nOut(4)
                            .dataFormat(format)
                            .activation(Activation.IDENTITY)
                            .build())
                    .layer(ActivationLayers.get(name))
                    .layer(new ConvolutionLayer.Builder(2, 2)
                            .nOut(3)
                            .dataFormat(format)
                            .activation(Activation.TANH)
                            .build())
                    .layer(output())
                    .setInputType(InputType.convolutional(5, 4, 2, format))
                    .build();
            boolean channelsFirst = format == CNN2DFormat.NCHW;
            INDArray x = channelsFirst ? random(2, 3, 2, 5, 4) : random(2, 3, 5, 4, 2);
            check(configuration, x, classes(3), null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prelu", "pswish"})
    void someRecurrentWithMask(String name) {
        recurrentWithMask(name);
    }

    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("all")
    void recurrentWithMask(String name) {
        for (RNNFormat format : RNNFormat.values()) {
            MultiLayerConfiguration configuration = builder()
                    .layer(new LSTM.Builder()
                            .nOut(4)
                            .dataFormat(format)
                            .activation(Activation.TANH)
                            .build())
                    .layer(ActivationLayers.get(name))
                    .layer(new RnnOutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                            .nOut(3)
                            .dataFormat(format)
                            .activation(Activation.SOFTMAX)
                            .build())
                    .setInputType(InputType.recurrent(2, 5, format))
                    .build();
            boolean channelsFirst = format == RNNFormat.NCW;
            INDArray labels = Nd4j.zeros(DataType.DOUBLE, 3, 3, 5);
            for (int i = 0; i < 15; i++) {
                labels.putScalar(i / 5, i % 3, i % 5, 1);
            }
            INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 1, 1, 1}, {1, 1, 1, 0, 0}, {1, 1, 0, 0, 0}});
            check(
                    configuration,
                    channelsFirst ? random(3, 3, 2, 5) : random(3, 3, 5, 2),
                    channelsFirst ? labels : labels.permute(0, 2, 1).dup('c'),
                    mask);
        }
    }

    @ParameterizedTest
    @EnumSource(Sharing.class)
    void parametersOfEverySharing(Sharing sharing) {
        MultiLayerConfiguration configuration = builder()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new PReLU.Builder().sharing(sharing).build())
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new ParametricSwish.Builder().sharing(sharing).build())
                .layer(output())
                .setInputType(InputType.convolutional(5, 4, 2))
                .build();
        MultiLayerNetwork network = check(configuration, random(4, 3, 2, 5, 4), classes(3), null);
        long[] expected =
                switch (sharing) {
                    case SHARED -> new long[] {1, 1};
                    case CHANNEL -> new long[] {3, 3};
                    case NEURON -> new long[] {4 * 3 * 3, 3 * 2 * 3};
                };
        assertThat(network.getParam("1_slope").length()).isEqualTo(expected[0]);
        assertThat(network.getParam("3_beta").length()).isEqualTo(expected[1]);
    }

    private static MultiLayerNetwork check(
            MultiLayerConfiguration configuration, INDArray x, INDArray labels, @Nullable INDArray mask) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        // every slope another one, none outside AReLU's clamp
        double[] noise = new Random(9).doubles(network.numParams(), -0.08, 0.08).toArray();
        network.params().addi(Nd4j.createFromArray(noise));
        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                        .net(network)
                        .input(x)
                        .labels(labels)
                        .inputMask(mask)
                        .labelMask(mask)
                        .epsilon(1e-6)
                        .maxRelError(1e-5)
                        .minAbsoluteError(1e-9)
                        .callEachIter(n -> Nd4j.getRandom().setSeed(77)))) // RReLU draws the same
                .isTrue();
        return network;
    }

    private static NeuralNetConfiguration.ListBuilder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(12)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nOut(3)
                .build();
    }

    private static INDArray random(int seed, long... shape) {
        int length = 1;
        for (long size : shape) {
            length *= (int) size;
        }
        return Nd4j.createFromArray(new Random(seed).doubles(length, -2, 2).toArray())
                .reshape('c', shape);
    }

    private static INDArray classes(int examples) {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, examples, 3);
        for (int i = 0; i < examples; i++) {
            labels.putScalar(i, i % 3, 1);
        }
        return labels;
    }
}
