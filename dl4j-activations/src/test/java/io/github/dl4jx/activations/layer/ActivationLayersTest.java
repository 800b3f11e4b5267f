package io.github.dl4jx.activations.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashSet;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryType;
import org.deeplearning4j.nn.conf.memory.MemoryUseMode;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** The catalogue, what layers say of themselves, and what they refuse. */
class ActivationLayersTest {

    static List<String> names() {
        return ActivationLayers.names();
    }

    @Test
    void namesAndAliases() {
        assertThat(ActivationLayers.names()).containsExactly("arelu", "crelu", "maxout", "prelu", "pswish", "rrelu");
        assertThat(ActivationLayers.entry("Parametric-Swish").name()).isEqualTo("pswish");
        assertThat(ActivationLayers.entries()).hasSize(6).allSatisfy(entry -> {
            assertThat(entry.create()).isExactlyInstanceOf(entry.type());
            assertThat(entry.formula()).isNotEmpty();
            assertThat(entry.derivative()).isNotEmpty();
            assertThat(entry.range()).isNotEmpty();
            assertThat(entry.source()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachCallMakesALayer(String name) {
        Layer layer = ActivationLayers.get(name);
        assertThat(ActivationLayers.get(name))
                .isEqualTo(layer)
                .hasSameHashCodeAs(layer)
                .isNotSameAs(layer);
        assertThat(layer.clone()).isEqualTo(layer).isNotSameAs(layer);
        assertThat(ActivationLayers.get(layer.toString())).isEqualTo(layer);
        assertThat(ActivationLayers.canonical(layer.toString())).isEqualTo(name);
        layer.setNIn(InputType.feedForward(4), true);
        assertThat(ActivationLayers.get(name)).isNotEqualTo(layer);
        assertThat(layer).isNotEqualTo(ActivationLayers.get(name));
    }

    @Test
    void layersOfDifferentSettingsDiffer() {
        List<String> specifications = List.of(
                "prelu",
                "prelu(slope=0.1)",
                "prelu(sharing=shared)",
                "pswish",
                "pswish(beta=2)",
                "pswish(sharing=neuron)",
                "arelu",
                "arelu(alpha=0.5)",
                "arelu(beta=1)",
                "rrelu",
                "rrelu(lower=0)",
                "rrelu(upper=0.5)",
                "crelu",
                "maxout",
                "maxout(pieces=3)");
        assertThat(new HashSet<>(
                        specifications.stream().map(ActivationLayers::get).toList()))
                .hasSameSizeAs(specifications);
        assertThat(new PReLU.Builder().l2(0.1).build()).isNotEqualTo(new PReLU.Builder().build());
        assertThat(new DenseLayer.Builder().build()).isNotEqualTo(ActivationLayers.get("prelu"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prelu(slope=steep)          | parameter 'slope' of 'prelu' is 'steep'; valid: a number",
                "pswish(beta=1e999)          | initialBeta is Infinity; valid: a finite number",
                "arelu(alpha=1)              | initialAlpha is 1.0; valid: [0.01, 0.99]",
                "arelu(alpha=0)              | initialAlpha is 0.0; valid: [0.01, 0.99]",
                "rrelu(lower=-1)             | lower is -1.0; valid: a finite number >= 0",
                "rrelu(upper=0.1)            | upper is 0.1; valid: >= lower, 0.125",
                "maxout(pieces=0)            | pieces is 0.0; valid: a whole number >= 1",
                "maxout(pieces=2.5)          | pieces is 2.5; valid: a whole number >= 1",
                "prelu(sharing=row)          | 'sharing' of 'prelu' is 'row'; valid: channel | neuron | shared",
                "crelu(sharing=channel)      | 'crelu' has no parameter 'sharing'",
                "prelou                      | valid: arelu, crelu, maxout, prelu, pswish, rrelu"
            },
            quoteCharacter = '"')
    void badSpecificationsAreRefused(String specification, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ActivationLayers.get(specification))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prelu", "pswish"})
    void missingInputTypeIsRefused(String name) {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new ConvolutionLayer.Builder(1, 1).nIn(1).nOut(2).build())
                .layer(ActivationLayers.get(name))
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MultiLayerNetwork(configuration).init())
                .withMessage("inputType is null; valid: a type, by setInputType on the network or inputType on the"
                        + " builder of this layer");
    }

    @ParameterizedTest
    @MethodSource("names")
    void inputTypesWithoutChannelsAreRefused(String name) {
        Layer layer = ActivationLayers.get(name);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.setNIn(InputType.feedForward(0), true))
                .withMessageContaining("inputType is InputTypeFeedForward(0); valid: a type with 1 or more channels");
    }

    @Test
    void unknownSizesAreRefusedWhereTheyCount() {
        Layer layer = ActivationLayers.get("prelu(sharing=neuron)");
        layer.setNIn(InputType.convolutional(0, 3, 2), true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.initializer().numParams(layer))
                .withMessageContaining("h=0")
                .withMessageContaining("valid: a type with every size known");
        Layer channels = ActivationLayers.get("prelu");
        channels.setNIn(InputType.convolutional(0, 3, 2), true);
        assertThat(channels.initializer().numParams(channels)).isEqualTo(2);
    }

    @Test
    void inputOfAnotherShapeIsRefused() {
        refuses("prelu", InputType.convolutional(5, 4, 3), "[2, 4, 5, 4]; valid: [-1, 3, -1, -1]", 2, 4, 5, 4);
        refuses("pswish(sharing=neuron)", InputType.convolutional(5, 4, 3), "valid: [-1, 3, 5, 4]", 2, 3, 5, 5);
        refuses("prelu", InputType.recurrent(3, RNNFormat.NWC), "[2, 3, 4]; valid: [-1, -1, 3]", 2, 3, 4);
        refuses("prelu", InputType.feedForward(3), "[2, 3, 1]; valid: [-1, 3]", 2, 3, 1);
        refuses("crelu", InputType.feedForward(3), "[2, 4]; valid: [-1, 3]", 2, 4);
        refuses("maxout", InputType.feedForward(4), "[2, 6]; valid: [-1, 4]", 2, 6);
        refuses("arelu", InputType.feedForward(3), "[3]; valid: rank 2 or more", 3);
    }

    private static void refuses(String name, InputType type, String message, long... shape) {
        Bench bench = new Bench(ActivationLayers.get(name), type, DataType.FLOAT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bench.forward(Nd4j.zeros(DataType.FLOAT, shape), true))
                .withMessageContaining(message);
    }

    @Test
    void maxoutRefusesChannelsThatItsPiecesDoNotDivide() {
        Layer maxout = new Maxout.Builder().pieces(3).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> maxout.getOutputType(1, InputType.convolutional(5, 4, 7)))
                .withMessage("channels of the input are 7; valid: a multiple of pieces, 3");
        Bench bench = new Bench(maxout, null, DataType.FLOAT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bench.forward(Nd4j.zeros(DataType.FLOAT, 2, 7), false))
                .withMessage("channels of the input are 7; valid: a multiple of pieces, 3");
    }

    @Test
    void masksAndGradientsOfAnotherShapeAreRefused() {
        Bench bench = new Bench(ActivationLayers.get("prelu"), InputType.convolutional(5, 4, 3), DataType.FLOAT);
        INDArray x = Nd4j.ones(DataType.FLOAT, 2, 3, 5, 4);
        bench.forward(x, true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bench.backward(Nd4j.ones(DataType.FLOAT, 2, 3, 5, 1)))
                .withMessageContaining("epsilon has shape [2, 3, 5, 1]; valid: the shape of the input, [2, 3, 5, 4]");
        bench.layer.setMaskArray(Nd4j.ones(DataType.FLOAT, 2, 4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bench.backward(x))
                .withMessageContaining("mask has shape [2, 4]; valid:");
    }

    @Test
    void settingsWithoutMeaningAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new PReLU.Builder().activation(Activation.TANH).build())
                .withMessageContaining("activation is tanh; valid: not set");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParametricSwish.Builder()
                        .weightInit(WeightInit.XAVIER)
                        .build())
                .withMessageContaining("weightInit is");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new AReLU.Builder().weightNoise(new DropConnect(0.5)).build())
                .withMessageContaining("weightNoise is");
    }

    @Test
    void backpropagationNeedsAForwardPass() {
        Bench bench = new Bench(ActivationLayers.get("crelu"), null, DataType.FLOAT);
        assertThatIllegalStateException().isThrownBy(() -> bench.backward(Nd4j.ones(DataType.FLOAT, 2, 4)));
    }

    @Test
    void outputTypes() {
        InputType rows = InputType.feedForward(6);
        InputType flat = InputType.convolutionalFlat(5, 4, 6);
        InputType nchw = InputType.convolutional(5, 4, 6);
        InputType nhwc = InputType.convolutional(5, 4, 6, CNN2DFormat.NHWC);
        InputType ncw = InputType.recurrent(6, 9);
        InputType nwc = InputType.recurrent(6, 9, RNNFormat.NWC);
        InputType volume = InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 2, 3, 4, 6);
        for (String name : List.of("prelu", "pswish", "arelu", "rrelu")) {
            for (InputType type : List.of(rows, flat, nchw, nhwc, ncw, nwc, volume)) {
                assertThat(ActivationLayers.get(name).getOutputType(0, type)).isEqualTo(type);
            }
        }
        Layer crelu = ActivationLayers.get("crelu");
        assertThat(crelu.getOutputType(0, rows)).isEqualTo(InputType.feedForward(12));
        assertThat(crelu.getOutputType(0, flat)).isEqualTo(InputType.feedForward(240));
        assertThat(crelu.getOutputType(0, nchw)).isEqualTo(InputType.convolutional(5, 4, 12));
        assertThat(crelu.getOutputType(0, nhwc)).isEqualTo(InputType.convolutional(5, 4, 12, CNN2DFormat.NHWC));
        assertThat(crelu.getOutputType(0, ncw)).isEqualTo(InputType.recurrent(12, 9));
        assertThat(crelu.getOutputType(0, nwc)).isEqualTo(InputType.recurrent(12, 9, RNNFormat.NWC));
        assertThat(crelu.getOutputType(0, volume))
                .isEqualTo(InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 2, 3, 4, 12));
        Layer maxout = ActivationLayers.get("maxout(pieces=3)");
        assertThat(maxout.getOutputType(0, rows)).isEqualTo(InputType.feedForward(2));
        assertThat(maxout.getOutputType(0, flat)).isEqualTo(InputType.feedForward(40));
        assertThat(maxout.getOutputType(0, nhwc)).isEqualTo(InputType.convolutional(5, 4, 2, CNN2DFormat.NHWC));
    }

    @Test
    void flattenedImagesAreRows() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new PReLU.Builder().build())
                .layer(new Maxout.Builder().build())
                .layer(new CReLU.Builder().build())
                .layer(output())
                .setInputType(InputType.convolutionalFlat(3, 4, 2))
                .build());
        network.init();
        assertThat(network.getParam("0_slope").shape()).containsExactly(1, 24);
        assertThat(network.output(Nd4j.rand(DataType.FLOAT, 5, 24)).shape()).containsExactly(5, 3);
    }

    @Test
    void parametersArePerChannelNeuronOrLayer() {
        InputType nhwc = InputType.convolutional(5, 4, 6, CNN2DFormat.NHWC);
        assertThat(slopes(Sharing.CHANNEL, nhwc)).containsExactly(1, 1, 1, 6);
        assertThat(slopes(Sharing.NEURON, nhwc)).containsExactly(1, 5, 4, 6);
        assertThat(slopes(Sharing.SHARED, nhwc)).containsExactly(1, 1);
        assertThat(slopes(Sharing.CHANNEL, InputType.convolutional(5, 4, 6))).containsExactly(1, 6, 1, 1);
        assertThat(slopes(Sharing.NEURON, InputType.recurrent(6, 9))).containsExactly(1, 6, 1);
        assertThat(slopes(Sharing.NEURON, InputType.recurrent(6, RNNFormat.NWC)))
                .containsExactly(1, 1, 6);
        assertThat(slopes(Sharing.NEURON, InputType.feedForward(6))).containsExactly(1, 6);
        Layer unknown = ActivationLayers.get("prelu");
        assertThat(unknown.initializer().numParams(unknown)).isZero();
        Layer arelu = ActivationLayers.get("arelu");
        assertThat(arelu.initializer().numParams(arelu)).isEqualTo(2);
    }

    private static long[] slopes(Sharing sharing, InputType type) {
        PReLU layer = new PReLU.Builder().sharing(sharing).inputType(type).build();
        return new Bench(layer, null, DataType.FLOAT).layer.getParam("slope").shape();
    }

    @Test
    void builderTellsTheTypeToANetworkThatKnowsNone() {
        InputType nhwc = InputType.convolutional(3, 3, 4, CNN2DFormat.NHWC);
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new Adam())
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nIn(1)
                        .nOut(4)
                        .dataFormat(CNN2DFormat.NHWC)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new PReLU.Builder().inputType(nhwc).build())
                .layer(new CReLU.Builder().inputType(nhwc).build())
                .build());
        network.init();
        INDArray y = network.output(Nd4j.rand(DataType.FLOAT, 2, 4, 4, 1));
        assertThat(y.shape()).containsExactly(2, 3, 3, 8);
        // DL4J reads the type off a first dense layer
        MultiLayerNetwork dense = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder().nIn(3).nOut(6).build())
                .layer(new PReLU.Builder().build())
                .layer(output())
                .build());
        dense.init();
        assertThat(dense.getParam("1_slope").shape()).containsExactly(1, 6);
    }

    @Test
    void constraintsActOnTheParameters() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new PReLU.Builder()
                        .initialSlope(5)
                        .constrainWeights(new MaxNormConstraint(1, 0))
                        .build())
                .layer(output())
                .setInputType(InputType.feedForward(4))
                .build();
        MultiLayerConfiguration loaded = MultiLayerConfiguration.fromJson(configuration.toJson());
        assertThat(loaded).isEqualTo(configuration);
        for (MultiLayerConfiguration each : List.of(configuration, loaded)) {
            MultiLayerNetwork network = new MultiLayerNetwork(each);
            network.init();
            network.fit(Nd4j.ones(DataType.FLOAT, 2, 4), Nd4j.zeros(DataType.FLOAT, 2, 3));
            assertThat(network.getParam("0_slope").maxNumber().doubleValue()).isLessThanOrEqualTo(1.001);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void memoryReportCountsParametersAndResults(String name) {
        InputType type = InputType.convolutional(5, 4, 6);
        Layer layer = ActivationLayers.get(name);
        layer.setNIn(type, true);
        LayerMemoryReport report = layer.getMemoryReport(type);
        long parameters = layer.initializer().numParams(layer);
        assertThat(memory(report, MemoryType.PARAMETERS)).isEqualTo(4 * parameters);
        assertThat(memory(report, MemoryType.ACTIVATIONS))
                .isEqualTo(4 * 8 * layer.getOutputType(0, type).arrayElementsPerExample());
        assertThat(memory(report, MemoryType.ACTIVATION_GRADIENTS)).isEqualTo(4 * 8 * 120);
        assertThat(memory(report, MemoryType.WORKING_MEMORY_VARIABLE)).isPositive();
    }

    private static long memory(LayerMemoryReport report, MemoryType type) {
        return report.getMemoryBytes(type, 8, MemoryUseMode.TRAINING, CacheMode.NONE, DataType.FLOAT);
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nOut(3)
                .build();
    }
}
