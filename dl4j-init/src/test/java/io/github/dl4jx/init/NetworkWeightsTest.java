package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jx.activations.layer.ActivationLayers;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** {@link Initializers#apply} on networks of every kind of layer. */
@SuppressWarnings("deprecation") // the Graves layers
class NetworkWeightsTest {
    private static final InputType SEQUENCE = InputType.recurrent(3, 6);
    private static final InputType IMAGE = InputType.convolutional(9, 9, 3);
    private static final InputType VOLUME = InputType.convolutional3D(9, 9, 9, 2);

    /** Layer, its input, and for each parameter that is drawn its fan-in and fan-out; all others are left alone. */
    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of(
                        new DenseLayer.Builder().nOut(5).hasLayerNorm(true).build(),
                        InputType.feedForward(3),
                        Map.of("W", fans(3, 5))),
                Arguments.of(
                        new OutputLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .nOut(5)
                                .build(),
                        InputType.feedForward(3),
                        Map.of("W", fans(3, 5))),
                Arguments.of(new Convolution1DLayer.Builder(4, 2).nOut(5).build(), SEQUENCE, Map.of("W", fans(12, 10))),
                Arguments.of(
                        new ConvolutionLayer.Builder(3, 2).stride(2, 1).nOut(5).build(),
                        IMAGE,
                        Map.of("W", fans(18, 15))),
                Arguments.of(
                        new Convolution3D.Builder(3, 3, 3)
                                .stride(2, 2, 2)
                                .nOut(4)
                                .build(),
                        VOLUME,
                        Map.of("W", fans(54, 13.5))),
                Arguments.of(
                        new DepthwiseConvolution2D.Builder(3, 3)
                                .depthMultiplier(4)
                                .stride(2, 2)
                                .build(),
                        IMAGE,
                        Map.of("W", fans(9, 9))),
                Arguments.of(
                        new SeparableConvolution2D.Builder(3, 3)
                                .depthMultiplier(4)
                                .nOut(5)
                                .build(),
                        IMAGE,
                        Map.of("W", fans(9, 36), "pW", fans(12, 5))),
                Arguments.of(
                        new Deconvolution2D.Builder(4, 4).stride(2, 2).nOut(5).build(),
                        IMAGE,
                        Map.of("W", fans(12, 80))),
                Arguments.of(
                        new Deconvolution3D.Builder()
                                .kernelSize(2, 2, 2)
                                .stride(2, 2, 2)
                                .nOut(5)
                                .build(),
                        VOLUME,
                        Map.of("W", fans(2, 40))),
                Arguments.of(new LSTM.Builder().nOut(5).build(), SEQUENCE, Map.of("W", fans(3, 5), "RW", fans(5, 5))),
                Arguments.of(
                        new GravesLSTM.Builder().nOut(5).build(), SEQUENCE, Map.of("W", fans(3, 5), "RW", fans(5, 5))),
                Arguments.of(
                        new GravesBidirectionalLSTM.Builder().nOut(5).build(),
                        SEQUENCE,
                        Map.of("WF", fans(3, 5), "RWF", fans(5, 5), "WB", fans(3, 5), "RWB", fans(5, 5))),
                Arguments.of(
                        new SimpleRnn.Builder().nOut(5).hasLayerNorm(true).build(),
                        SEQUENCE,
                        Map.of("W", fans(3, 5), "RW", fans(5, 5))),
                Arguments.of(
                        new Bidirectional(new LSTM.Builder().nOut(5).build()),
                        SEQUENCE,
                        Map.of("fW", fans(3, 5), "fRW", fans(5, 5), "bW", fans(3, 5), "bRW", fans(5, 5))),
                Arguments.of(
                        new LastTimeStep(new SimpleRnn.Builder().nOut(5).build()),
                        SEQUENCE,
                        Map.of("W", fans(3, 5), "RW", fans(5, 5))),
                Arguments.of(
                        new EmbeddingLayer.Builder().nIn(7).nOut(5).build(),
                        InputType.feedForward(7),
                        Map.of("W", fans(1, 5))),
                Arguments.of(
                        new EmbeddingSequenceLayer.Builder().nIn(7).nOut(5).build(),
                        InputType.recurrent(7, 6),
                        Map.of("W", fans(1, 5))),
                Arguments.of(
                        new AutoEncoder.Builder().nOut(5).build(), InputType.feedForward(3), Map.of("W", fans(3, 5))),
                Arguments.of(
                        new VariationalAutoencoder.Builder()
                                .encoderLayerSizes(4)
                                .decoderLayerSizes(6)
                                .nOut(5)
                                .build(),
                        InputType.feedForward(3),
                        Map.of(
                                "e0W", fans(3, 4),
                                "pZXMeanW", fans(4, 5),
                                "pZXLogStd2W", fans(4, 5),
                                "d0W", fans(5, 6),
                                "pXZW", fans(6, 6))),
                Arguments.of(new BatchNormalization(), InputType.feedForward(3), Map.of()),
                Arguments.of(ActivationLayers.get("prelu"), InputType.feedForward(3), Map.of()),
                Arguments.of(
                        new ElementWiseMultiplicationLayer.Builder()
                                .nIn(3)
                                .nOut(3)
                                .build(),
                        InputType.feedForward(3),
                        Map.of()),
                Arguments.of(
                        new FrozenLayer(new DenseLayer.Builder().nOut(5).build()), InputType.feedForward(3), Map.of()),
                Arguments.of(
                        new FrozenLayerWithBackprop(
                                new DenseLayer.Builder().nIn(3).nOut(5).build()),
                        InputType.feedForward(3),
                        Map.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void weightsAreDrawnByTheTrueFansAndAllElseIsLeftAlone(Layer layer, InputType input, Map<String, double[]> fans) {
        MultiLayerNetwork network = network(layer, input);
        network.params().assign(77);
        InitializationReport report = Initializers.apply(network, new Constant(0.5));

        Map<String, INDArray> parameters = network.getLayer(0).paramTable();
        assertThat(report.parameters().stream().map(InitializationReport.Parameter::name))
                .containsExactlyElementsOf(parameters.keySet());
        double drawn = 0;
        for (InitializationReport.Parameter row : report.parameters()) {
            INDArray values = Objects.requireNonNull(parameters.get(row.name()));
            assertThat(row.shape())
                    .isEqualTo(Arrays.stream(values.shape()).boxed().toList());
            assertThat(row.drawn()).as(row.name()).isEqualTo(fans.containsKey(row.name()));
            Set<Double> found = new HashSet<>();
            Arrays.stream(values.dup().reshape(-1).toDoubleVector()).forEach(found::add);
            if (row.drawn()) {
                assertThat(new double[] {Objects.requireNonNull(row.fanIn()), Objects.requireNonNull(row.fanOut())})
                        .as(row.name())
                        .containsExactly(fans.get(row.name()));
                boolean peepholes = row.action().contains("peepholes");
                assertThat(found).isEqualTo(peepholes ? Set.of(0.5, 77.0) : Set.of(0.5));
                drawn += values.length() - (peepholes ? 3 * values.size(0) : 0);
            } else {
                assertThat(found).as(row.name()).containsExactly(77.0);
                assertThat(row.action()).startsWith("left alone: ");
            }
        }
        // the parameters are views of the network's array
        assertThat(network.params().eq(0.5).castTo(DataType.DOUBLE).sumNumber().doubleValue())
                .isEqualTo(drawn);
    }

    /** Their channels are views that begin further from the parameters' begin than the weights are long. */
    @Test
    void depthwiseAndSeparableConvolutionsBehindOthers() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new SeparableConvolution2D.Builder(3, 3)
                        .depthMultiplier(1)
                        .nOut(12)
                        .build())
                .layer(new DepthwiseConvolution2D.Builder(3, 3)
                        .depthMultiplier(2)
                        .build())
                .layer(new SeparableConvolution2D.Builder(3, 3)
                        .depthMultiplier(2)
                        .nOut(5)
                        .build())
                .setInputType(IMAGE)
                .build());
        network.init();
        Initializers.apply(network, new Constant(7));
        network.paramTable()
                .forEach((name, array) -> assertThat(array.dup().reshape(-1).toDoubleVector())
                        .as(name)
                        .containsOnly(name.endsWith("b") ? 0 : 7));
    }

    /** As configurations of before DL4J named all layers have them. */
    @Test
    void layersWithoutANameHaveTheirIndex() {
        MultiLayerNetwork network = network(new DenseLayer.Builder().nOut(5).build(), InputType.feedForward(3));
        network.getLayerWiseConfigurations().getConf(0).getLayer().setLayerName(null);
        InitializationReport report = Initializers.apply(network, new He());
        assertThat(report.parameters())
                .extracting(InitializationReport.Parameter::layer)
                .containsExactly("0", "0");
        assertThat(report.toString()).contains("0", "DenseLayer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> {
                    MultiLayerNetwork lstm = network(new LSTM.Builder().nOut(5).build(), InputType.recurrent(3));
                    lstm.getLayerWiseConfigurations().getConf(0).getLayer().setLayerName(null);
                    Initializers.apply(lstm, new NguyenWidrow());
                })
                .withMessageStartingWith("layer 0 is a LSTM");
    }

    static Stream<Arguments> convolutions() {
        return layers().filter(arguments -> arguments.get()[0] instanceof ConvolutionLayer);
    }

    /** Of weights 1, biases 0 and inputs 1 the output is the number of inputs that a unit really has. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("convolutions")
    void aUnitSumsAsManyInputsAsItsFanIn(Layer layer, InputType input, Map<String, double[]> fans) {
        MultiLayerNetwork network = network(layer, input);
        network.params().assign(0);
        Initializers.apply(network, new Constant(1));
        long[] shape = input == VOLUME ? new long[] {1, 2, 9, 9, 9} : input.getShape(true);
        shape[0] = 1;
        INDArray output = network.output(Nd4j.ones(DataType.DOUBLE, shape));
        long[] middle = Arrays.stream(output.shape()).map(size -> size / 2).toArray();
        middle[0] = 0;
        double expected = fans.values().stream().mapToDouble(fan -> fan[0]).reduce(1, (a, b) -> a * b);
        assertThat(output.getDouble(middle)).isCloseTo(expected, within(1e-9));
    }

    @Test
    void everyInitialiserOfThePackAndDl4jsFillAnOrdinaryNetwork() {
        for (String name : Initializers.names()) {
            MultiLayerNetwork network = network(new DenseLayer.Builder().nOut(5).build(), InputType.feedForward(3));
            network.params().assign(77);
            Initializers.apply(network, Initializers.get(name));
            assertThat(network.getLayer(0).getParam("W").reshape(-1).toDoubleVector())
                    .as(name)
                    .doesNotContain(77);
        }
        MultiLayerNetwork network = network(new LSTM.Builder().nOut(50).build(), InputType.recurrent(200, 4));
        Nd4j.getRandom().setSeed(5);
        Initializers.apply(network, WeightInit.LECUN_NORMAL.getWeightInitFunction());
        assertThat(200 * network.getLayer(0).getParam("W").var(false).getDouble(0))
                .isCloseTo(1, within(0.03));
    }

    @Test
    void orthogonalGatesChannelsAndTransposedConvolutions() {
        MultiLayerNetwork graves = network(new GravesLSTM.Builder().nOut(5).build(), SEQUENCE);
        INDArray peepholes = graves.getLayer(0).getParam("RW").get(NDArrayIndex.all(), NDArrayIndex.interval(20, 23));
        INDArray before = peepholes.dup();
        Initializers.apply(graves, new Orthogonal());
        for (int gate = 0; gate < 4; gate++) {
            OrthogonalTest.assertOrthonormal(graves.getLayer(0)
                    .getParam("RW")
                    .get(NDArrayIndex.all(), NDArrayIndex.interval(gate * 5, gate * 5 + 5)));
        }
        assertThat(peepholes).isEqualTo(before);

        MultiLayerNetwork depthwise = network(
                new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(4).build(), IMAGE);
        Initializers.apply(depthwise, new Orthogonal());
        for (int channel = 0; channel < 3; channel++) {
            OrthogonalTest.assertOrthonormal(depthwise
                    .getLayer(0)
                    .getParam("W")
                    .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(channel), NDArrayIndex.all())
                    .dup('c')
                    .reshape('c', 9, 4));
        }

        MultiLayerNetwork transposed =
                network(new Deconvolution2D.Builder(3, 3).nOut(5).build(), IMAGE);
        Initializers.apply(transposed, new Orthogonal());
        OrthogonalTest.assertOrthonormal(transposed
                .getLayer(0)
                .getParam("W")
                .permute(1, 0, 2, 3)
                .dup('c')
                .reshape('c', 5, 27));
    }

    @Test
    void transposedAndDepthwiseDiracHandTheImageOn() {
        INDArray image = Nd4j.rand(DataType.DOUBLE, 1, 3, 9, 9);
        INDArray inside = image.get(
                NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(1, 8), NDArrayIndex.interval(1, 8));
        for (Layer layer : List.of(
                new ConvolutionLayer.Builder(3, 3).nOut(3).build(),
                new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(1).build(),
                new SeparableConvolution2D.Builder(3, 3).nOut(3).build())) {
            MultiLayerNetwork network = network(layer, IMAGE);
            Initializers.apply(network, new Dirac());
            assertThat(network.output(image).distance2(inside)).isLessThan(1e-12);
        }
        MultiLayerNetwork transposed =
                network(new Deconvolution2D.Builder(3, 3).nOut(3).build(), IMAGE);
        Initializers.apply(transposed, new Dirac());
        INDArray output = transposed.output(image);
        assertThat(output.get(
                                NDArrayIndex.all(),
                                NDArrayIndex.all(),
                                NDArrayIndex.interval(1, 10),
                                NDArrayIndex.interval(1, 10))
                        .distance2(image))
                .isLessThan(1e-12);
    }

    @Test
    void graphsSeedsAndTheTable() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .graphBuilder()
                .addInputs("in")
                .addLayer("hidden", new DenseLayer.Builder().nOut(4).build(), "in")
                .addLayer(
                        "frozen",
                        new FrozenLayer(new DenseLayer.Builder().nOut(4).build()),
                        "hidden")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .nOut(2)
                                .build(),
                        "frozen")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(3))
                .build());
        assertThatIllegalStateException().isThrownBy(() -> Initializers.apply(graph, new Orthogonal()));
        graph.init();
        INDArray frozen = graph.getLayer("frozen").params().dup();
        Nd4j.getRandom().setSeed(8);
        InitializationReport report = Initializers.apply(graph, new Orthogonal());
        INDArray first = graph.params().dup();
        OrthogonalTest.assertOrthonormal(graph.getLayer("hidden").getParam("W"));
        assertThat(graph.getLayer("frozen").params()).isEqualTo(frozen);
        assertThat(report.toString().lines())
                .containsExactly(
                        "layer   kind         parameter  shape   fan-in  fan-out",
                        "hidden  DenseLayer   W          [3, 4]  3       4        orthogonal(gain=1.0)",
                        "hidden  DenseLayer   b          [4]                      left alone: bias",
                        "frozen  FrozenLayer  W          [4, 4]                   left alone: frozen",
                        "frozen  FrozenLayer  b          [4]                      left alone: frozen",
                        "out     OutputLayer  W          [4, 2]  4       2        orthogonal(gain=1.0)",
                        "out     OutputLayer  b          [2]                      left alone: bias");
        Nd4j.getRandom().setSeed(8);
        Initializers.apply(graph, new Orthogonal());
        assertThat(graph.params()).isEqualTo(first);
        Initializers.apply(graph, new Orthogonal());
        assertThat(graph.params()).isNotEqualTo(first);
    }

    @Test
    void refusals() {
        MultiLayerNetwork network = network(new LSTM.Builder().nOut(3).build(), SEQUENCE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Initializers.apply(network, new NguyenWidrow()))
                .withMessage("layer layer0 is a LSTM, parameter W; valid for nguyen-widrow: dense or ordinary"
                        + " convolutional");
        MultiLayerNetwork unborn = new MultiLayerNetwork(network.getLayerWiseConfigurations());
        assertThatIllegalStateException()
                .isThrownBy(() -> Initializers.apply(unborn, new Orthogonal()))
                .withMessageContaining("call init() on it first");
    }

    private static double[] fans(double in, double out) {
        return new double[] {in, out};
    }

    private static MultiLayerNetwork network(Layer layer, InputType input) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .activation(Activation.IDENTITY)
                .list()
                .layer(layer)
                .setInputType(input)
                .build());
        network.init();
        return network;
    }
}
