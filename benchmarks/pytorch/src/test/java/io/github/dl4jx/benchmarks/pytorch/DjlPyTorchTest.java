package io.github.dl4jx.benchmarks.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.benchmarks.Case;
import io.github.dl4jx.benchmarks.Inputs;
import io.github.dl4jx.benchmarks.Operation;
import io.github.dl4jx.benchmarks.PyTorch;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DjlPyTorchTest {
    /** Repeated, and overwriting its input. */
    private static final int[] SIZES = {4096, 1 << 20};

    @BeforeAll
    static void offline() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ENGINE_CACHE_DIR", "target/djl");
    }

    static List<String> functions() {
        return List.copyOf(Operator.ALL.keySet());
    }

    @Test
    void isFoundAndHasItsLibrary() {
        assertThat(PyTorch.find()).get().isInstanceOf(DjlPyTorch.class);
        assertThat(PyTorch.obstacle()).isEmpty();
        assertThat(new DjlPyTorch().version()).startsWith("PyTorch 2.");
    }

    @Test
    void archiveHoldsWhatTheReaderOfLibtorchLooksFor() throws Exception {
        List<String> names = new ArrayList<>();
        byte[] archive = TorchScript.archive(TorchScript.source(Operators.operator("swish")));
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        }

        assertThat(names)
                .containsExactlyInAnyOrder(
                        "operators/data.pkl",
                        "operators/code/__torch__.py",
                        "operators/constants.pkl",
                        "operators/version");
    }

    @ParameterizedTest
    @MethodSource("functions")
    void operatorsComputeThePacksFunctions(String function) {
        for (int size : SIZES) {
            for (String part : List.of(Case.FORWARD, Case.BACKWARD)) {
                float[] expected = expected(function, part, size);
                try (Operation operation = new Operators().open(new Case(function, part, size), Inputs.of(size))) {
                    assertThat(operation.result()).hasSameSizeAs(expected);
                    operation.restore(); // the large one has overwritten its input
                    operation.run();
                    operation.restore();
                    float[] actual = operation.result();
                    for (int i = 0; i < size; i++) {
                        assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
                    }
                }
            }
        }
    }

    private static float[] expected(String function, String part, int size) {
        INDArray x = Nd4j.createFromArray(Inputs.of(size).x()).reshape(-1, 256);
        INDArray g = Nd4j.createFromArray(Inputs.of(size).upstream()).reshape(-1, 256);
        INDArray y = part.equals(Case.FORWARD)
                ? Activations.get(function).getActivation(x, true)
                : Activations.get(function).backprop(x, g).getFirst();
        return y.data().asFloat();
    }

    @Test
    void whatPyTorchLacksIsKnown() {
        assertThat(List.of("identity", "step", "abrelu"))
                .noneMatch(new DjlPyTorch()::has)
                .allMatch(Activations::contains);
        assertThat(Operator.ALL.keySet()).allMatch(Activations::contains);
    }
}
