package io.github.dl4jx.examples.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.examples.Dl4jx;
import io.github.dl4jx.examples.SampleData;
import io.github.dl4jx.examples.cifar10.ActivationChoice;
import io.github.dl4jx.init.Initializers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The signal lab as a user meets it. */
@ExtendWith(SampleData.class)
class SignalCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of("");

    private int signal(String... arguments) {
        return Dl4jx.commandLine(new SignalCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void networksOfAnyActivationAndInitialiser() throws IOException {
        String[] command = {
            "network",
            "--activations",
            "tanh,prelu,abrelu",
            "--inits",
            "recommended,gaussian(std=0.01)",
            "--depth",
            "3",
            "--width",
            "20",
            "--batch",
            "30",
            "--out",
            folder.toString()
        };
        assertThat(signal(command)).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("## tanh, xavier")
                .contains("## tanh, gaussian\n")
                .contains("| 3 ");
        assertThat(Files.readAllLines(folder.resolve("layers.csv"))).hasSize(1 + 6 * 4);
        assertThat(folder.resolve("results.md"))
                .content()
                .contains("Command: `./dl4jx network --activations tanh,prelu,abrelu --inits recommended,gauss");
        for (String name : List.of("curves.png", "tanh~xavier.png", "abrelu~gaussian.png")) {
            assertThat(ImageIO.read(folder.resolve(name).toFile()).getWidth())
                    .as(name)
                    .isGreaterThanOrEqualTo(1_000);
        }
        String figures = Files.readString(folder.resolve("layers.csv"));
        assertThat(signal(command)).isZero();
        assertThat(Files.readString(folder.resolve("layers.csv"))).isEqualTo(figures);
    }

    @Test
    void savedNetworkOnImagesAndOnNoise() throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .activation(new Tanh())
                        .build())
                .layer(new OutputLayer.Builder().nOut(10).build())
                .setInputType(InputType.convolutional(32, 32, 3))
                .build());
        network.init();
        Path model = folder.resolve("model.zip");
        network.save(model.toFile());
        for (String[] batch : new String[][] {{"--data", "cifar10"}, {"--shape", "3,32,32"}}) {
            assertThat(signal(
                            "network",
                            "--model",
                            model.toString(),
                            "--batch",
                            "20",
                            batch[0],
                            batch[1],
                            "--out",
                            folder.toString()))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString()).contains("## model.zip").contains("ConvolutionLayer");
            assertThat(Files.readAllLines(folder.resolve("layers.csv"))).hasSize(1 + 3);
        }
        assertThat(signal("network", "--model", model.toString(), "--batch", "20", "--out", folder.toString()))
                .as("the dense layer behind tells the image's size")
                .isZero();
        assertThat(signal("network", "--model", model.toString(), "--shape", "7"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("does not take examples of shape [200, 7]");
    }

    @Test
    void savedDenseGraphTellsItsShape() throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(6)
                        .nOut(4)
                        .activation(new Tanh())
                        .build())
                .build());
        network.init();
        Path model = folder.resolve("graph.zip");
        network.toComputationGraph().save(model.toFile());
        assertThat(signal("network", "--model", model.toString(), "--out", folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("DenseLayer");
    }

    @Test
    void heatMapHasAllPairs() throws IOException {
        assertThat(signal("heat-map", "--depth", "3", "--width", "8", "--draws", "1", "--out", folder.toString()))
                .as(err.toString())
                .isZero();
        HeatMap map = HeatMap.read(folder.resolve("heat-map.csv"));
        assertThat(map.activations()).containsExactlyElementsOf(ActivationChoice.names());
        assertThat(map.initializers()).containsExactlyElementsOf(HeatMapCommand.columns());
        assertThat(map.initializers()).containsAll(Initializers.names());
        assertThat(map.worksFor("recommended")).contains("relu", "maxout");
        assertThat(map.worksFor("own gain")).contains("relu", "swish").doesNotContain("maxout", "softmax");
        assertThat(map.worksFor("constant")).isEmpty();
        assertThat(map.worksFor("he")).contains("relu");
        assertThat(ImageIO.read(folder.resolve("heat-map.png").toFile()).getWidth())
                .isGreaterThanOrEqualTo(1_000);
        assertThat(folder.resolve("results.md")).content().contains("| constant | none |");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "network --activations tanhh | --activations: unknown activation 'tanhh'; valid: abrelu, arelu,",
                "network --inits hee | uniform, xavier, recommended, or all",
                "network --depth 0 | --depth is 0; valid: 1 to 1000",
                "network --width 1 | --width is 1; valid: 2 to 10000",
                "network --batch 1 | --batch is 1; valid: 2 to 10000",
                "network --model /no/such/file | --model /no/such/file is not a file",
                "heat-map --draws 0 | --draws is 0; valid: 1 to 1000",
                "heat-map --out /dev/null/x --depth 1 --width 2 --draws 1 | --out /dev/null/x cannot be used",
                "advice --sed 2 | Unknown options: '--sed', '2'; valid: --seed, --out",
            })
    void badArgumentsGetOneLineAndStatusTwo(String arguments, String message) {
        assertThat(signal(arguments.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString().lines().filter(line -> line.startsWith("signal")))
                .singleElement()
                .asString()
                .contains(message);
    }

    @Test
    void fileThatIsNoNetwork() throws IOException {
        Path file = Files.writeString(folder.resolve("file.zip"), "no zip");
        assertThat(signal("network", "--model", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("is not a network that DL4J saved");
    }
}
