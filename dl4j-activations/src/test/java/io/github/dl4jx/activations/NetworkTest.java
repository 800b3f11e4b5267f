package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.dropout.AlphaDropout;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The activations inside real networks: training, saving and loading. */
class NetworkTest {

    static Stream<String> all() {
        return References.BY_SPECIFICATION.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("all")
    void convolutionalNetworkTrainsAndIsSaved(String name, @TempDir Path folder) throws IOException {
        IActivation activation = Activations.get(name);
        Map<WorkspaceMode, INDArray> outputs = new TreeMap<>();
        for (WorkspaceMode mode : new WorkspaceMode[] {WorkspaceMode.ENABLED, WorkspaceMode.NONE}) {
            MultiLayerConfiguration configuration = convolutional(activation, mode);
            assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
            MultiLayerNetwork network = new MultiLayerNetwork(configuration);
            network.init();
            DataSet batch = images();
            double before = network.score(batch);
            for (int i = 0; i < 10; i++) {
                network.fit(batch);
            }
            assertThat(network.score(batch)).isLessThan(before);
            outputs.put(mode, network.output(batch.getFeatures()));

            File file = folder.resolve(mode + ".zip").toFile();
            ModelSerializer.writeModel(network, file, true);
            MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);
            assertThat(restored.getLayerWiseConfigurations()).isEqualTo(network.getLayerWiseConfigurations());
            assertThat(restored.output(batch.getFeatures())).isEqualTo(outputs.get(mode));
            assertThat(network.clone().output(batch.getFeatures())).isEqualTo(outputs.get(mode));
        }
        assertThat(outputs.get(WorkspaceMode.NONE)).isEqualTo(outputs.get(WorkspaceMode.ENABLED));
    }

    @ParameterizedTest
    @MethodSource("all")
    void lstmInAGraphTrains(String name, @TempDir Path folder) throws IOException {
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-2))
                .activation(Activations.get(name))
                .graphBuilder()
                .addInputs("in")
                .addLayer("lstm", new LSTM.Builder().nOut(8).build(), "in")
                .addLayer(
                        "out",
                        new RnnOutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nOut(3)
                                .build(),
                        "lstm")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(4, 6))
                .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        INDArray x = Nd4j.rand(DataType.FLOAT, 5, 4, 6);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 5, 3, 6);
        for (int example = 0; example < 5; example++) {
            for (int t = 0; t < 6; t++) {
                labels.putScalar(example, (example + t) % 3, t, 1);
            }
        }
        DataSet batch = new DataSet(x, labels);
        double before = graph.score(batch);
        for (int i = 0; i < 10; i++) {
            graph.fit(batch);
        }
        assertThat(graph.score(batch)).isLessThan(before);
        File file = folder.resolve("graph.zip").toFile();
        ModelSerializer.writeModel(graph, file, true);
        ComputationGraph restored = ModelSerializer.restoreComputationGraph(file, true);
        assertThat(restored.getConfiguration()).isEqualTo(configuration);
        assertThat(restored.outputSingle(x)).isEqualTo(graph.outputSingle(x));
    }

    @Test
    void alphaDropoutInANetworkDropsInTrainingOnly(@TempDir Path folder) throws IOException {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-2))
                .activation(new SELU())
                .list()
                .layer(new DenseLayer.Builder().nIn(20).nOut(50).build())
                .layer(new DropoutLayer.Builder(AlphaDropout.dropping(0.2))
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nOut(50)
                        .dropOut(AlphaDropout.retaining(0.9))
                        .build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(2)
                        .build())
                .setInputType(InputType.feedForward(20))
                .build();
        assertThat(configuration.toJson()).contains("\"dropProbability\" : 0.2");
        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        INDArray x = Nd4j.randn(DataType.FLOAT, 30, 20);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 30, 2);
        for (int i = 0; i < 30; i++) {
            labels.putScalar(i, x.getDouble(i, 0) > 0 ? 1 : 0, 1);
        }
        assertThat(network.output(x, false)).isEqualTo(network.output(x, false));
        assertThat(network.output(x, true)).isNotEqualTo(network.output(x, true));
        double before = network.score(new DataSet(x, labels));
        for (int i = 0; i < 50; i++) {
            network.fit(x, labels);
        }
        assertThat(network.score(new DataSet(x, labels))).isLessThan(before / 2);
        File file = folder.resolve("selu.zip").toFile();
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);
        assertThat(restored.output(x)).isEqualTo(network.output(x));
        for (int i = 0; i < 3; i++) {
            restored.fit(x, labels);
        }
    }

    /** Class and field names are the format of saved models: this file changes only on purpose. */
    @Test
    void jsonIsTheGoldenOne() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        try (InputStream golden = Objects.requireNonNull(getClass().getResourceAsStream("/golden/activations.json"))) {
            JsonNode expected = mapper.readTree(golden);
            Map<String, String> actual = new TreeMap<>();
            Map<String, String> wanted = new TreeMap<>();
            all().forEach(name -> {
                try {
                    actual.put(name, mapper.writeValueAsString(Activations.get(name)));
                    wanted.put(
                            name,
                            Objects.requireNonNull(expected.get(name), name).toString());
                    assertThat(mapper.readValue(wanted.get(name), IActivation.class))
                            .isEqualTo(Activations.get(name));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            actual.put("alpha-dropout", mapper.writeValueAsString(AlphaDropout.dropping(0.1)));
            wanted.put("alpha-dropout", expected.get("alpha-dropout").toString());
            assertThat(actual).isEqualTo(wanted);
        }
    }

    /** As files of the first format hold them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "gelu | {\"@class\": \"io.github.dl4jx.activations.GELU\"}",
                "abrelu(alpha=0.5) | {\"@class\": \"io.github.dl4jx.activations.ABReLU\", \"alpha\": 0.5}"
            })
    void modelsFromBeforeTheOptionsLoad(String name, String json) throws IOException {
        assertThat(new ObjectMapper().readValue(json, IActivation.class)).isEqualTo(Activations.get(name));
    }

    private static MultiLayerConfiguration convolutional(IActivation activation, WorkspaceMode mode) {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Adam(1e-3))
                .trainingWorkspaceMode(mode)
                .inferenceWorkspaceMode(mode)
                .activation(activation)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).build())
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).stride(2, 2).build())
                .layer(new DenseLayer.Builder().nOut(16).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(3)
                        .build())
                .setInputType(InputType.convolutional(9, 9, 2))
                .build();
    }

    private static DataSet images() {
        Nd4j.getRandom().setSeed(5);
        INDArray x = Nd4j.randn(DataType.FLOAT, 6, 2, 9, 9);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 6, 3);
        for (int i = 0; i < 6; i++) {
            labels.putScalar(i, i % 3, 1);
        }
        return new DataSet(x, labels);
    }
}
