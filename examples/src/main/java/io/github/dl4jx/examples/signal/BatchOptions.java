package io.github.dl4jx.examples.signal;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Option;

/** How the batch looks that a network is measured on. */
final class BatchOptions {
    private static final int MOST_EXAMPLES = 10_000;

    @Option(
            names = "--shape",
            paramLabel = "N,N,...",
            description = "Of one Gaussian example, as 3,32,32. Default: what the first layer tells.")
    private @Nullable String shape;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "200",
            description = "Examples. Default: ${DEFAULT-VALUE}.")
    private int batch;

    void check() {
        SignalCommand.require("--batch", batch, 2, MOST_EXAMPLES);
    }

    int examples() {
        return batch;
    }

    /** For a saved network; {@code kind} is what {@code --data} says. */
    INDArray draw(SavedModel model, String kind, long seed, PrintWriter notices) {
        return model.batch(kind, shape, batch, seed, notices);
    }
}
