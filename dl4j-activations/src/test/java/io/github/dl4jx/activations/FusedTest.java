package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.dl4jx.activations.conformance.Reference;
import io.github.dl4jx.activations.formula.Ops;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What the fused path has beyond the conformance test: tails, large arrays, and no vector on the heap. */
@DisabledIfSystemProperty(named = "io.github.dl4jx.kernels", matches = "nd4j")
class FusedTest {
    /** Below this, tails may lose digits: their factors are subnormal, or have been cut off. */
    private static final double SMALLEST_EXACT = 0x1p-111;

    /** Its zero is a difference: absolute there, not relative. */
    private static final String SHIFTED = "shifted-softplus";

    static Stream<String> elementwise() {
        return References.BY_SPECIFICATION.keySet().stream()
                .filter(specification -> slowPath(specification) != null)
                .sorted();
    }

    /** Over every exponent: relative to the result where f saturates and near 0, where that is asked of it. */
    @ParameterizedTest
    @MethodSource("elementwise")
    void tailsAreRelativelyExact(String specification) {
        Reference reference = Objects.requireNonNull(References.BY_SPECIFICATION.get(specification));
        float[] x = everyExponent();
        INDArray value = Activations.get(specification).getActivation(Nd4j.createFromArray(x), true);
        INDArray slope = Activations.get(specification)
                .backprop(Nd4j.createFromArray(x), Nd4j.ones(DataType.FLOAT, x.length))
                .getFirst();
        for (int i = 0; i < x.length; i++) {
            if (Math.abs(x[i]) >= 8 || (Math.abs(x[i]) <= 0.125 && !specification.equals(SHIFTED))) {
                // an argument is rounded once or twice: x·(1 ± 2^-23) moves the result by this
                double sensitivity = Math.abs(x[i]) * 0x1p-22;
                double f = reference.value(x[i]);
                double df = reference.slope(x[i]);
                assertRelative(specification, x[i], value.getFloat(i), f, sensitivity * Math.abs(df));
                double step = Math.max(Math.abs(x[i]) * 1e-4, 1e-30);
                double curvature = Math.abs(reference.slope(x[i] + step) - reference.slope(x[i] - step)) / (2 * step);
                assertRelative(specification + " slope", x[i], slope.getFloat(i), df, sensitivity * curvature);
            }
        }
    }

    private static void assertRelative(String what, float x, float actual, double expected, double moved) {
        if (Math.abs(expected) <= Float.MAX_VALUE) {
            double allowed = 4 * Math.ulp((float) Math.max(Math.abs(expected), SMALLEST_EXACT)) + moved;
            assertThat(Math.abs(actual - expected))
                    .as("%s at %s: %s for %s", what, x, actual, expected)
                    .isLessThanOrEqualTo(allowed);
        }
    }

    /** All exponents and both signs, eight significands each. */
    private static float[] everyExponent() {
        Random random = new Random(5);
        float[] x = new float[255 * 2 * 8];
        for (int i = 0; i < x.length; i++) {
            int significand = i % 8 == 0 ? 0 : random.nextInt(1 << 23);
            float magnitude = Float.intBitsToFloat(((i / 16) << 23) | significand);
            x[i] = ((i / 8) & 1) == 0 ? magnitude : -magnitude;
        }
        return x;
    }

    /** Large enough for all threads, and in the layouts that leave the flat path. */
    @ParameterizedTest
    @MethodSource("elementwise")
    void largeArraysAgreeWithTheSlowPath(String specification) {
        IActivation fast = Activations.get(specification);
        SlowPath slow = Objects.requireNonNull(slowPath(specification));
        INDArray x = Nd4j.randn(DataType.FLOAT, 7, 35, 33, 31).muli(4);
        INDArray g = Nd4j.randn(DataType.FLOAT, 7, 35, 33, 31);
        INDArray value = slow.value().apply(x.dup());
        INDArray gradient = slow.gradient().apply(x.dup(), g);
        for (INDArray layout : layouts(x)) {
            INDArray y = fast.getActivation(layout, true);
            assertThat(y.equalsWithEps(value, 4e-6)).as(specification).isTrue();
        }
        for (INDArray epsilon : layouts(g)) {
            for (INDArray layout : layouts(x)) {
                INDArray dx = fast.backprop(layout, epsilon).getFirst();
                assertThat(dx.equalsWithEps(gradient, 2e-5)).as(specification).isTrue();
            }
        }
    }

    /** Wherever an array begins and ends amid the machine's vectors, its numbers are the same and its neighbours untouched. */
    @ParameterizedTest
    @ValueSource(strings = {"relu", "mish"})
    void placeInMemoryDoesNotMatter(String specification) {
        IActivation function = Activations.get(specification);
        INDArray x = Nd4j.randn(DataType.FLOAT, 1, 120).muli(4);
        INDArray g = Nd4j.randn(DataType.FLOAT, 1, 120);
        float[] untouched = x.toFloatVector();
        float[] values = function.getActivation(x.dup(), true).toFloatVector();
        float[] gradients = function.backprop(x.dup(), g).getFirst().toFloatVector();
        for (int from = 0; from <= 17; from++) {
            for (int length = 1; length <= 100; length++) {
                INDArray forwards = x.dup();
                INDArray backwards = x.dup();
                function.getActivation(part(forwards, from, length), true);
                function.backprop(part(backwards, from, length), part(g, from, length));
                for (int i = 0; i < untouched.length; i++) {
                    boolean inside = from <= i && i < from + length;
                    String place = specification + " from " + from + ", " + length + " long, at " + i;
                    assertThat(forwards.getFloat(i)).as(place).isEqualTo(inside ? values[i] : untouched[i]);
                    assertThat(backwards.getFloat(i)).as(place).isEqualTo(inside ? gradients[i] : untouched[i]);
                }
            }
        }
    }

    private static INDArray part(INDArray row, int from, int length) {
        return row.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + length));
    }

    /** The same values as NCHW, as NHWC, and as a part of more channels. */
    private static List<INDArray> layouts(INDArray values) {
        long[] s = values.shape();
        INDArray nhwc = Nd4j.create(DataType.FLOAT, s[0], s[2], s[3], s[1]).permute(0, 3, 1, 2);
        INDArray part = Nd4j.create(DataType.FLOAT, s[0], s[1] + 9, s[2], s[3])
                .get(NDArrayIndex.all(), NDArrayIndex.interval(4, 4 + s[1]));
        return List.of(values.dup(), nhwc.assign(values), part.assign(values));
    }

    @Test
    void threadsShareAnActivationAndThePool() throws Exception {
        IActivation mish = Activations.get("mish");
        INDArray x = Nd4j.randn(DataType.FLOAT, 1_000_003);
        INDArray expected = mish.getActivation(x.dup(), true);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Boolean> call = () -> {
                boolean equal = true;
                for (int i = 0; i < 20; i++) {
                    equal &= mish.getActivation(x.dup(), true).equalsWithEps(expected, 0);
                }
                return equal;
            };
            for (Future<Boolean> result : threads.invokeAll(Collections.nCopies(4, call))) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }

    /**
     * Once compiled, a call allocates next to nothing, though all functions have run in this virtual machine: a single
     * vector on the heap would be 80 bytes for 16 elements.
     */
    @Test
    void noVectorReachesTheHeapWhateverRanBefore() {
        int threads = Nd4j.getEnvironment().maxMasterThreads();
        Nd4j.getEnvironment().setMaxMasterThreads(1); // so that this thread's allocations are all
        try {
            INDArray x = Nd4j.randn(DataType.FLOAT, 1 << 16);
            INDArray g = Nd4j.randn(DataType.FLOAT, 1 << 16);
            List<String> order = new ArrayList<>(elementwise().toList());
            Collections.shuffle(order, new Random(3));
            for (String specification : order) {
                IActivation activation = Activations.get(specification);
                assertSettles(specification + " forward", () -> activation.getActivation(x, true));
                assertSettles(specification + " backward", () -> activation.backprop(x, g));
            }
        } finally {
            Nd4j.getEnvironment().setMaxMasterThreads(threads);
        }
    }

    /** C2 would inline the loops of a function that is the only one into their caller, and run out of nodes there. */
    @ParameterizedTest
    @ValueSource(strings = {"swish", "gelu"})
    void noVectorReachesTheHeapWhereNothingElseRan(String specification) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Single.class.getName(),
                        specification)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** One function in a virtual machine of its own. */
    static final class Single {
        private Single() {}

        public static void main(String[] args) {
            Nd4j.getEnvironment().setMaxMasterThreads(1);
            IActivation activation = Activations.get(args[0]);
            INDArray x = Nd4j.randn(DataType.FLOAT, 1 << 16);
            INDArray g = Nd4j.randn(DataType.FLOAT, 1 << 16);
            for (int i = 0; i < 2000; i++) { // as in training, in turn
                activation.getActivation(x, true);
                activation.backprop(x, g);
            }
            assertSettles(args[0] + " forward", () -> activation.getActivation(x, true));
            assertSettles(args[0] + " backward", () -> activation.backprop(x, g));
        }
    }

    private static void assertSettles(String what, Runnable call) {
        ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        long allocated;
        do {
            long before = beans.getThreadAllocatedBytes(id);
            call.run();
            allocated = beans.getThreadAllocatedBytes(id) - before;
        } while (allocated > 20_000 && System.nanoTime() < deadline);
        assertThat(allocated).as("%s: bytes for 65,536 elements", what).isLessThan(20_000);
    }

    /** The ND4J path, in this virtual machine that has chosen the other. */
    private record SlowPath(UnaryOperator<INDArray> value, BinaryOperator<INDArray> gradient) {}

    private static @Nullable SlowPath slowPath(String specification) {
        IActivation activation = Activations.get(specification);
        if (activation instanceof Sigmoid) {
            return new SlowPath(Ops::sigmoid, Ops::sigmoidGradient);
        }
        return activation instanceof FormulaActivation formula
                ? new SlowPath(formula::value, (x, g) -> formula.slope(x).muli(g))
                : null;
    }
}
