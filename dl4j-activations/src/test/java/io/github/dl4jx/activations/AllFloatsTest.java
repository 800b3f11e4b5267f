package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.conformance.Reference;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All 2³² float32 inputs, forward and gradient, against the double-precision reference. It takes minutes to a quarter
 * of an hour a function, so {@code dl4j-activations/prove all-floats} runs it, and not the build.
 */
@Tag("long")
class AllFloatsTest {
    private static final Logger LOG = LoggerFactory.getLogger(AllFloatsTest.class);
    private static final int CHUNK = 1 << 21;
    private static final int ROW = 1 << 15;
    private static final long INPUTS = 1L << 32;
    private static final double[][] ONES = {
        DoubleStream.generate(() -> 1).limit(ROW).toArray()
    };

    /** The one that the command names, or all. */
    static Stream<String> functions() {
        String named = System.getProperty("prove.name", "");
        return named.isEmpty() ? Stream.of("swish", "mish", "softplus", "gelu") : Stream.of(named);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void everyInput(String name) throws IOException {
        IActivation activation = Activations.get(name);
        Reference reference = References.of(name);
        Tally value = new Tally();
        Tally slope = new Tally();
        INDArray ones = Nd4j.ones(DataType.FLOAT, CHUNK);
        for (long first = 0; first < INPUTS; first += CHUNK) {
            float[] x = new float[CHUNK];
            for (int i = 0; i < CHUNK; i++) {
                x[i] = Float.intBitsToFloat((int) (first + i));
            }
            float[] y = activation
                    .getActivation(Nd4j.createFromArray(x), true)
                    .data()
                    .asFloat();
            float[] gradient = activation
                    .backprop(Nd4j.createFromArray(x), ones)
                    .getFirst()
                    .data()
                    .asFloat();
            IntStream.range(0, CHUNK / ROW).parallel().forEach(row -> {
                double[][] rows = new double[1][ROW];
                for (int i = 0; i < ROW; i++) {
                    rows[0][i] = x[row * ROW + i];
                }
                value.add(rows[0], reference.value(rows)[0], y, row * ROW);
                slope.add(rows[0], reference.gradient(rows, ONES)[0], gradient, row * ROW);
            });
            if ((first + CHUNK) % (INPUTS / 16) == 0) {
                LOG.info("{}: {} of 16", name, (first + CHUNK) / (INPUTS / 16));
            }
        }
        String path = System.getProperty("io.github.dl4jx.kernels", "vector");
        String folder = path.equals("vector") ? "all-floats" : "all-floats-" + path;
        String page = "# " + name + " over all 2^32 float32 inputs\n\n" + Proofs.conditions(folder + " " + name)
                + "Errors in ulp(max(|reference|, 1)) of float32, against the double-precision reference.\n\n"
                + "| | inputs that are numbers | largest error | at x | not finite where the reference is"
                + " | NaN inputs | of which not NaN after |\n"
                + "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n" + value.row("f") + slope.row("f'");
        Proofs.write(folder + "/" + name + ".md", page);
        assertThat(value.numbers + value.nans).isEqualTo(INPUTS);
        assertThat(value.lost + slope.lost).as("not finite").isZero();
        assertThat(value.nansLost).as("NaN that became a number").isZero();
        assertThat(Math.max(value.worst, slope.worst)).isLessThanOrEqualTo(reference.ulps() + 0.5);
    }

    /** What has been seen so far. */
    private static final class Tally {
        private long numbers;
        private long nans;
        private long nansLost;
        private long lost;
        private double worst;
        private double worstAt;

        private void add(double[] x, double[] expected, float[] actual, int offset) {
            Tally part = new Tally();
            for (int i = 0; i < x.length; i++) {
                part.add(x[i], expected[i], actual[offset + i]);
            }
            synchronized (this) {
                numbers += part.numbers;
                nans += part.nans;
                nansLost += part.nansLost;
                lost += part.lost;
                if (part.worst > worst) {
                    worst = part.worst;
                    worstAt = part.worstAt;
                }
            }
        }

        private void add(double x, double expected, float actual) {
            if (Double.isNaN(x)) {
                nans++;
                nansLost += Float.isNaN(actual) ? 0 : 1;
                return;
            }
            numbers++;
            if (Math.abs(expected) > Float.MAX_VALUE && actual == (float) expected) {
                return; // ∞ as it should be
            }
            if (!Float.isFinite(actual)) {
                lost++;
                return;
            }
            double error = Math.abs(actual - expected) / Math.ulp((float) Math.max(1, Math.abs(expected)));
            if (error > worst) {
                worst = error;
                worstAt = x;
            }
        }

        private String row(String what) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %.3f | %s | %d | %d | %d |%n",
                    what,
                    numbers,
                    worst,
                    (float) worstAt,
                    lost,
                    nans,
                    nansLost);
        }
    }
}
