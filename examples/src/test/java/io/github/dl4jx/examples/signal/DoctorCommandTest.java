package io.github.dl4jx.examples.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.Sigmoid;
import io.github.dl4jx.activations.Softmax;
import io.github.dl4jx.examples.Dl4jx;
import io.github.dl4jx.examples.SampleData;
import io.github.dl4jx.init.ConfigurationNode;
import io.github.dl4jx.init.He;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The doctor as a user meets it. */
@ExtendWith(SampleData.class)
class DoctorCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of("");

    private int doctor(String... arguments) {
        return Dl4jx.commandLine(new DoctorCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private MultiLayerNetwork network(IActivation output) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(He.normal())
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(8)
                        .activation(new ReLU())
                        .build())
                .layer(new DenseLayer.Builder().nOut(20).activation(new ReLU()).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(10)
                        .activation(output)
                        .build())
                .setInputType(InputType.convolutional(32, 32, 3))
                .validateOutputLayerConfig(false)
                .build());
        network.init();
        return network;
    }

    private String saved(MultiLayerNetwork network) throws IOException {
        Path file = folder.resolve("model.zip");
        network.save(file.toFile());
        return file.toString();
    }

    @Test
    void healthyNetwork() throws IOException {
        String model = saved(network(new Softmax()));
        assertThat(doctor(model)).as(out.toString() + err).isZero();
        assertThat(out.toString()).contains("model.zip is healthy: 0 errors, 0 warnings, 0 notes; --data gaussian or");
        assertThat(doctor(model, "--data", "cifar10", "--batch", "50"))
                .as(out.toString() + err)
                .isZero();
        assertThat(doctor(model, "--data", "gaussian", "--shape", "3,32,32", "--batch", "50"))
                .as(out.toString() + err)
                .isZero();
    }

    @Test
    void outputThatDoesNotFit() throws IOException {
        assertThat(doctor(saved(network(new Sigmoid())))).isEqualTo(1);
        assertThat(out.toString())
                .contains("ERROR  layer 2 (OutputLayer)  [output-activation]")
                .contains("-> for classes that exclude each other take MCXENT with softmax")
                .contains("is not as it should be: 1 error, 0 warnings, 0 notes");
    }

    @Test
    void layerThatDies() throws IOException {
        MultiLayerNetwork network = network(new Softmax());
        network.getParam("1_b").assign(-1e4);
        String model = saved(network);
        assertThat(doctor(model)).isZero();
        assertThat(doctor(model, "--data", "cifar10", "--batch", "50")).isEqualTo(1);
        assertThat(out.toString())
                .contains("WARNING  layer 1 (DenseLayer)  [signal]")
                .contains("is dying: 20 of 20");
    }

    @Test
    void graph() throws IOException {
        Path file = folder.resolve("graph.zip");
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nIn(4)
                                .nOut(3)
                                .activation(new Sigmoid())
                                .build(),
                        "in")
                .setOutputs("out")
                .validateOutputLayerConfig(false)
                .build());
        graph.init();
        graph.save(file.toFile());
        assertThat(doctor(file.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("(OutputLayer)  [output-activation]");
    }

    /** As .ci/run starts it: DL4J refuses to build this one, and reads it without a word. */
    @Test
    void modelOfOld() {
        assertThat(doctor("src/test/resources/models/sigmoid-mcxent.zip", "--data", "gaussian"))
                .as(err.toString())
                .isEqualTo(1);
        assertThat(out.toString()).contains("LossMCXENT with sigmoid").contains("1 error, 0 warnings, 0 notes");
    }

    @Test
    void json() throws IOException {
        assertThat(doctor(saved(network(new Sigmoid())), "--json")).isEqualTo(1);
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("healthy").booleanValue()).isFalse();
        assertThat(json.get("findings").get(0).get("rule").textValue()).isEqualTo("output-activation");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/no/such/file | MODEL /no/such/file is not a file",
                "model.zip --batch 1 | --batch is 1; valid: 2 to 10000",
                "--json | Missing required parameter: 'MODEL'",
                "model.zip --jsn | --jsn",
            })
    void badArgumentsGetOneLineAndStatusTwo(String arguments, String message) {
        assertThat(doctor(arguments.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString().strip().lines()).singleElement().asString().contains(message);
    }

    @Test
    void badDataGetOneLineAndStatusTwo() throws IOException {
        String model = saved(network(new Softmax()));
        assertThat(doctor(model, "--data", "mnist")).isEqualTo(2);
        assertThat(err.toString()).contains("--data is mnist; valid: gaussian, cifar10");
        assertThat(doctor(model, "--data", "gaussian", "--shape", "7")).isEqualTo(2);
        assertThat(err.toString()).contains("does not take examples of shape [200, 7]");
    }

    /** No shape is asked for that a configuration implies. */
    static Stream<Arguments> impliedShapes() {
        return Stream.of(
                Arguments.of(InputType.feedForward(7), List.of(), List.of(7L)),
                Arguments.of(InputType.convolutional(20, 14, 3), List.of(convolution()), List.of(3L, 20L, 14L)),
                Arguments.of(
                        InputType.convolutional(20, 14, 3, CNN2DFormat.NHWC),
                        List.of(convolution()),
                        List.of(20L, 14L, 3L)),
                Arguments.of(InputType.convolutionalFlat(9, 8, 2), List.of(convolution()), List.of(144L)),
                Arguments.of(
                        InputType.convolutional(20, 20, 3),
                        List.of(new BatchNormalization(), convolution(), new GlobalPoolingLayer(PoolingType.AVG)),
                        List.of(3L, 32L, 32L)),
                Arguments.of(
                        InputType.recurrent(5),
                        List.of(new LastTimeStep(new LSTM.Builder().nOut(4).build())),
                        List.of(5L, 20L)));
    }

    private static ConvolutionLayer convolution() {
        return new ConvolutionLayer.Builder(3, 3).nOut(4).activation(new ReLU()).build();
    }

    @ParameterizedTest
    @MethodSource("impliedShapes")
    void shapeThatTheConfigurationImplies(InputType input, List<Layer> first, List<Long> shape) throws IOException {
        List<Layer> layers = new ArrayList<>(first);
        layers.add(new DenseLayer.Builder().nOut(20).activation(new ReLU()).build());
        layers.add(new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(3)
                .activation(new Softmax())
                .build());
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(He.normal())
                .list(layers.toArray(Layer[]::new))
                .setInputType(input)
                .build());
        network.init();
        assertThat(ImpliedInput.of(ConfigurationNode.of(network.getLayerWiseConfigurations()))
                        .orElseThrow()
                        .shape())
                .isEqualTo(shape);
        assertThat(doctor(saved(network), "--data", "gaussian", "--batch", "40"))
                .as(out.toString() + err)
                .isLessThan(2);
        ComputationGraph graph = network.toComputationGraph();
        assertThat(ImpliedInput.of(ConfigurationNode.of(graph.getConfiguration()))
                        .orElseThrow()
                        .shape())
                .isEqualTo(shape);
    }

    /** What an embedding looks up are whole numbers below its vocabulary's size. */
    @Test
    void indicesForAnEmbedding() throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(He.normal())
                .list(
                        new EmbeddingSequenceLayer.Builder().nIn(9).nOut(8).build(),
                        new GlobalPoolingLayer(PoolingType.AVG),
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nIn(8)
                                .nOut(3)
                                .activation(new Softmax())
                                .build())
                .build());
        network.init();
        assertThat(doctor(saved(network), "--data", "gaussian", "--batch", "40"))
                .as(out.toString() + err)
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\211HDF\\r\\n\\032\\n | is an HDF5 file, as Keras writes; import it with",
                "\\200\\002abc | is a Python pickle",
                "no zip | is not a network that DL4J saved, which is a zip archive; valid: what ModelSerializer"
            })
    void fileOfAnotherKind(String content, String message) throws IOException {
        Path file =
                Files.writeString(folder.resolve("model.h5"), content.translateEscapes(), StandardCharsets.ISO_8859_1);
        assertThat(doctor(file.toString())).isEqualTo(2);
        assertThat(err.toString().strip().lines()).singleElement().asString().contains(message);
    }

    @Test
    void archiveOfAnotherKind() throws IOException {
        Path file = folder.resolve("archive.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("model.weights.h5"));
        }
        assertThat(doctor(file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("is a file of Keras 3, which DL4J cannot read");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("something"));
        }
        assertThat(doctor(file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("is a zip archive without configuration.json");
    }
}
