package io.github.dl4jx.init.data;

import static io.github.dl4jx.init.NormalNumbers.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.activations.layer.PReLU;
import io.github.dl4jx.init.Gaussian;
import io.github.dl4jx.init.Xavier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Pre-activations as DL4J itself computes them, in plain loops. */
@SuppressWarnings("deprecation") // the Graves layers
class LayerSequentialUnitVarianceTest {
    private static final double TOLERANCE = 1e-3;
    private static final LayerSequentialUnitVariance LSUV = new LayerSequentialUnitVariance().withTolerance(TOLERANCE);

    private static double variance(double... values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
    }

    private static double variance(INDArray values) {
        return variance(values.dup('c').reshape(-1).toDoubleVector());
    }

    static MultiLayerNetwork network(InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(3)
                .weightInit(new Gaussian(0.3))
                .list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        return network;
    }

    static Stream<AffineLayers> kinds() {
        return AffineLayers.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindOfLayer(AffineLayers kind) {
        MultiLayerNetwork network = kind.network();
        DataInitializationReport report = LSUV.apply(network, kind.batch());
        assertThat(variance(network.output(kind.batch()))).isCloseTo(1, within(TOLERANCE));
        assertThat(report.rows()).hasSize(1);
        DataInitializationReport.Row row = report.rows().get(0);
        assertThat(row.reached()).isTrue();
        assertThat(row.iterations()).isBetween(1, 2);
        assertThat(row.variance()).isCloseTo(1, within(TOLERANCE));
        assertThat(row.varianceBefore()).isNotCloseTo(1, within(0.05));
    }

    /** Convolutions, pooling, batch normalisation, dropout that would double the variance, and an output layer. */
    @Test
    void deepNetwork() {
        MultiLayerNetwork network = network(
                InputType.convolutional(8, 8, 2),
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(6)
                        .biasInit(0.4)
                        .activation(Activation.IDENTITY)
                        .build(),
                new ActivationLayer(new ReLU()),
                new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build(),
                new ConvolutionLayer.Builder(2, 2)
                        .nOut(7)
                        .weightNoise(new DropConnect(0.5))
                        .activation(Activation.IDENTITY)
                        .build(),
                new BatchNormalization(),
                new PReLU.Builder().build(),
                new DropoutLayer.Builder(0.5).build(),
                new DenseLayer.Builder()
                        .nOut(9)
                        .dropOut(new GaussianNoise(3))
                        .activation(Activation.IDENTITY)
                        .build(),
                new ActivationLayer(new Tanh()),
                new DenseLayer.Builder().nOut(8).activation(new Tanh()).build(),
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build());
        network.params().addi(0.01); // whatever they are, normalisations keep their parameters
        Map<String, INDArray> before = network.paramTable().entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().dup()));
        INDArray batch = normal(50, 2, 8, 8).addi(2);
        DataInitializationReport report = LSUV.apply(network, batch);

        // DL4J's training mode, for the batch's own statistics, without what draws
        MultiLayerNetwork plain = network.clone();
        for (int i = 0; i < plain.getnLayers(); i++) {
            Layer layer = plain.getLayerWiseConfigurations().getConf(i).getLayer();
            layer.setIDropout(null);
            if (layer instanceof ConvolutionLayer convolution) {
                convolution.setWeightNoise(null);
            }
        }
        plain = new MultiLayerNetwork(plain.getLayerWiseConfigurations());
        plain.init(network.params(), true);
        List<INDArray> values = plain.feedForward(batch, true);
        for (int layer : new int[] {0, 3, 7}) {
            assertThat(variance(values.get(layer + 1))).as("layer %s", layer).isCloseTo(1, within(TOLERANCE));
        }
        double[] tanh = values.get(10).dup().reshape(-1).toDoubleVector();
        double[] z =
                Arrays.stream(tanh).map(t -> 0.5 * Math.log((1 + t) / (1 - t))).toArray();
        assertThat(variance(z)).isCloseTo(1, within(2 * TOLERANCE));
        INDArray logits = values.get(10)
                .mmul(network.getLayer(10).getParam("W"))
                .addiRowVector(network.getLayer(10).getParam("b"));
        assertThat(variance(logits)).isCloseTo(1, within(TOLERANCE));
        assertThat(report.reached()).isTrue();
        assertThat(report.rows())
                .extracting(DataInitializationReport.Row::layer)
                .containsExactly("0", "3", "4", "5", "7", "9", "10");
        assertThat(report.rows())
                .filteredOn(row -> !row.initialized())
                .extracting(DataInitializationReport.Row::layer)
                .containsExactly("4", "5");
        network.paramTable().forEach((key, array) -> {
            if (!key.endsWith("W") || key.startsWith("5")) {
                assertThat(array).as(key).isEqualTo(before.get(key));
            } else {
                assertThat(array).as(key).isNotEqualTo(before.get(key));
            }
        });
    }

    static Stream<Arguments> recurrentLayers() {
        return Stream.of(
                Arguments.of(new LSTM.Builder().nOut(5).build(), List.of("W"), 4),
                Arguments.of(new GravesLSTM.Builder().nOut(5).build(), List.of("W"), 4),
                Arguments.of(new GravesBidirectionalLSTM.Builder().nOut(5).build(), List.of("WF", "WB"), 4),
                Arguments.of(new SimpleRnn.Builder().nOut(5).build(), List.of("W"), 1),
                Arguments.of(new Bidirectional(new LSTM.Builder().nOut(5).build()), List.of("fW", "bW"), 4),
                Arguments.of(new LastTimeStep(new SimpleRnn.Builder().nOut(5).build()), List.of("W"), 1));
    }

    @ParameterizedTest
    @MethodSource("recurrentLayers")
    void eachGateOfRecurrentLayers(Layer layer, List<String> keys, int gates) {
        for (RNNFormat format : RNNFormat.values()) {
            if (format == RNNFormat.NWC && layer instanceof GravesBidirectionalLSTM) {
                continue; // DL4J's takes NCW alone
            }
            MultiLayerNetwork network = network(InputType.recurrent(3, 6, format), layer.clone());
            INDArray steps = normal(32, 3, 6).muli(4);
            DataInitializationReport report = LSUV.apply(
                    network,
                    format == RNNFormat.NCW ? steps : steps.permute(0, 2, 1).dup('c'));
            assertThat(report.rows()).hasSize(keys.size() * gates).allMatch(DataInitializationReport.Row::reached);
            for (String key : keys) {
                INDArray weights = network.getLayer(0).getParam(key);
                for (int gate = 0; gate < gates; gate++) {
                    double[] z = new double[32 * 6 * 5];
                    int i = 0;
                    for (int unit = 0; unit < 5; unit++) {
                        for (int example = 0; example < 32; example++) {
                            for (int step = 0; step < 6; step++) {
                                for (int input = 0; input < 3; input++) {
                                    z[i] += steps.getDouble(example, input, step)
                                            * weights.getDouble(input, gate * 5 + unit);
                                }
                                i++;
                            }
                        }
                    }
                    assertThat(variance(z))
                            .as("%s, gate %s, %s", key, gate, format)
                            .isCloseTo(1, within(TOLERANCE));
                }
                INDArray recurrent = network.getLayer(0).getParam(key.replace("W", "RW"));
                for (int gate = 0; gate < gates; gate++) {
                    INDArray own = recurrent.get(NDArrayIndex.all(), NDArrayIndex.interval(gate * 5, (gate + 1) * 5));
                    assertThat(own.transpose().mmul(own).equalsWithEps(Nd4j.eye(5), 1e-5))
                            .isTrue();
                }
                if (gates == 4) {
                    String bias = key.replace('W', 'b');
                    assertThat(network.getLayer(0).getParam(bias).reshape(-1).toDoubleVector())
                            .as("the forget gate's 1 is left")
                            .containsExactly(Stream.of(0, 1, 0, 0)
                                    .flatMapToDouble(value -> java.util.Collections.nCopies(5, value).stream()
                                            .mapToDouble(Integer::doubleValue))
                                    .toArray());
                }
            }
        }
    }

    @Test
    void graphWithMergeResidualAddAndSharedLayer() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .weightInit(new Gaussian(2))
                .activation(Activation.IDENTITY)
                .graphBuilder()
                .addInputs("a", "b")
                .addVertex("both", new StackVertex(), "a", "b")
                .addLayer("shared", new DenseLayer.Builder().nIn(4).nOut(6).build(), "both")
                .addLayer("relu", new ActivationLayer(new ReLU()), "shared")
                .addVertex("left", new UnstackVertex(0, 2), "relu")
                .addVertex("right", new UnstackVertex(1, 2), "relu")
                .addLayer("branch", new DenseLayer.Builder().nIn(6).nOut(6).build(), "left")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "branch", "left")
                .addVertex("merged", new MergeVertex(), "sum", "right")
                .addLayer("top", new DenseLayer.Builder().nIn(12).nOut(5).build(), "merged")
                .setOutputs("top")
                .build());
        graph.init();
        INDArray a = normal(40, 4);
        INDArray b = normal(40, 4).muli(3).addi(1);
        DataInitializationReport report = LSUV.apply(graph, a, b);
        Map<String, INDArray> values = graph.feedForward(new INDArray[] {a, b}, true);
        for (String layer : List.of("shared", "branch", "top")) {
            assertThat(variance(Objects.requireNonNull(values.get(layer))))
                    .as(layer)
                    .isCloseTo(1, within(TOLERANCE));
        }
        assertThat(report.rows())
                .extracting(DataInitializationReport.Row::layer)
                .containsExactly("shared", "branch", "top");
    }

    @Test
    void startsOrthonormalOrFromWhatIsThere() {
        INDArray batch = normal(64, 5);
        MultiLayerNetwork network = network(
                InputType.feedForward(5),
                new DenseLayer.Builder().nOut(5).activation(new Tanh()).build());
        INDArray drawn = network.getLayer(0).getParam("W").dup();
        LSUV.apply(network, batch);
        INDArray weights = network.getLayer(0).getParam("W").dup();
        INDArray gram = weights.transpose().mmul(weights);
        assertThat(gram.div(gram.getDouble(0, 0)).equalsWithEps(Nd4j.eye(5), 1e-5))
                .isTrue();

        network.getLayer(0).getParam("W").assign(drawn);
        LSUV.withStart(LayerSequentialUnitVariance.Start.KEEP).apply(network, batch);
        INDArray scaled = network.getLayer(0).getParam("W").div(drawn);
        assertThat(scaled.maxNumber().doubleValue())
                .isCloseTo(scaled.minNumber().doubleValue(), within(1e-4))
                .isNotCloseTo(1, within(0.1));
    }

    static Stream<Arguments> leftAlone() {
        InputType flat = InputType.feedForward(4);
        return Stream.of(
                Arguments.of(
                        new FrozenLayer(new DenseLayer.Builder().nIn(4).nOut(4).build()), flat, "frozen"),
                Arguments.of(
                        new FrozenLayerWithBackprop(
                                new DenseLayer.Builder().nIn(4).nOut(4).build()),
                        flat,
                        "frozen"),
                Arguments.of(new DenseLayer.Builder().nOut(4).hasLayerNorm(true).build(), flat, "layer normalisation"),
                Arguments.of(
                        new VariationalAutoencoder.Builder()
                                .encoderLayerSizes(4)
                                .decoderLayerSizes(4)
                                .nOut(4)
                                .build(),
                        flat,
                        "no weights that are known"));
    }

    @ParameterizedTest
    @MethodSource("leftAlone")
    void someLayersAreLeftAlone(Layer layer, InputType input, String why) {
        MultiLayerNetwork network = network(
                input,
                layer,
                new DenseLayer.Builder().nOut(5).activation(Activation.IDENTITY).build());
        INDArray before = network.getLayer(0).params().dup();
        INDArray batch = normal(64, 4);
        DataInitializationReport report = LSUV.apply(network, batch);
        assertThat(network.getLayer(0).params()).isEqualTo(before);
        assertThat(report.rows()).hasSize(2);
        assertThat(report.rows().get(0).initialized()).isFalse();
        assertThat(report.toString().lines().skip(1).findFirst().orElseThrow()).contains("left alone: " + why);
        assertThat(variance(network.output(batch))).isCloseTo(1, within(TOLERANCE));
    }

    @Test
    void layersOfSameDiff() {
        MultiLayerNetwork attention = network(
                InputType.recurrent(4, 5),
                new SelfAttentionLayer.Builder()
                        .nIn(4)
                        .nOut(6)
                        .nHeads(2)
                        .headSize(3)
                        .projectInput(true)
                        .build());
        INDArray queries = attention.getLayer(0).getParam("Wq").dup();
        INDArray steps = normal(16, 4, 5);
        LSUV.apply(attention, steps);
        assertThat(variance(attention.output(steps))).isCloseTo(1, within(TOLERANCE));
        assertThat(attention.getLayer(0).getParam("Wq")).isEqualTo(queries);

        MultiLayerNetwork local = network(
                InputType.convolutional(6, 6, 2),
                new LocallyConnected2D.Builder()
                        .kernelSize(3, 3)
                        .stride(1, 1)
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build());
        INDArray images = normal(16, 2, 6, 6);
        LSUV.apply(local, images);
        assertThat(variance(local.output(images))).isCloseTo(1, within(TOLERANCE));
    }

    @Test
    void theSameSeedGivesTheSameWeights() {
        INDArray batch = normal(64, 4);
        INDArray[] results = new INDArray[3];
        for (int i = 0; i < 3; i++) {
            MultiLayerNetwork network = small();
            Nd4j.getRandom().setSeed(i < 2 ? 7 : 8);
            LSUV.apply(network, batch);
            results[i] = network.params();
        }
        assertThat(results[1]).isEqualTo(results[0]);
        assertThat(results[2]).isNotEqualTo(results[0]);
    }

    @Test
    void biasesThatVaryMoreAreReported() {
        MultiLayerNetwork network = network(
                InputType.feedForward(4),
                new DenseLayer.Builder().nOut(4).activation(Activation.IDENTITY).build());
        network.getLayer(0)
                .getParam("b")
                .assign(Nd4j.createFromArray(-3f, 0f, 3f, 6f).reshape(1, 4));
        DataInitializationReport report = LSUV.withMaxIterations(3).apply(network, normal(64, 4));
        assertThat(report.reached()).isFalse();
        assertThat(report.rows().get(0).iterations()).isEqualTo(3);
        assertThat(report.toString()).contains("tolerance not reached");
    }

    private static MultiLayerNetwork small() {
        return network(
                InputType.feedForward(4),
                new DenseLayer.Builder().nOut(6).activation(new ReLU()).build(),
                new DenseLayer.Builder().nOut(5).activation(new Tanh()).build());
    }

    static Stream<Arguments> batchesThatDoNotDo() {
        INDArray nan = normal(64, 4);
        nan.putScalar(9, Float.NaN);
        return Stream.of(
                Arguments.of(nan, "batch of shape [64, 4] holds NaN or infinite values"),
                Arguments.of(
                        Nd4j.ones(DataType.FLOAT, 64, 4),
                        "layer 0 (DenseLayer), parameter W: its pre-activation"
                                + " is the same for the whole batch; valid: several examples that differ"),
                Arguments.of(Nd4j.zeros(DataType.FLOAT, 64, 4), "is the same for the whole batch"),
                Arguments.of(normal(1, 4), "is the same for the whole batch"),
                Arguments.of(normal(64, 5), "batch does not fit: layer or vertex 0 cannot take [64, 5] ("),
                Arguments.of(normal(64, 4, 2), "batch does not fit: layer or vertex 0 cannot take [64, 4, 2] ("));
    }

    @ParameterizedTest
    @MethodSource("batchesThatDoNotDo")
    void refusedBatchesLeaveTheNetworkAsItIs(INDArray batch, String message) {
        MultiLayerNetwork network = small();
        INDArray before = network.params().dup();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LSUV.apply(network, batch))
                .withMessageContaining(message);
        assertThat(network.params()).isEqualTo(before);
    }

    @Test
    void deadUnitsAndBadWeightsAreNamed() {
        MultiLayerNetwork dead = small();
        dead.getLayer(0).getParam("b").assign(-100);
        INDArray before = dead.params().dup();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LSUV.apply(dead, normal(64, 4)))
                .withMessageContaining("layer 1 (DenseLayer), parameter W")
                .withMessageContaining("not dead");
        assertThat(dead.params()).isEqualTo(before);

        MultiLayerNetwork bad = small();
        bad.getLayer(0).getParam("b").putScalar(0, Double.NaN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LSUV.apply(bad, normal(64, 4)))
                .withMessageContaining("layer 0 (DenseLayer), parameter W: its pre-activation is NaN");
    }

    @Test
    void networksThatAreNotInitializedAreRefused() {
        MultiLayerNetwork network = new MultiLayerNetwork(small().getLayerWiseConfigurations());
        assertThatIllegalStateException()
                .isThrownBy(() -> LSUV.apply(network, normal(5, 4)))
                .withMessageContaining("call init()");
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .weightInit(Xavier.normal())
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", new DenseLayer.Builder().nIn(4).nOut(3).build(), "in")
                .setOutputs("out")
                .build());
        assertThatIllegalStateException()
                .isThrownBy(() -> LSUV.apply(graph, normal(5, 4)))
                .withMessageContaining("call init()");
        graph.init();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LSUV.apply(graph, normal(5, 4), normal(5, 4)))
                .withMessage("batch has 2 arrays; valid: 1, one for each input");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusedTolerances(double tolerance) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LSUV.withTolerance(tolerance))
                .withMessage("tolerance is " + tolerance + "; valid: a finite number > 0");
    }

    @Test
    void refusedIterations() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LSUV.withMaxIterations(0))
                .withMessage("maxIterations is 0.0; valid: a whole number >= 1");
    }
}
