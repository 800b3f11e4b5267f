package io.github.dl4jx.activations.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.UnitNormConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.serde.JsonMappers;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The layers inside real networks: training, saving, loading, regularisation and dropout. */
class LayerNetworkTest {

    static Stream<String> all() {
        return Stream.of(
                "prelu",
                "prelu(sharing=neuron)",
                "prelu(sharing=shared)",
                "pswish",
                "pswish(sharing=neuron)",
                "pswish(sharing=shared)",
                "arelu",
                "rrelu",
                "crelu",
                "maxout");
    }

    static Stream<String> learned() {
        return all().filter(name -> ActivationLayers.get(name) instanceof LearnedLayer);
    }

    @ParameterizedTest
    @MethodSource("all")
    void networkTrainsTheSameInBothWorkspaceModesAndIsSaved(String name, @TempDir Path folder) throws IOException {
        Map<WorkspaceMode, INDArray> outputs = new TreeMap<>();
        for (WorkspaceMode mode : new WorkspaceMode[] {WorkspaceMode.ENABLED, WorkspaceMode.NONE}) {
            MultiLayerConfiguration configuration = convolutional(name, mode, CNN2DFormat.NCHW);
            String json = configuration.toJson();
            assertThat(MultiLayerConfiguration.fromJson(json)).isEqualTo(configuration);
            assertThat(MultiLayerConfiguration.fromJson(json).toJson()).isEqualTo(json);
            assertThat(MultiLayerConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);
            assertThat(configuration.clone()).isEqualTo(configuration);
            MultiLayerNetwork network = new MultiLayerNetwork(configuration);
            network.init();
            DataSet batch = images(CNN2DFormat.NCHW);
            double before = network.score(batch);
            Nd4j.getRandom().setSeed(31);
            for (int i = 0; i < 8; i++) {
                network.fit(batch);
            }
            assertThat(network.score(batch)).isLessThan(before);
            outputs.put(mode, network.output(batch.getFeatures()));
            assertThat(network.summary()).isNotEmpty();

            File file = folder.resolve(mode + ".zip").toFile();
            ModelSerializer.writeModel(network, file, true);
            MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);
            assertThat(restored.getLayerWiseConfigurations()).isEqualTo(network.getLayerWiseConfigurations());
            assertThat(restored.params()).isEqualTo(network.params());
            assertThat(restored.output(batch.getFeatures())).isEqualTo(outputs.get(mode));
            MultiLayerNetwork clone = network.clone();
            assertThat(clone.output(batch.getFeatures())).isEqualTo(outputs.get(mode));
            Nd4j.getRandom().setSeed(32);
            network.fit(batch);
            Nd4j.getRandom().setSeed(32);
            restored.fit(batch);
            assertThat(restored.params()).isEqualTo(network.params());
            assertThat(clone.output(batch.getFeatures())).isEqualTo(outputs.get(mode)); // shares nothing
        }
        assertThat(outputs.get(WorkspaceMode.NONE)).isEqualTo(outputs.get(WorkspaceMode.ENABLED));
    }

    /** Without those that draw, and those that lie in memory, in another order. */
    static Stream<String> inAnyOrder() {
        return all().filter(name -> !name.startsWith("rrelu") && !name.contains("neuron"));
    }

    @ParameterizedTest
    @MethodSource("inAnyOrder")
    void channelsLastComputesTheSame(String name) {
        MultiLayerNetwork first = new MultiLayerNetwork(convolutional(name, WorkspaceMode.ENABLED, CNN2DFormat.NCHW));
        MultiLayerNetwork last = new MultiLayerNetwork(convolutional(name, WorkspaceMode.ENABLED, CNN2DFormat.NHWC));
        first.init();
        last.init();
        DataSet images = images(CNN2DFormat.NCHW);
        DataSet lastImages = images(CNN2DFormat.NHWC);
        // the output layer sees the flattened image in another order: compare up to there
        for (String parameter : first.paramTable().keySet()) {
            last.getParam(parameter).assign(first.getParam(parameter));
        }
        INDArray y = first.feedForward(images.getFeatures()).get(4);
        INDArray yLast = last.feedForward(lastImages.getFeatures()).get(4);
        assertThat(yLast.permute(0, 3, 1, 2).dup('c').equalsWithEps(y, 1e-5)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("all")
    void maskedSequencesInAGraphTrain(String name, @TempDir Path folder) throws IOException {
        Map<WorkspaceMode, INDArray> outputs = new TreeMap<>();
        for (WorkspaceMode mode : new WorkspaceMode[] {WorkspaceMode.ENABLED, WorkspaceMode.NONE}) {
            ComputationGraphConfiguration configuration = recurrent(name, mode);
            assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
                    .isEqualTo(configuration);
            ComputationGraph graph = new ComputationGraph(configuration);
            graph.init();
            INDArray x = Nd4j.createFromArray(new Random(2).doubles(120, -2, 2).toArray())
                    .castTo(DataType.FLOAT)
                    .reshape(5, 4, 6);
            INDArray labels = Nd4j.zeros(DataType.FLOAT, 5, 3, 6);
            INDArray mask = Nd4j.ones(DataType.FLOAT, 5, 6);
            for (int i = 0; i < 30; i++) {
                labels.putScalar(i / 6, (i / 6 + i % 6) % 3, i % 6, 1);
                mask.putScalar(i / 6, i % 6, i % 6 > 1 + i / 6 ? 0 : 1);
            }
            DataSet batch = new DataSet(x, labels, mask, mask);
            double before = graph.score(batch);
            Nd4j.getRandom().setSeed(31);
            for (int i = 0; i < 8; i++) {
                graph.fit(batch);
            }
            assertThat(graph.score(batch)).isLessThan(before);
            outputs.put(mode, graph.outputSingle(x));
            File file = folder.resolve(mode + ".zip").toFile();
            ModelSerializer.writeModel(graph, file, true);
            ComputationGraph restored = ModelSerializer.restoreComputationGraph(file, true);
            assertThat(restored.getConfiguration()).isEqualTo(configuration);
            assertThat(restored.outputSingle(x)).isEqualTo(graph.outputSingle(x));
            assertThat(graph.clone().outputSingle(x)).isEqualTo(graph.outputSingle(x));
        }
        assertThat(outputs.get(WorkspaceMode.NONE)).isEqualTo(outputs.get(WorkspaceMode.ENABLED));
    }

    /** DL4J has no networks in bfloat16. */
    @Test
    void halfPrecisionNetworksRun() {
        DataType type = DataType.FLOAT16;
        for (String name : all().toList()) {
            MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .seed(7)
                    .dataType(type)
                    .updater(new Sgd(0.01))
                    .list()
                    .layer(dense(6))
                    .layer(ActivationLayers.get(name))
                    .layer(output())
                    .setInputType(InputType.feedForward(4))
                    .build());
            network.init();
            INDArray labels = Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 0, 1}});
            network.fit(Nd4j.rand(DataType.FLOAT, 2, 4).castTo(type), labels.castTo(type));
            assertThat(network.params().dataType()).isEqualTo(type);
            assertThat(network.params().isNaN().any()).as(name).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("learned")
    void networkWideSettingsLeaveTheParametersAlone(String name) {
        for (NeuralNetConfiguration.Builder settings : List.of(
                new NeuralNetConfiguration.Builder().l2(0.1),
                new NeuralNetConfiguration.Builder().l1(0.1),
                new NeuralNetConfiguration.Builder().l1(0.1).l2(0.2),
                new NeuralNetConfiguration.Builder().weightDecay(0.1),
                new NeuralNetConfiguration.Builder().l2(0.1).constrainWeights(new UnitNormConstraint(0, 1)))) {
            settings.seed(1)
                    .updater(new Sgd(0.1))
                    .weightInit(WeightInit.ONES)
                    .biasInit(5)
                    .weightNoise(new DropConnect(0.5));
            MultiLayerNetwork network = new MultiLayerNetwork(settings.list()
                    .layer(dense(4))
                    .layer(ActivationLayers.get(name))
                    .layer(output())
                    .setInputType(InputType.feedForward(3))
                    .build());
            network.init();
            org.deeplearning4j.nn.api.Layer layer = network.getLayer(1);
            LearnedLayer configuration = (LearnedLayer) layer.conf().getLayer();
            configuration.startValues().forEach((key, start) -> assertThat(Bench.flat(layer.getParam(key)))
                    .containsOnly(start.floatValue()));
            assertThat(layer.calcRegularizationScore(true)).isZero();
            assertThat(network.getLayer(0).calcRegularizationScore(true)).isPositive();
            INDArray before = layer.params().dup();
            INDArray y = layer.activate(Nd4j.ones(DataType.FLOAT, 2, 4), true, LayerWorkspaceMgr.noWorkspaces());
            assertThat(y.getDouble(0)).isEqualTo(y.getDouble(1));
            assertThat(y.getDouble(0)).isNotZero(); // no weight noise
            // no labels, no loss, no gradient
            INDArray dense = network.getLayer(0).params().dup();
            network.fit(new DataSet(
                    Nd4j.ones(DataType.FLOAT, 2, 3),
                    Nd4j.zeros(DataType.FLOAT, 2, 3),
                    null,
                    Nd4j.zeros(DataType.FLOAT, 2, 1)));
            assertThat(layer.params()).isEqualTo(before);
            assertThat(network.getLayer(0).params()).isNotEqualTo(dense);
        }
    }

    @Test
    void ownRegularisationActsOnTheParameters() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .updater(new Sgd(0.1))
                .l2(7)
                .l1(3)
                .list()
                .layer(dense(4))
                .layer(new PReLU.Builder().l2(0.5).build())
                .layer(new ParametricSwish.Builder()
                        .weightDecay(0.25)
                        .initialBeta(2)
                        .build())
                .layer(output())
                .setInputType(InputType.feedForward(3))
                .build();
        for (MultiLayerConfiguration each :
                List.of(configuration, MultiLayerConfiguration.fromJson(configuration.toJson()))) {
            MultiLayerNetwork network = new MultiLayerNetwork(each);
            network.init();
            assertThat(network.getLayer(1).calcRegularizationScore(true)).isCloseTo(0.5 * 0.5 * 4 / 16, within(1e-7));
            assertThat(network.getLayer(2).calcRegularizationScore(true)).isCloseTo(0.5 * 0.25 * 4 * 4, within(1e-6));
            network.fit(new DataSet(
                    Nd4j.ones(DataType.FLOAT, 2, 3),
                    Nd4j.zeros(DataType.FLOAT, 2, 3),
                    null,
                    Nd4j.zeros(DataType.FLOAT, 2, 1)));
            for (double slope : Bench.flat(network.getParam("1_slope"))) {
                assertThat(slope).isCloseTo(0.25 * (1 - 0.1 * 0.5), within(1e-7));
            }
            for (double beta : Bench.flat(network.getParam("2_beta"))) {
                assertThat(beta).isCloseTo(2 * (1 - 0.1 * 0.25), within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void dropoutActsOnTheInput(String name) {
        Layer layer = ActivationLayers.get(name);
        layer.setIDropout(new Dropout(0.5));
        Bench bench = new Bench(layer, InputType.feedForward(200), DataType.DOUBLE);
        INDArray x = Nd4j.ones(DataType.DOUBLE, 3, 200);
        INDArray inference = bench.forward(x, false);
        assertThat(bench.forward(x, false)).isEqualTo(inference);
        INDArray y = bench.forward(x, true);
        assertThat(y).isNotEqualTo(inference);
        assertThat(x).isEqualTo(Nd4j.ones(DataType.DOUBLE, 3, 200));
        INDArray dx = bench.backward(Nd4j.ones(DataType.DOUBLE, y.shape())).getSecond();
        double[] dropped = Bench.flat(bench.layer.input());
        assertThat(dropped).containsOnly(0, 2).contains(0, 2);
        for (int i = 0; i < dropped.length; i++) {
            if (dropped[i] == 0) {
                assertThat(dx.getDouble(i)).isZero();
            }
        }
        if (!name.startsWith("pswish")) { // homogeneous: y = sum of dy/dx times x, which is 1
            assertThat(dx.sumNumber().doubleValue()).isCloseTo(y.sumNumber().doubleValue(), within(1e-9));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void networkWideDropoutTrainsAndClonesDoNotShareIt(String name) {
        for (WorkspaceMode mode : new WorkspaceMode[] {WorkspaceMode.ENABLED, WorkspaceMode.NONE}) {
            MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .seed(3)
                    .trainingWorkspaceMode(mode)
                    .dropOut(0.8)
                    .updater(new Adam(1e-2))
                    .list()
                    .layer(dense(12))
                    .layer(ActivationLayers.get(name))
                    .layer(output())
                    .setInputType(InputType.feedForward(4))
                    .build());
            network.init();
            INDArray x = Nd4j.rand(DataType.FLOAT, 30, 4);
            INDArray labels = Nd4j.zeros(DataType.FLOAT, 30, 3);
            for (int i = 0; i < 30; i++) {
                labels.putScalar(i, x.getDouble(i, 0) > 0.5 ? 1 : 0, 1);
            }
            assertThat(network.output(x, true)).isNotEqualTo(network.output(x, true));
            double before = network.score(new DataSet(x, labels));
            for (int i = 0; i < 30; i++) {
                network.fit(x, labels);
            }
            assertThat(network.score(new DataSet(x, labels))).isLessThan(before);
            Layer own = network.getLayer(1).conf().getLayer();
            Layer cloned = network.clone().getLayer(1).conf().getLayer();
            assertThat(cloned).isEqualTo(own).hasSameHashCodeAs(own);
            assertThat(cloned.getIDropout()).isNotNull().isNotSameAs(own.getIDropout());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void sequencesRunInPieces(String name) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(0.1))
                .list()
                .layer(new LSTM.Builder().nOut(4).build())
                .layer(ActivationLayers.get(name))
                .layer(new RnnOutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(3)
                        .build())
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(3)
                .setInputType(InputType.recurrent(2))
                .build());
        network.init();
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 2, 7);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 2, 3, 7);
        labels.tensorAlongDimension(0, 0, 2).assign(1);
        INDArray before = network.params().dup();
        network.fit(x, labels);
        assertThat(network.params()).isNotEqualTo(before);
        assertThat(network.params().isNaN().any()).isFalse();
        network.rnnClearPreviousState();
        INDArray whole = network.output(x);
        for (int t = 0; t < 7; t++) {
            INDArray step = network.rnnTimeStep(x.tensorAlongDimension(t, 0, 1).dup());
            assertThat(step.equalsWithEps(whole.tensorAlongDimension(t, 0, 1), 1e-6))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void frozenLayersStayAndFineTuningDoesNotDecay(String name) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(0.1))
                .list()
                .layer(dense(6))
                .layer(ActivationLayers.get(name))
                .layer(dense(6))
                .layer(ActivationLayers.get(name))
                .layer(output())
                .setInputType(InputType.feedForward(4))
                .build());
        network.init();
        MultiLayerNetwork tuned = new TransferLearning.Builder(network)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Sgd(0.1))
                        .l2(0.5)
                        .build())
                .setFeatureExtractor(1)
                .build();
        INDArray x = Nd4j.rand(DataType.FLOAT, 3, 4).subi(0.5);
        assertThat(tuned.output(x)).isEqualTo(network.output(x));
        assertThat(tuned.getLayer(3).calcRegularizationScore(true)).isZero();
        INDArray frozen = tuned.feedForward(x).get(2).dup();
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 3, 3);
        labels.putScalar(0, 1, 1);
        tuned.fit(x, labels);
        assertThat(tuned.feedForward(x).get(2)).isEqualTo(frozen);
        assertThat(tuned.output(x)).isNotEqualTo(network.output(x));
    }

    @Test
    void seedRepeatsRRelu() {
        INDArray first = trainedRRelu();
        assertThat(trainedRRelu()).isEqualTo(first);
    }

    private static INDArray trainedRRelu() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(convolutional("rrelu", WorkspaceMode.ENABLED, CNN2DFormat.NCHW));
        network.init();
        DataSet batch = images(CNN2DFormat.NCHW);
        Nd4j.getRandom().setSeed(8);
        network.fit(batch);
        network.fit(batch);
        return network.params().dup();
    }

    /** Class and field names are the format of saved models: this file changes only on purpose. */
    @Test
    void jsonIsTheGoldenOne() throws IOException {
        ObjectMapper mapper = JsonMappers.getMapper();
        try (InputStream golden = Objects.requireNonNull(getClass().getResourceAsStream("/golden/layers.json"))) {
            JsonNode expected = mapper.readTree(golden);
            Map<String, JsonNode> actual = new TreeMap<>();
            Map<String, JsonNode> wanted = new TreeMap<>();
            for (String name : ActivationLayers.names()) {
                Layer layer = ActivationLayers.get(name);
                layer.setNIn(InputType.convolutional(4, 5, 6, CNN2DFormat.NHWC), true);
                actual.put(name, mapper.readTree(mapper.writeValueAsString(layer)));
                wanted.put(name, Objects.requireNonNull(expected.get(name), name));
                assertThat(mapper.readValue(wanted.get(name).toString(), Layer.class))
                        .isEqualTo(layer);
            }
            Layer regularised = new PReLU.Builder()
                    .initialSlope(0.1)
                    .sharing(Sharing.SHARED)
                    .l1(0.5)
                    .inputType(InputType.recurrent(3, RNNFormat.NWC))
                    .build();
            actual.put("prelu with l1", mapper.readTree(mapper.writeValueAsString(regularised)));
            wanted.put("prelu with l1", Objects.requireNonNull(expected.get("prelu with l1")));
            assertThat(mapper.readValue(wanted.get("prelu with l1").toString(), Layer.class))
                    .isEqualTo(regularised);
            assertThat(actual).isEqualTo(wanted);
        }
    }

    private static MultiLayerConfiguration convolutional(String name, WorkspaceMode mode, CNN2DFormat format) {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Adam(1e-3))
                .trainingWorkspaceMode(mode)
                .inferenceWorkspaceMode(mode)
                .activation(Activation.IDENTITY)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .dataFormat(format)
                        .build())
                .layer(ActivationLayers.get(name))
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .stride(2, 2)
                        .dataFormat(format)
                        .build())
                .layer(ActivationLayers.get(name))
                .layer(dense(16))
                .layer(ActivationLayers.get(name))
                .layer(output())
                .setInputType(InputType.convolutional(9, 9, 2, format))
                .build();
    }

    private static ComputationGraphConfiguration recurrent(String name, WorkspaceMode mode) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-2))
                .trainingWorkspaceMode(mode)
                .inferenceWorkspaceMode(mode)
                .graphBuilder()
                .addInputs("in")
                .addLayer("lstm", new LSTM.Builder().nOut(8).build(), "in")
                .addLayer("activation", ActivationLayers.get(name), "lstm")
                .addLayer("dense", dense(6), "activation") // time steps become rows, with a mask of rows
                .addLayer("second", ActivationLayers.get(name), "dense")
                .addLayer(
                        "out",
                        new RnnOutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nOut(3)
                                .build(),
                        "second")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(4, 6))
                .build();
    }

    private static DenseLayer dense(int units) {
        return new DenseLayer.Builder()
                .nOut(units)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nOut(3)
                .build();
    }

    private static DataSet images(CNN2DFormat format) {
        Nd4j.getRandom().setSeed(5);
        INDArray x = Nd4j.randn(DataType.FLOAT, 6, 2, 9, 9);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 6, 3);
        for (int i = 0; i < 6; i++) {
            labels.putScalar(i, i % 3, 1);
        }
        return new DataSet(
                format == CNN2DFormat.NCHW ? x : x.permute(0, 2, 3, 1).dup('c'), labels);
    }
}
