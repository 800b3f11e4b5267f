package io.github.dl4jx.activations.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.github.dl4jx.activations.ABReLU;
import io.github.dl4jx.activations.dropout.AlphaDropout;
import io.github.dl4jx.activations.formula.FusedBroadcast;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What the fused loops have beyond {@link LayerMathTest}: threads, tails, sums of many, and no vector on the heap. */
@DisabledIfSystemProperty(named = "io.github.dl4jx.kernels", matches = "nd4j")
class FusedLayersTest {
    private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    /** Large enough for two threads. Odd sizes, rows shorter and longer than a block, and rows of whole vectors. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody changes them
    private enum Shape {
        IMAGES(InputType.convolutional(33, 31, 35), 5, 35, 33, 31),
        WHOLE_VECTORS(InputType.convolutional(32, 32, 16), 9, 16, 32, 32),
        LARGE_IMAGES(InputType.convolutional(101, 97, 3), 5, 3, 101, 97),
        NHWC(InputType.convolutional(33, 31, 35, CNN2DFormat.NHWC), 5, 33, 31, 35),
        FEW_FEATURES(InputType.feedForward(3), 50_001, 3),
        FEATURES(InputType.feedForward(131), 1203, 131),
        MANY_FEATURES(InputType.feedForward(5003), 37, 5003),
        SEQUENCES(InputType.recurrent(37, 41), 91, 37, 41),
        SMALL(InputType.feedForward(5), 3, 5),
        ONE(InputType.feedForward(1), 1, 1);

        final InputType type;
        final long[] shape;

        Shape(InputType type, long... shape) {
            this.type = type;
            this.shape = shape;
        }
    }

    static Stream<Arguments> learned() {
        return Stream.of(
                        "prelu(sharing=channel)",
                        "prelu(sharing=neuron)",
                        "prelu(sharing=shared)",
                        "pswish(sharing=channel)",
                        "pswish(sharing=neuron)",
                        "pswish(sharing=shared)",
                        "arelu")
                .flatMap(name -> Stream.of(Shape.values()).map(shape -> Arguments.of(name, shape)));
    }

    /** Doubles take the ND4J path, which {@link LayerMathTest} holds to plain loops. */
    @ParameterizedTest
    @MethodSource("learned")
    void floatsAgreeWithDoubles(String name, Shape shape) {
        Bench fast = new Bench(ActivationLayers.get(name), shape.type, DataType.FLOAT);
        Bench slow = new Bench(ActivationLayers.get(name), shape.type, DataType.DOUBLE);
        perturb(fast, slow);
        INDArray x = Nd4j.randn(DataType.FLOAT, shape.shape).muli(3);
        INDArray g = Nd4j.randn(DataType.FLOAT, shape.shape);
        INDArray value = slow.forward(x.castTo(DataType.DOUBLE), true);
        slow.backward(Nd4j.math().abs(g).castTo(DataType.DOUBLE));
        double[] magnitudes = Bench.flat(slow.layer.getGradientsViewArray());
        INDArray dx = slow.backward(g.castTo(DataType.DOUBLE)).getSecond();
        double[] sums = Bench.flat(slow.layer.getGradientsViewArray());
        for (INDArray layout : layouts(x)) {
            INDArray y = fast.forward(layout, true);
            assertThat(y.castTo(DataType.DOUBLE).equalsWithEps(value, 2e-6)).isTrue();
            for (INDArray epsilon : layouts(g)) {
                Pair<Gradient, INDArray> back = fast.backward(epsilon);
                assertThat(back.getSecond().castTo(DataType.DOUBLE).equalsWithEps(dx, 4e-6))
                        .isTrue();
                double[] actual = Bench.flat(fast.layer.getGradientsViewArray());
                for (int i = 0; i < sums.length; i++) {
                    double allowed = 1e-6 * Math.abs(magnitudes[i]) + 1e-6;
                    assertThat(actual[i]).as("parameter %s", i).isCloseTo(sums[i], within(allowed));
                }
                assertThat(epsilon).isEqualTo(g);
            }
            assertThat(layout).isEqualTo(x);
        }
    }

    private static void perturb(Bench fast, Bench slow) {
        Random random = new Random(7);
        Iterator<INDArray> others = slow.layer.paramTable().values().iterator();
        for (INDArray p : fast.layer.paramTable().values()) {
            double[] noise = random.doubles(p.length(), -0.3, 0.09).toArray();
            p.addi(Nd4j.createFromArray(noise).castTo(DataType.FLOAT).reshape('c', p.shape()));
            others.next().assign(p);
        }
    }

    /** The same in c order, in f order, and with the first two axes exchanged in memory. */
    private static List<INDArray> layouts(INDArray values) {
        int[] exchanged = {1, 0, 2, 3};
        int[] order = Arrays.copyOf(exchanged, values.rank());
        return List.of(
                values.dup('c'), values.dup('f'), values.permute(order).dup('c').permute(order));
    }

    /** The layouts above are the fused loops' matter, if x is dense: p is of each channel here, or of each element. */
    @Test
    void denseArraysAreTakenWhateverTheirOrder() {
        INDArray x = Nd4j.create(DataType.FLOAT, 6, 5, 4, 3);
        for (INDArray layout : layouts(x)) {
            assertThatIllegalStateException().isThrownBy(() -> ask(layout, Nd4j.create(DataType.FLOAT, 1, 1, 1, 1)));
            assertThatIllegalStateException().isThrownBy(() -> ask(layout, layout));
        }
        assertThatIllegalStateException().isThrownBy(() -> ask(x, Nd4j.create(DataType.FLOAT, 1, 5, 1, 1)));
        assertThatIllegalStateException().isThrownBy(() -> ask(x, Nd4j.create(DataType.FLOAT, 1, 5, 4, 3)));
        assertThat(ask(x, x.dup('f'))).isFalse();
        assertThat(ask(x.castTo(DataType.DOUBLE), x)).isFalse();
    }

    private static boolean ask(INDArray x, INDArray p) {
        return FusedBroadcast.map(
                () -> {
                    throw new IllegalStateException("asked for the kernel");
                },
                x,
                p,
                x);
    }

    @ParameterizedTest
    @ValueSource(strings = {"channel", "neuron", "shared"})
    void manyEqualTermsAreSummedExactly(String sharing) {
        for (Shape shape : Shape.values()) {
            Bench bench = new Bench(ActivationLayers.get("prelu(sharing=" + sharing + ")"), shape.type, DataType.FLOAT);
            INDArray x = Nd4j.valueArrayOf(shape.shape, -0.1, DataType.FLOAT);
            bench.forward(x, true);
            bench.backward(Nd4j.onesLike(x));
            double[] sums = Bench.flat(bench.layer.getGradientsViewArray());
            double expected = -0.1f * (double) x.length() / sums.length;
            for (double sum : sums) {
                assertThat(sum).isCloseTo(expected, within(-expected * 2e-6));
            }
        }
    }

    /** Large terms that cancel, and between them ones that floats of that size no longer hold: the sums are doubles. */
    @ParameterizedTest
    @ValueSource(strings = {"channel", "shared"})
    void termsThatCancelLeaveWhatTheyHide(String sharing) {
        int channels = sharing.equals("shared") ? 1 : 3;
        int third = 1 << 16;
        Bench bench = new Bench(
                ActivationLayers.get("prelu(sharing=" + sharing + ")"),
                InputType.feedForward(channels),
                DataType.FLOAT);
        INDArray x = Nd4j.valueArrayOf(new long[] {3L * third, channels}, -1, DataType.FLOAT);
        INDArray g = Nd4j.zeros(DataType.FLOAT, 3L * third, channels);
        g.get(NDArrayIndex.interval(0, third), NDArrayIndex.all()).assign(1 << 15);
        g.get(NDArrayIndex.interval(2 * third, 3 * third), NDArrayIndex.all()).assign(-(1 << 15));
        int ones = 0;
        for (int row = third; row < 2 * third; row += 1 << 12, ones++) {
            g.getRow(row).assign(1);
        }
        bench.forward(x, true);
        bench.backward(g);
        assertThat(Bench.flat(bench.layer.getGradientsViewArray()))
                .hasSize(channels)
                .containsOnly(-ones);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT", "DOUBLE"})
    void rReluMapsByWhatItDrew(DataType type) {
        Bench bench = new Bench(ActivationLayers.get("rrelu"), null, type);
        INDArray x = Nd4j.randn(type, 7, 33, 31, 29);
        INDArray g = Nd4j.randn(type, 7, 33, 31, 29);
        for (INDArray layout : layouts(x)) {
            double[] y = Bench.flat(bench.forward(layout, true));
            double[] dx = Bench.flat(bench.backward(g).getSecond());
            double[] xs = Bench.flat(x);
            double[] gs = Bench.flat(g);
            for (int i = 0; i < xs.length; i++) {
                double slope = y[i] / xs[i];
                assertThat(slope).isBetween(xs[i] > 0 ? 1 : 0.1249999, xs[i] > 0 ? 1 : 0.3333334);
                assertThat(dx[i]).isCloseTo(gs[i] * slope, within(1e-6 * Math.abs(gs[i])));
            }
        }
    }

    /** As {@code FusedTest} has it for the elementwise functions. */
    @Test
    void noVectorReachesTheHeapWhateverRanBefore() {
        int threads = Nd4j.getEnvironment().maxMasterThreads();
        Nd4j.getEnvironment().setMaxMasterThreads(1); // so that this thread's allocations are all
        try {
            INDArray x = Nd4j.randn(DataType.FLOAT, 4, 16, 32, 32);
            INDArray g = Nd4j.randn(DataType.FLOAT, 4, 16, 32, 32);
            InputType type = InputType.convolutional(32, 32, 16);
            for (String name : List.of("prelu", "pswish", "arelu", "rrelu", "pswish(sharing=shared)")) {
                Bench bench = new Bench(ActivationLayers.get(name), type, DataType.FLOAT);
                assertSettles(name + " forward", () -> bench.forward(x, true));
                assertSettles(name + " backward", () -> {
                    bench.layer.setInput(x, NO_WORKSPACES);
                    bench.backward(g);
                });
            }
            AlphaDropout dropout = AlphaDropout.dropping(0.1);
            INDArray result = x.ulike();
            assertSettles("alpha dropout", () -> {
                dropout.applyDropout(x, result, 0, 0, NO_WORKSPACES);
                dropout.backprop(g, result, 0, 0);
            });
            INDArray volume = x.dup();
            assertSettles("abrelu forward", () -> new ABReLU().getActivation(volume, true));
            assertSettles("abrelu backward", () -> new ABReLU().backprop(volume, g));
        } finally {
            Nd4j.getEnvironment().setMaxMasterThreads(threads);
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
        } while (allocated > 60_000 && System.nanoTime() < deadline);
        assertThat(allocated).as("%s: bytes for 65,536 elements", what).isLessThan(60_000);
    }
}
