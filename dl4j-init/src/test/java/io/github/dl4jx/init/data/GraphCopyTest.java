package io.github.dl4jx.init.data;

import static io.github.dl4jx.init.NormalNumbers.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jx.init.He;
import io.github.dl4jx.init.Initializers;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks of forms that are less usual: all that goes through a copy works for them. */
class GraphCopyTest {
    static Stream<DataInitializer> initializers() {
        return Stream.of(new LayerSequentialUnitVariance(), new Krahenbuhl());
    }

    private static MultiLayerNetwork network(InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(3)
                .activation(Activation.RELU)
                .convolutionMode(ConvolutionMode.Same)
                .list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        return network;
    }

    private static OutputLayer output(int in) {
        return new OutputLayer.Builder(LossFunction.XENT)
                .nIn(in)
                .nOut(1)
                .activation(Activation.SIGMOID)
                .build();
    }

    /** A generator in front of a discriminator that stays as it is. */
    private static MultiLayerNetwork adversarial() {
        return network(
                InputType.feedForward(4),
                new DenseLayer.Builder().nOut(12).build(),
                new DenseLayer.Builder().nOut(6).build(),
                new FrozenLayerWithBackprop(
                        new DenseLayer.Builder().nIn(6).nOut(9).build()),
                new FrozenLayerWithBackprop(output(9)));
    }

    @ParameterizedTest
    @MethodSource("initializers")
    void lossInsideAFrozenLayer(DataInitializer initializer) {
        MultiLayerNetwork network = adversarial();
        INDArray frozen =
                Nd4j.hstack(network.getLayer(2).params(), network.getLayer(3).params());
        INDArray generator = network.getLayer(0).params().dup();
        DataInitializationReport report = initializer.apply(network, normal(64, 4));
        assertThat(Nd4j.hstack(network.getLayer(2).params(), network.getLayer(3).params()))
                .isEqualTo(frozen);
        assertThat(network.getLayer(0).params()).isNotEqualTo(generator);
        assertThat(report.rows())
                .filteredOn(DataInitializationReport.Row::initialized)
                .hasSize(2);
        if (initializer instanceof Krahenbuhl) {
            assertThat(report.rows().get(0).changeRate()).isPositive();
        }
    }

    @Test
    void signalsOfALossInsideAFrozenLayer() {
        List<LayerSignal> signals = Signals.of(adversarial(), normal(64, 4));
        assertThat(signals).hasSize(5);
        assertThat(signals.get(1).gradient().orElseThrow()).isPositive();
    }

    /** What is not initialised is told from what has nothing to initialise. */
    @Test
    void graphWithoutParameters() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "loss",
                        new LossLayer.Builder(LossFunction.MSE)
                                .activation(Activation.TANH)
                                .build(),
                        "in")
                .setOutputs("loss")
                .build());
        graph.init();
        assertThat(Signals.of(graph, normal(16, 4))).hasSize(2);
        assertThat(new LayerSequentialUnitVariance().apply(graph, normal(16, 4)).rows())
                .isEmpty();
        assertThat(Initializers.apply(graph, new He()).parameters()).isEmpty();

        MultiLayerNetwork fresh = new MultiLayerNetwork(adversarial().getLayerWiseConfigurations());
        assertThatIllegalStateException()
                .isThrownBy(() -> Signals.of(fresh, normal(16, 4)))
                .withMessageContaining("call init()");
    }

    @ParameterizedTest
    @MethodSource("initializers")
    void depthwiseAndSeparableConvolutionsBehindOthers(DataInitializer initializer) {
        MultiLayerNetwork network = network(
                InputType.convolutional(6, 6, 2),
                new SeparableConvolution2D.Builder(3, 3)
                        .depthMultiplier(1)
                        .nOut(12)
                        .build(),
                new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(2).build(),
                new SeparableConvolution2D.Builder(3, 3)
                        .depthMultiplier(2)
                        .nOut(5)
                        .build(),
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build());
        DataInitializationReport report = initializer.apply(network, normal(64, 2, 6, 6));
        assertThat(report.rows())
                .hasSize(4)
                .allMatch(DataInitializationReport.Row::initialized)
                .allSatisfy(row ->
                        assertThat(Objects.requireNonNull(row.variance())).isPositive());
    }

    /** A part of a larger array, as the batches of a data set in memory are. */
    @ParameterizedTest
    @MethodSource("initializers")
    void aBatchThatIsAViewGivesTheSameWeights(DataInitializer initializer) {
        INDArray all = normal(100, 2, 6, 6);
        INDArray view =
                all.get(NDArrayIndex.interval(15, 95), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all());
        INDArray[] results = Stream.of(view, view.dup())
                .map(batch -> {
                    MultiLayerNetwork network = network(
                            InputType.convolutional(6, 6, 2),
                            new ConvolutionLayer.Builder(3, 3).nOut(4).build(),
                            new DenseLayer.Builder().nOut(20).build(),
                            new OutputLayer.Builder(LossFunction.MCXENT)
                                    .nOut(3)
                                    .activation(Activation.SOFTMAX)
                                    .build());
                    Nd4j.getRandom().setSeed(5);
                    initializer.apply(network, batch);
                    return network.params();
                })
                .toArray(INDArray[]::new);
        assertThat(results[0]).isEqualTo(results[1]);
    }
}
