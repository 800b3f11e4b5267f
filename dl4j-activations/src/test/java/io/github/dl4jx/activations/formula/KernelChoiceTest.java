package io.github.dl4jx.activations.formula;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.Mish;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.factory.Nd4j;

/** Each way to start Java, in a virtual machine of its own. */
class KernelChoiceTest {
    private static final String RESULT = "mish(1) = [0.8651]";
    private static final String[] FLAG = KernelChoice.FLAG.split(" ", -1);

    /** What a user does: builds and reads a configuration, and runs an activation both ways. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                    .list()
                    .layer(new DenseLayer.Builder()
                            .nIn(2)
                            .nOut(2)
                            .activation(new Mish())
                            .build())
                    .build();
            IActivation read = ((DenseLayer) MultiLayerConfiguration.fromJson(configuration.toJson())
                            .getConf(0)
                            .getLayer())
                    .getActivationFn();
            for (String name : Activations.names()) {
                Activations.get(name)
                        .getActivation(Nd4j.createFromArray(-1f, 1f).reshape(1, 2), true);
            }
            System.out.println("mish(1) = " + read.getActivation(Nd4j.createFromArray(1f), true));
            read.backprop(Nd4j.createFromArray(1f), Nd4j.createFromArray(1f));
        }
    }

    @Test
    void withTheFlagItRunsKernels() {
        assertThat(run(FLAG)).contains("fused kernels of").contains(RESULT);
    }

    @Test
    void withoutItRunsPlainLoopsAndOneLineNamesTheFlag() {
        assertThat(run()).contains(RESULT);
        assertThat(run().lines().filter(line -> line.contains("io.github.dl4jx")))
                .singleElement()
                .asString()
                .contains("WARN", "plain loops", "start Java with --add-modules jdk.incubator.vector");
    }

    @Test
    void withoutC2ItRunsOnNd4j() {
        for (String flag : List.of("-Xint", "-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=3")) {
            assertThat(run(FLAG[0], FLAG[1], flag))
                    .as(flag)
                    .contains("ND4J operations", "C2")
                    .contains(RESULT);
        }
    }

    @Test
    void withoutFusedMultiplyAddItRunsNoLoops() {
        assertThat(run("-XX:-UseFMA"))
                .contains("ND4J operations", "does not multiply and add in one")
                .contains(RESULT);
    }

    @Test
    void thePropertyForcesAPath() {
        for (String path : List.of("vector", "LOOPS", "nd4j")) {
            assertThat(run(FLAG[0], FLAG[1], "-Dio.github.dl4jx.kernels=" + path))
                    .contains("path '" + path.toLowerCase(Locale.ROOT) + "', as io.github.dl4jx.kernels says")
                    .contains(RESULT);
        }
    }

    @Test
    void whatCannotBeForcedAndWhatIsNoChoiceSaysSo() {
        assertThat(run("-Dio.github.dl4jx.kernels=vector"))
                .contains(
                        "IllegalStateException: io.github.dl4jx.kernels is 'vector', but start Java with --add-modules");
        assertThat(run("-Dio.github.dl4jx.kernels=gpu"))
                .contains(
                        "IllegalArgumentException: io.github.dl4jx.kernels is 'gpu'; valid: vector, loops, nd4j, or not set");
    }

    private static String run(String... flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.add("-Dorg.slf4j.simpleLogger.log.io.github.dl4jx.kernels=info");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
