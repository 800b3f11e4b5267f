package io.github.dl4jx.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Cifar10Iterator;
import io.github.dl4jx.examples.cifar10.data.Images;
import io.github.dl4jx.examples.cifar10.data.Preprocessing;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs to copy: they run as they stand, and their networks learn the sample by heart. */
@ExtendWith(SampleData.class)
class ProgramsTest {

    static Stream<Arguments> networks() {
        return Stream.concat(
                Stream.of("mish", "abrelu").map(name -> Arguments.of(name, SwapActivation.network(name))),
                Stream.of(
                        Arguments.of("SELU network", SeluNetwork.network()),
                        Arguments.of("Nguyen-Widrow network", NguyenWidrowNetwork.network())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void learns(String name, MultiLayerNetwork network) {
        Images images =
                Cifar10.load(null, new PrintWriter(new StringWriter())).split(1).train();
        Cifar10Iterator batches = new Cifar10Iterator(images, Preprocessing.STANDARDISE.fit(images), 32, 1);
        network.fit(batches, 25);
        assertThat(network.score()).as("loss is a number").isFinite();
        assertThat(network.evaluate(batches).accuracy()).isGreaterThan(0.5);
    }

    static Stream<Consumer<String[]>> mains() {
        return Stream.of(SwapActivation::main, SeluNetwork::main, NguyenWidrowNetwork::main);
    }

    @ParameterizedTest
    @MethodSource("mains")
    void runsAsItStands(Consumer<String[]> main) {
        assertThat(output(() -> main.accept(new String[0]))).containsPattern("(?m)^test accuracy 0\\.\\d+$");
    }

    @Test
    void swapTakesTheNameOfAnActivation() {
        assertThat(output(() -> SwapActivation.main(new String[] {"swish(beta=1.5)"})))
                .contains("test accuracy");
    }

    private static String output(Runnable program) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
