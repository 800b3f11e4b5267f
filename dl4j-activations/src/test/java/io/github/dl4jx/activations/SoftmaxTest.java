package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.offset;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.BernoulliReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Softmax, and with it Sigmoid, where DL4J tests for its own classes: losses, validation, autoencoder. */
class SoftmaxTest {

    /** Dimension 1, where DL4J's own takes the last. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void featuresAreDimensionOne(int rank) {
        int[] shape = new int[] {4, 3, 5, 2, 2};
        long[] s = new long[rank];
        for (int i = 0; i < rank; i++) {
            s[i] = shape[i];
        }
        INDArray x = Nd4j.randn(DataType.DOUBLE, s);
        INDArray y = new Softmax().getActivation(x.dup(), true);
        INDArray sums = y.sum(1);
        assertThat(sums.sub(1).amaxNumber().doubleValue()).isLessThan(1e-14);
        if (rank == 2) {
            INDArray builtIn = Activation.SOFTMAX.getActivationFunction().getActivation(x.dup(), true);
            assertThat(y.equalsWithEps(builtIn, 1e-14)).isTrue();
        }
    }

    /** Small and large, few features and more than a block holds; double arrays never see that code. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "64,10",
                "1,1",
                "5,1024",
                "3,1025",
                "4099,33",
                "20011,10",
                "2,7,33,31",
                "2,20,9,8",
                "3,5,11",
                "70,16"
            })
    void floatAgreesWithDouble(String sizes) {
        long[] shape =
                Stream.of(sizes.split(",", -1)).mapToLong(Long::parseLong).toArray();
        Softmax softmax = new Softmax();
        INDArray x = Nd4j.randn(DataType.DOUBLE, shape).muli(5);
        INDArray g = Nd4j.randn(DataType.DOUBLE, shape);
        INDArray value = softmax.getActivation(x.dup(), true).castTo(DataType.FLOAT);
        INDArray gradient = softmax.backprop(x.dup(), g).getFirst().castTo(DataType.FLOAT);
        for (char order : new char[] {'c', 'f'}) {
            INDArray in = x.castTo(DataType.FLOAT).dup(order);
            assertThat(softmax.getActivation(in, true)).isSameAs(in);
            assertThat(in.equalsWithEps(value, 2e-6)).isTrue();
            for (char other : new char[] {'c', 'f'}) {
                INDArray dx = x.castTo(DataType.FLOAT).dup(order);
                softmax.backprop(dx, g.castTo(DataType.FLOAT).dup(other));
                assertThat(dx.equalsWithEps(gradient, 5e-6)).isTrue();
            }
        }
    }

    /**
     * What the Javadoc warns of: in a hidden NHWC convolution DL4J hands over NHWC forwards and NCHW backwards. If
     * this fails, upstream hands over one format, and the warning can go.
     */
    @Test
    void hiddenConvolutionInNhwcIsNoPlaceForSoftmax() {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .seed(1)
                    .list()
                    .layer(new ConvolutionLayer.Builder(1, 1)
                            .nOut(4)
                            .activation(new Softmax())
                            .build())
                    .layer(new CnnLossLayer.Builder()
                            .activation(new Identity())
                            .format(format)
                            .build())
                    .setInputType(InputType.convolutional(5, 3, 2, format))
                    .build());
            network.init();
            boolean nchw = format == CNN2DFormat.NCHW;
            INDArray x = nchw ? Nd4j.rand(DataType.FLOAT, 2, 2, 5, 3) : Nd4j.rand(DataType.FLOAT, 2, 5, 3, 2);
            INDArray sums = network.feedForward(x).get(1).sum(nchw ? 1 : 3);
            assertThat(sums.sub(1).amaxNumber().doubleValue() < 1e-5).isEqualTo(nchw);
        }
    }

    @Test
    void nanStaysInItsExample() {
        INDArray x = Nd4j.createFromArray(new double[][] {{1, Double.NaN, 2}, {1, 2, 3}});
        for (String name : new String[] {"softmax", "abrelu"}) {
            IActivation activation = Activations.get(name);
            INDArray y = activation.getActivation(x.dup(), true);
            INDArray gradient = activation
                    .backprop(x.dup(), Nd4j.ones(DataType.DOUBLE, 2, 3))
                    .getFirst();
            for (INDArray result : new INDArray[] {y, gradient}) {
                assertThat(result.getRow(1).isNaN().any()).as(name).isFalse();
            }
            assertThat(y.getRow(0).isNaN().any()).as(name).isTrue();
        }
    }

    @Test
    void crossEntropyOfHugeLogitsStaysFinite() {
        INDArray logits = Nd4j.createFromArray(new float[][] {{200, -200, 0}, {-200, 200, 200}});
        INDArray labels = Nd4j.createFromArray(new float[][] {{0, 1, 0}, {1, 0, 0}});
        assertLossIsFinite(LossFunctions.LossFunction.MCXENT, logits, labels, new Softmax(), new ActivationSoftmax());
        assertLossIsFinite(LossFunctions.LossFunction.XENT, logits, labels, new Sigmoid(), new ActivationSigmoid());
    }

    private static void assertLossIsFinite(
            LossFunctions.LossFunction function,
            INDArray logits,
            INDArray labels,
            IActivation ours,
            IActivation builtIn) {
        ILossFunction loss = function.getILossFunction();
        double score = loss.computeScore(labels, logits.dup(), ours, null, true);
        assertThat(score)
                .isFinite()
                .isEqualTo(loss.computeScore(labels, logits.dup(), builtIn, null, true), offset(1e-5));
        INDArray gradient = loss.computeGradient(labels, logits.dup(), ours, null);
        assertThat(gradient.isNaN().any() || gradient.isInfinite().any()).isFalse();
        assertThat(gradient.equalsWithEps(loss.computeGradient(labels, logits.dup(), builtIn, null), 1e-5))
                .isTrue();
    }

    /** DL4J refuses softmax with binary, and sigmoid with multi-class cross-entropy: by class. */
    @Test
    void validationKnowsThem() {
        assertThat(refuses(new Softmax(), LossFunctions.LossFunction.XENT)).isTrue();
        assertThat(refuses(new Sigmoid(), LossFunctions.LossFunction.MCXENT)).isTrue();
        assertThat(refuses(new Softmax(), LossFunctions.LossFunction.MCXENT)).isFalse();
        assertThat(refuses(new Sigmoid(), LossFunctions.LossFunction.XENT)).isFalse();
    }

    private static boolean refuses(IActivation activation, LossFunctions.LossFunction loss) {
        try {
            outputs(activation, loss);
            return false;
        } catch (RuntimeException e) {
            assertThat(e).hasMessageContaining("Invalid output layer configuration");
            return true;
        }
    }

    private static MultiLayerConfiguration outputs(IActivation activation, LossFunctions.LossFunction loss) {
        return new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder(loss)
                        .nIn(3)
                        .nOut(4)
                        .activation(activation)
                        .build())
                .build();
    }

    @Test
    void autoencoderTrainsWithSigmoid() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-2))
                .list()
                .layer(new VariationalAutoencoder.Builder()
                        .nIn(6)
                        .nOut(2)
                        .encoderLayerSizes(8)
                        .decoderLayerSizes(8)
                        .activation(new Tanh())
                        .pzxActivationFn(new Identity())
                        .reconstructionDistribution(new BernoulliReconstructionDistribution(new Sigmoid()))
                        .build())
                .build());
        network.init();
        INDArray x = Nd4j.rand(DataType.FLOAT, 20, 6).gt(0.5).castTo(DataType.FLOAT);
        assertThatCode(() -> {
                    for (int i = 0; i < 10; i++) {
                        network.pretrainLayer(0, x);
                    }
                })
                .doesNotThrowAnyException();
        assertThat(network.params().isNaN().any()).isFalse();
    }

    @Test
    void equalsIsSymmetric() {
        assertThat(new Softmax()).isEqualTo(new Softmax()).isNotEqualTo(new ActivationSoftmax());
        assertThat(new ActivationSoftmax()).isNotEqualTo(new Softmax());
        assertThat(new Sigmoid()).isEqualTo(new Sigmoid()).isNotEqualTo(new ActivationSigmoid());
        assertThat(new ActivationSigmoid()).isNotEqualTo(new Sigmoid());
    }
}
