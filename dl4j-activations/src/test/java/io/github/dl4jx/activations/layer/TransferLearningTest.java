package io.github.dl4jx.activations.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Learned layers that {@link TransferLearning} adds, or whose input becomes another: fresh parameters, all others kept. */
class TransferLearningTest {
    /** DL4J adds layers only with one. */
    private static final FineTuneConfiguration TUNING =
            new FineTuneConfiguration.Builder().updater(new Sgd(0.1)).build();

    private static DenseLayer dense(int in, int out) {
        return new DenseLayer.Builder()
                .nIn(in)
                .nOut(out)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static OutputLayer output(int in) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(in)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** [4 → 6, learned, 6 → 5, learned, output], its parameters unlike those at the start. */
    private static MultiLayerNetwork trained(String name) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .list()
                .layer(dense(4, 6))
                .layer(ActivationLayers.get(name))
                .layer(dense(6, 5))
                .layer(ActivationLayers.get(name))
                .layer(output(5))
                .build());
        network.init();
        network.params().addi(0.01);
        return network;
    }

    private static INDArray batch() {
        return Nd4j.rand(DataType.FLOAT, 7, 4).subi(0.5);
    }

    private static INDArray labels() {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 7, 3);
        labels.getColumn(1).assign(1);
        return labels;
    }

    private static void fresh(Map<String, INDArray> parameters, String name, int channels) {
        ((LearnedLayer) ActivationLayers.get(name)).startValues().forEach((key, start) -> {
            double[] expected = new double[name.equals("arelu") || name.contains("shared") ? 1 : channels];
            Arrays.fill(expected, start);
            assertThat(Objects.requireNonNull(parameters.get(key))
                            .reshape(-1)
                            .castTo(DataType.DOUBLE)
                            .toDoubleVector())
                    .as(key)
                    .containsExactly(expected, offset(1e-7));
        });
    }

    private static void trains(MultiLayerNetwork network) {
        INDArray before = network.params().dup();
        network.fit(batch(), labels());
        assertThat(network.params()).isNotEqualTo(before);
        assertThat(network.numParams()).isEqualTo(network.params().length());
        assertThat(network.clone().output(batch())).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prelu", "prelu(sharing=neuron)", "prelu(sharing=shared)", "pswish", "arelu"})
    void addedOnTop(String name) {
        MultiLayerNetwork old = trained(name);
        MultiLayerNetwork network = new TransferLearning.Builder(old)
                .fineTuneConfiguration(TUNING)
                .removeOutputLayer()
                .addLayer(dense(5, 8))
                .addLayer(ActivationLayers.get(name))
                .addLayer(output(8))
                .build();
        for (int i = 0; i < 4; i++) {
            assertThat(network.getLayer(i).params()).isEqualTo(old.getLayer(i).params());
        }
        fresh(network.getLayer(5).paramTable(), name, 8);
        trains(network);

        // and from there once more
        MultiLayerNetwork again = new TransferLearning.Builder(network)
                .setFeatureExtractor(2)
                .nOutReplace(4, 9, WeightInit.XAVIER)
                .nInReplace(6, 9, WeightInit.XAVIER)
                .build();
        for (int i = 0; i < 4; i++) {
            assertThat(again.getLayer(i).params()).isEqualTo(network.getLayer(i).params());
        }
        if (!name.equals("arelu") && !name.contains("shared")) {
            fresh(again.getLayer(5).paramTable(), name, 9);
        }
        trains(again);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prelu", "prelu(sharing=neuron)", "pswish"})
    void behindALayerThatBecomesWider(String name) {
        MultiLayerNetwork old = trained(name);
        MultiLayerNetwork network = new TransferLearning.Builder(old)
                .nOutReplace(0, 12, WeightInit.XAVIER)
                .nInReplace(2, 12, WeightInit.XAVIER)
                .build();
        fresh(network.getLayer(1).paramTable(), name, 12);
        for (int i = 3; i < 5; i++) {
            assertThat(network.getLayer(i).params()).isEqualTo(old.getLayer(i).params());
        }
        trains(network);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prelu", "prelu(sharing=neuron)", "pswish"})
    void inAGraphBehindALayerThatBecomesWider(String name) {
        ComputationGraph old = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .graphBuilder()
                .addInputs("in")
                .addLayer("first", dense(4, 6), "in")
                .addLayer("learned", ActivationLayers.get(name), "first")
                .addLayer("second", dense(6, 5), "learned")
                .addLayer("kept", ActivationLayers.get(name), "second")
                .addLayer("out", output(5), "kept")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(4))
                .build());
        old.init();
        old.params().addi(0.01);
        ComputationGraph graph = new TransferLearning.GraphBuilder(old)
                .setFeatureExtractor("first")
                .nOutReplace("first", 12, WeightInit.XAVIER)
                .nInReplace("second", 12, WeightInit.XAVIER)
                .setInputTypes(InputType.feedForward(4))
                .build();
        fresh(graph.getLayer("learned").paramTable(), name, 12);
        assertThat(graph.getLayer("kept").params())
                .isEqualTo(old.getLayer("kept").params());
        INDArray before = graph.params().dup();
        graph.fit(new INDArray[] {batch()}, new INDArray[] {labels()});
        assertThat(graph.params()).isNotEqualTo(before);
    }

    /** DL4J does not keep a network's input type, and behind a convolution it cannot be inferred. */
    @Test
    void behindConvolutionsTheBuilderTellsTheType() {
        MultiLayerNetwork old = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(2).build())
                .layer(output(0))
                .setInputType(InputType.convolutional(6, 6, 1))
                .build());
        old.init();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TransferLearning.Builder(old)
                        .fineTuneConfiguration(TUNING)
                        .removeOutputLayer()
                        .addLayer(ActivationLayers.get("prelu"))
                        .addLayer(output(32))
                        .build())
                .withMessageContaining("inputType on the builder of this layer");
        MultiLayerNetwork network = new TransferLearning.Builder(old)
                .fineTuneConfiguration(TUNING)
                .removeOutputLayer()
                .addLayer(new PReLU.Builder()
                        .inputType(InputType.convolutional(4, 4, 2))
                        .build())
                .addLayer(output(32))
                .build();
        fresh(network.getLayer(1).paramTable(), "prelu", 2);
        assertThat(network.getLayer(0).params()).isEqualTo(old.getLayer(0).params());
    }

    @Test
    void parametersOfAnotherLengthAreStillRefused() {
        MultiLayerNetwork network = trained("prelu");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.getLayer(1).setParams(Nd4j.zeros(DataType.FLOAT, 5)))
                .withMessageContaining("must be of length 6");
    }
}
