package io.github.dl4jx.init.health;

import static io.github.dl4jx.init.NormalNumbers.normal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.activations.layer.CReLU;
import io.github.dl4jx.activations.layer.PReLU;
import io.github.dl4jx.init.ConfigurationNode;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Whether M2.1 ignores dropout where {@link Dropouts} says so: each layer runs as in training, with dropout and without. */
class DropoutsTest {
    private static final InputType FLAT = InputType.feedForward(6);
    private static final InputType SEQUENCE = InputType.recurrent(6, 8);
    private static final InputType IMAGE = InputType.convolutional(8, 8, 6);
    private static final InputType VOLUME = InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 4, 4, 4, 2);

    @SuppressWarnings("deprecation") // DL4J's Graves layer, which models of old still have
    static Stream<Arguments> layers() {
        INDArray flat = normal(32, 6);
        INDArray sequence = normal(32, 6, 8);
        INDArray image = normal(32, 6, 8, 8);
        INDArray volume = normal(32, 2, 4, 4, 4);
        return Stream.of(
                Arguments.of(new ActivationLayer(new Tanh()), FLAT, flat, true),
                Arguments.of(new BatchNormalization(), FLAT, flat, true),
                Arguments.of(new LocalResponseNormalization(), IMAGE, image, true),
                Arguments.of(new SubsamplingLayer.Builder().kernelSize(2, 2).build(), IMAGE, image, true),
                Arguments.of(new GlobalPoolingLayer(), IMAGE, image, true),
                Arguments.of(new EmbeddingLayer.Builder().nIn(6).nOut(3).build(), FLAT, Nd4j.ones(32, 1), true),
                Arguments.of(
                        new EmbeddingSequenceLayer.Builder().nIn(6).nOut(3).build(), SEQUENCE, Nd4j.ones(32, 8), true),
                Arguments.of(
                        new GravesBidirectionalLSTM.Builder()
                                .nOut(3)
                                .activation(new Tanh())
                                .build(),
                        SEQUENCE,
                        sequence,
                        true),
                Arguments.of(new Convolution3D.Builder(2, 2, 2).nOut(3).build(), VOLUME, volume, false),
                Arguments.of(new ZeroPadding1DLayer(1), SEQUENCE, sequence, true),
                Arguments.of(new ZeroPaddingLayer(1, 1), IMAGE, image, true),
                Arguments.of(new ZeroPadding3DLayer.Builder(1).build(), VOLUME, volume, true),
                Arguments.of(new Cropping1D(1), SEQUENCE, sequence, true),
                Arguments.of(new Cropping2D(1, 1), IMAGE, image, true),
                Arguments.of(new Cropping3D(1, 1, 1), VOLUME, volume, true),
                Arguments.of(new LossLayer.Builder().activation(new Tanh()).build(), FLAT, flat, true),
                Arguments.of(new RnnLossLayer.Builder().activation(new Tanh()).build(), SEQUENCE, sequence, true),
                Arguments.of(new CnnLossLayer.Builder().activation(new Tanh()).build(), IMAGE, image, true),
                Arguments.of(new PReLU.Builder().build(), FLAT, flat, false),
                Arguments.of(new CReLU.Builder().build(), FLAT, flat, false),
                Arguments.of(
                        new DenseLayer.Builder().nOut(3).activation(new ReLU()).build(), FLAT, flat, false),
                Arguments.of(new ConvolutionLayer.Builder(3, 3).nOut(3).build(), IMAGE, image, false),
                Arguments.of(new Upsampling2D.Builder(2).build(), IMAGE, image, false),
                Arguments.of(new LSTM.Builder().nOut(3).activation(new Tanh()).build(), SEQUENCE, sequence, false));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("layers")
    void ignored(Layer layer, InputType input, INDArray batch, boolean ignored) {
        MultiLayerConfiguration configuration = Build.settings()
                .seed(1)
                .list(layer)
                .setInputType(input)
                .validateOutputLayerConfig(false)
                .build();
        ConfigurationNode node =
                ConfigurationNode.of(configuration).values().iterator().next();
        assertThat(Dropouts.ignoring(node)).isEqualTo(ignored);
        INDArray without = run(configuration.clone(), batch);
        configuration.getConf(0).getLayer().setIDropout(new Dropout(0.1));
        assertThat(run(configuration, batch).equals(without)).isEqualTo(ignored);
    }

    private static INDArray run(MultiLayerConfiguration configuration, INDArray batch) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network.getLayer(0)
                .activate(batch.dup(), true, LayerWorkspaceMgr.noWorkspaces())
                .dup();
    }
}
