package io.github.dl4jx.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.init.Initializers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchmarksTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "activations --functions relu,wish | unknown activation 'wish'",
                "training --functions wish | unknown activation 'wish'",
                "training --networks wide | unknown network 'wide'; valid: small, resnet-20, vgg, wrn-16-2, fast, or all",
                "inference --networks vgg | unknown network 'vgg'; valid: small, resnet-20, or all",
                "activations --fast | --fast",
                "initializer | initializer",
                "ConvolutionTraining -wi many | many"
            })
    void badArgumentsAreRefusedInOneLine(String line, String named) {
        StringWriter err = new StringWriter();
        CommandLine commandLine = Benchmarks.commandLine().setErr(new PrintWriter(err, true));

        assertThat(commandLine.execute(line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(named);
        assertThat(err.toString().strip().lines()).hasSize(1);
    }

    @Test
    void aFileIsNoFolderForResults(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        StringWriter err = new StringWriter();
        CommandLine commandLine = Benchmarks.commandLine().setErr(new PrintWriter(err, true));

        assertThat(commandLine.execute("initializers", "--quick", "--out", file.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--out " + file);
    }

    @Test
    void jmhReadsItsOwnOptions() {
        assertThat(Benchmarks.commandLine().execute("ConvolutionTraining", "-h", "-f", "1"))
                .isZero();
    }

    @Test
    void everyEntryOfBothCataloguesIsMeasured() {
        List<String> functions = new ActivationSuite().all();
        List<String> initializers = new InitializerSuite().all();

        assertThat(functions).contains("relu", "swish", "gelu(form=tanh)").allMatch(Activations::contains);
        assertThat(functions).hasSizeGreaterThanOrEqualTo(21).doesNotContain("scaled-tanh");
        assertThat(initializers).map(name -> Initializers.entry(name).name()).containsAll(Initializers.names());
    }

    @Test
    void builtInsAreTheSameFunctions() {
        Library builtIns = new ActivationLibrary(BuiltIns::get, BuiltIns::tolerance);
        for (String function : new ActivationSuite().all()) {
            for (String part : List.of(Case.FORWARD, Case.BACKWARD)) {
                if (builtIns.has(function, part)) {
                    ActivationSuite.requireSameFunction(builtIns, new Case(function, part, ActivationSuite.SMALL));
                }
            }
        }
    }

    @Test
    void anotherFunctionIsNoticed() {
        Library wrong = new ActivationLibrary(name -> BuiltIns.get("softplus"), name -> 1e-4);

        assertThat(catchThrowable(() -> ActivationSuite.requireSameFunction(
                        wrong, new Case("relu", Case.FORWARD, ActivationSuite.SMALL))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("relu");
    }

    @Test
    void aCopyCopiesAll() {
        for (int size : new int[] {4096, 262_144}) {
            try (Operation copy = new CopyLibrary().open(new Case("relu", Case.BACKWARD, size), Inputs.of(16))) {
                float[] copied = copy.result();
                assertThat(copied).hasSize(size * 3 / 2);
                assertThat(copied[0]).isNotZero();
                assertThat(copied[copied.length / 2]).isNotZero();
                assertThat(copied[copied.length - 1]).isNotZero();
            }
        }
    }
}
