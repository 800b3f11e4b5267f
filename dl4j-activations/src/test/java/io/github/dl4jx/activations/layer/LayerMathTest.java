package io.github.dl4jx.activations.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The layers against {@link PlainLoops}, in every shape and memory order. */
class LayerMathTest {

    static Stream<Arguments> learned() {
        return Stream.of(
                        "prelu(sharing=channel)",
                        "prelu(sharing=neuron)",
                        "prelu(sharing=shared)",
                        "pswish(sharing=channel)",
                        "pswish(sharing=neuron)",
                        "pswish(sharing=shared)",
                        "arelu")
                .flatMap(name -> Stream.of(Inputs.values()).map(inputs -> Arguments.of(name, inputs)));
    }

    @ParameterizedTest
    @MethodSource("learned")
    void learnedLayersMatchPlainLoops(String name, Inputs inputs) {
        for (Inputs.Memory memory : Inputs.Memory.values()) {
            check(name, inputs, memory, DataType.DOUBLE, 1e-13, null);
        }
        check(name, inputs, Inputs.Memory.C, DataType.FLOAT, 1e-6, null);
        check(name, inputs, Inputs.Memory.C, DataType.FLOAT16, 2e-3, null);
        check(name, inputs, Inputs.Memory.C, DataType.BFLOAT16, 2e-2, null);
    }

    /** The upstream gradient is not zero in the masked places. */
    @ParameterizedTest
    @MethodSource("learned")
    void maskedPlacesAddNothing(String name, Inputs inputs) {
        long[] shape = inputs.shape();
        if (inputs.recurrent()) {
            int steps = (int) (shape[1] == 6 ? shape[2] : shape[1]);
            double[] mask = new double[3 * steps];
            Arrays.setAll(mask, i -> i % steps < 3 + i / steps ? 1 : 0);
            check(
                    name,
                    inputs,
                    Inputs.Memory.C,
                    DataType.DOUBLE,
                    1e-13,
                    Nd4j.createFromArray(mask).reshape(3, steps));
        } else {
            INDArray examples = Nd4j.createFromArray(1.0, 0.0, 1.0).reshape(3, 1);
            check(name, inputs, Inputs.Memory.C, DataType.DOUBLE, 1e-13, examples);
        }
        if (shape.length == 4) {
            double[] places = new Random(4).doubles(3 * 15).map(Math::rint).toArray();
            check(
                    name,
                    inputs,
                    Inputs.Memory.C,
                    DataType.DOUBLE,
                    1e-13,
                    Nd4j.createFromArray(places).reshape(3, 1, 5, 3));
        }
    }

    private static void check(
            String name,
            Inputs inputs,
            Inputs.Memory memory,
            DataType type,
            double tolerance,
            @Nullable INDArray mask) {
        Bench bench = new Bench(ActivationLayers.get(name), inputs.type, type);
        perturb(bench);
        LearnedLayer configuration = (LearnedLayer) bench.layer.conf().getLayer();
        INDArray x = memory.of(values(inputs.length(), 1), type, inputs.shape());
        INDArray g = memory.another().of(values(inputs.length(), 2), type, inputs.shape());
        INDArray xBefore = x.dup();
        INDArray gBefore = g.dup();
        bench.layer.feedForwardMaskArray(mask, MaskState.Active, 3);
        INDArray y = bench.forward(x, true);
        Pair<Gradient, INDArray> back = bench.backward(g);

        PlainLoops.Function function = PlainLoops.learned(name.replaceAll("\\(.*", ""));
        List<double[]> parameters = bench.parameters();
        List<double[]> sums = new ArrayList<>();
        parameters.forEach(p -> sums.add(new double[p.length]));
        double[] xs = Bench.flat(x);
        double[] gs = Bench.flat(g);
        double[] ys = Bench.flat(y);
        double[] dxs = Bench.flat(back.getSecond());
        for (int i = 0; i < xs.length; i++) {
            int index = PlainLoops.parameterOf(i, inputs, configuration.sharing());
            double[] p = parameters.stream().mapToDouble(all -> all[index]).toArray();
            double weight = weight(mask, inputs, i);
            assertThat(ys[i]).isCloseTo(function.value(xs[i], p), within(tolerance * 8));
            assertThat(dxs[i]).isCloseTo(weight * gs[i] * function.byX(xs[i], p), within(tolerance * 8));
            for (int j = 0; j < sums.size(); j++) {
                sums.get(j)[index] += weight * gs[i] * function.byParameter(j, xs[i], p);
            }
        }
        assertThat(y.dataType()).isEqualTo(type);
        assertThat(back.getSecond().dataType()).isEqualTo(type);
        assertThat(y.shape()).isEqualTo(inputs.shape());
        assertThat(back.getSecond().shape()).isEqualTo(inputs.shape());
        int j = 0;
        for (String key : configuration.startValues().keySet()) {
            double[] actual = Bench.flat(back.getFirst().getGradientFor(key));
            assertThat(actual).hasSameSizeAs(sums.get(j));
            for (int i = 0; i < actual.length; i++) {
                double magnitude = 8 + Math.abs(sums.get(j)[i]);
                assertThat(actual[i]).as(key).isCloseTo(sums.get(j)[i], within(tolerance * magnitude));
            }
            j++;
        }
        assertThat(x).isEqualTo(xBefore);
        assertThat(g).isEqualTo(gBefore);
    }

    private static double weight(@Nullable INDArray mask, Inputs inputs, int index) {
        if (mask == null) {
            return 1;
        }
        long[] shape = inputs.shape();
        int perExample = inputs.length() / 3;
        int example = index / perExample;
        int within = index % perExample;
        boolean channelsFirst = inputs.channelAxis == 1;
        if (inputs.recurrent()) {
            return mask.getDouble(example, channelsFirst ? within % shape[2] : within / 6);
        }
        if (mask.rank() == 4) {
            return mask.getDouble(example * 15L + (channelsFirst ? within % 15 : within / 6));
        }
        return mask.getDouble(example);
    }

    @ParameterizedTest
    @EnumSource
    void cReluMatchesPlainLoops(Inputs inputs) {
        for (Inputs.Memory memory : Inputs.Memory.values()) {
            for (DataType type :
                    new DataType[] {DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16}) {
                INDArray x = memory.of(values(inputs.length(), 1), type, inputs.shape());
                long[] outShape = inputs.shape();
                outShape[inputs.channelAxis] *= 2;
                INDArray g = memory.another().of(values(2 * inputs.length(), 2), type, outShape);
                Bench bench = new Bench(ActivationLayers.get("crelu"), inputs.type, type);
                shapeChanging(
                        bench,
                        x,
                        g,
                        PlainLoops.crelu(Bench.flat(x), inputs.shape(), inputs.channelAxis),
                        PlainLoops.creluGradient(Bench.flat(x), Bench.flat(g), inputs.shape(), inputs.channelAxis));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void maxoutMatchesPlainLoops(Inputs inputs) {
        for (int pieces : new int[] {1, 2, 3, 6}) {
            for (Inputs.Memory memory : Inputs.Memory.values()) {
                for (DataType type :
                        new DataType[] {DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16}) {
                    double[] values = values(inputs.length(), 1);
                    Arrays.setAll(values, i -> i % 4 == 0 ? Math.rint(values[i]) : values[i]); // ties
                    INDArray x = memory.of(values, type, inputs.shape());
                    long[] outShape = inputs.shape();
                    outShape[inputs.channelAxis] /= pieces;
                    INDArray g = memory.another().of(values(inputs.length() / pieces, 2), type, outShape);
                    Bench bench = new Bench(ActivationLayers.get("maxout(pieces=" + pieces + ")"), inputs.type, type);
                    shapeChanging(
                            bench,
                            x,
                            g,
                            PlainLoops.maxout(Bench.flat(x), inputs.shape(), inputs.channelAxis, pieces),
                            PlainLoops.maxoutGradient(
                                    Bench.flat(x), Bench.flat(g), inputs.shape(), inputs.channelAxis, pieces));
                }
            }
        }
    }

    private static void shapeChanging(Bench bench, INDArray x, INDArray g, double[] y, double[] dx) {
        INDArray xBefore = x.dup();
        INDArray gBefore = g.dup();
        for (boolean training : new boolean[] {false, true}) {
            INDArray actual = bench.forward(x, training);
            assertThat(actual.shape()).isEqualTo(g.shape());
            assertThat(actual.dataType()).isEqualTo(x.dataType());
            assertThat(Bench.flat(actual)).containsExactly(y, within(0.0));
        }
        INDArray gradient = bench.backward(g).getSecond();
        assertThat(gradient.shape()).isEqualTo(x.shape());
        assertThat(Bench.flat(gradient)).containsExactly(dx, within(0.0)); // -0 is 0
        assertThat(x).isEqualTo(xBefore);
        assertThat(g).isEqualTo(gBefore);
    }

    /** What DL4J's own RReLU does wrong: its gradient is 1 for negative input. */
    @ParameterizedTest
    @EnumSource
    void rReluBackpropagatesTheSlopesThatItDrew(Inputs inputs) {
        for (Inputs.Memory memory : Inputs.Memory.values()) {
            Bench bench = new Bench(ActivationLayers.get("rrelu"), null, DataType.DOUBLE);
            INDArray x = memory.of(values(inputs.length(), 1), DataType.DOUBLE, inputs.shape());
            INDArray g = memory.another().of(values(inputs.length(), 2), DataType.DOUBLE, inputs.shape());
            INDArray xBefore = x.dup();
            INDArray gBefore = g.dup();
            double[] y = Bench.flat(bench.forward(x, true));
            double[] dx = Bench.flat(bench.backward(g).getSecond());
            double[] xs = Bench.flat(x);
            double[] gs = Bench.flat(g);
            double[] drawn = new double[xs.length];
            for (int i = 0; i < xs.length; i++) {
                drawn[i] = y[i] / xs[i];
                assertThat(dx[i]).isEqualTo(gs[i] * drawn[i], offset(1e-13));
                if (xs[i] > 0) {
                    assertThat(y[i]).isEqualTo(xs[i]);
                } else {
                    assertThat(drawn[i]).isBetween(1.0 / 8 - 1e-12, 1.0 / 3 + 1e-12);
                }
            }
            assertThat(Arrays.stream(drawn).distinct().count()).isGreaterThan(xs.length / 3);
            assertThat(x).isEqualTo(xBefore);
            assertThat(g).isEqualTo(gBefore);
            for (int i = 0; i < xs.length; i++) {
                xs[i] *= xs[i] > 0 ? 1 : 11.0 / 48;
                gs[i] *= xs[i] > 0 ? 1 : 11.0 / 48;
            }
            assertThat(Bench.flat(bench.forward(x, false))).containsExactly(xs, within(1e-14));
            assertThat(Bench.flat(bench.backward(g).getSecond())).containsExactly(gs, within(1e-14));
        }
    }

    @Test
    void rReluDrawsUniformly() {
        Bench bench = new Bench(ActivationLayers.get("rrelu(lower=0.2, upper=0.6)"), null, DataType.DOUBLE);
        double[] slopes =
                Bench.flat(bench.forward(Nd4j.ones(DataType.DOUBLE, 100, 1000).negi(), true)
                        .negi());
        double mean = Arrays.stream(slopes).average().orElseThrow();
        double variance = Arrays.stream(slopes)
                .map(a -> (a - mean) * (a - mean))
                .average()
                .orElseThrow();
        assertThat(mean).isCloseTo(0.4, within(5 * 0.4 / Math.sqrt(12e5)));
        assertThat(variance).isCloseTo(0.16 / 12, within(1e-4));
        double[] again =
                Bench.flat(bench.forward(Nd4j.ones(DataType.DOUBLE, 100, 1000).negi(), true)
                        .negi());
        assertThat(again).isNotEqualTo(slopes);
        Nd4j.getRandom().setSeed(3);
        INDArray first = bench.forward(Nd4j.ones(DataType.DOUBLE, 2, 5).negi(), true);
        Nd4j.getRandom().setSeed(3);
        assertThat(bench.forward(Nd4j.ones(DataType.DOUBLE, 2, 5).negi(), true)).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HALF", "BFLOAT16", "FLOAT"})
    void rReluKeepsTheTypeOfTheNetwork(DataType type) {
        Bench bench = new Bench(ActivationLayers.get("rrelu"), null, type);
        INDArray y = bench.forward(Nd4j.createFromArray(-3.0, 2.0).castTo(type).reshape(1, 2), true);
        INDArray dx = bench.backward(Nd4j.ones(type, 1, 2)).getSecond();
        assertThat(y.dataType()).isEqualTo(type);
        assertThat(dx.dataType()).isEqualTo(type);
        assertThat(dx.getDouble(0)).isCloseTo(y.getDouble(0) / -3, within(2e-3));
    }

    @Test
    void maxoutOfZeroAndXIsRelu() {
        Bench bench = new Bench(ActivationLayers.get("maxout"), InputType.feedForward(2), DataType.DOUBLE);
        for (double x : new double[] {-2, -1e-9, 0, 1e-9, 3}) {
            INDArray pieces = Nd4j.createFromArray(new double[][] {{0, x}});
            assertThat(bench.forward(pieces, true).getDouble(0)).isEqualTo(Math.max(0, x));
            double slope =
                    bench.backward(Nd4j.ones(DataType.DOUBLE, 1, 1)).getSecond().getDouble(1);
            assertThat(slope).isEqualTo(x > 0 ? 1 : 0);
        }
    }

    @Test
    void aReluStartsWithThePapersSlopes() {
        Bench bench = new Bench(ActivationLayers.get("arelu"), null, DataType.DOUBLE);
        double[] y = Bench.flat(bench.forward(Nd4j.createFromArray(new double[][] {{-1, 0, 1}}), false));
        assertThat(y[0]).isCloseTo(-0.9, within(1e-15));
        assertThat(y[1]).isZero();
        assertThat(y[2]).isCloseTo(1.88080, within(5e-6));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-3, 0.001, 0.999, 7})
    void aReluOutsideItsClampHasTheBoundsSlopeAndNoGradient(double alpha) {
        Bench bench = new Bench(ActivationLayers.get("arelu"), null, DataType.DOUBLE);
        bench.layer.getParam("alpha").assign(alpha);
        INDArray y = bench.forward(Nd4j.createFromArray(new double[][] {{-1, 2}}), true);
        Pair<Gradient, INDArray> back = bench.backward(Nd4j.ones(DataType.DOUBLE, 1, 2));
        assertThat(y.getDouble(0)).isEqualTo(alpha < 0.5 ? -0.01 : -0.99);
        assertThat(back.getSecond().getDouble(0)).isCloseTo(-y.getDouble(0), within(1e-15));
        assertThat(back.getFirst().getGradientFor("alpha").getDouble(0)).isZero();
        assertThat(back.getFirst().getGradientFor("beta").getDouble(0)).isPositive();
    }

    @Test
    void parametersLieInTheFlatArrayAsTheyAreRead() {
        Bench bench = new Bench(
                new PReLU.Builder().sharing(Sharing.NEURON).build(), InputType.convolutional(5, 4, 3), DataType.DOUBLE);
        perturb(bench);
        double[] before = bench.parameters().get(0);
        assertThat(Bench.flat(bench.layer.params())).isEqualTo(before);
        bench.layer.setParams(bench.layer.params().dup());
        assertThat(bench.parameters().get(0)).isEqualTo(before);
        INDArray x = Nd4j.ones(DataType.DOUBLE, 1, 3, 5, 4).negi();
        bench.forward(x, true);
        bench.backward(x);
        assertThat(Bench.flat(bench.layer.getGradientsViewArray())).containsOnly(1);
    }

    @Test
    void slopesAtZero() {
        assertThat(slopeAtZero("prelu")).isEqualTo(0.25);
        assertThat(slopeAtZero("pswish")).isEqualTo(0.5);
        assertThat(slopeAtZero("arelu")).isCloseTo(1.88080, within(5e-6));
        assertThat(slopeAtZero("rrelu")).isBetween(1.0 / 8, 1.0 / 3);
    }

    private static double slopeAtZero(String name) {
        Bench bench = new Bench(ActivationLayers.get(name), InputType.feedForward(1), DataType.DOUBLE);
        assertThat(bench.forward(Nd4j.zeros(DataType.DOUBLE, 1, 1), true).getDouble(0))
                .isZero();
        return bench.backward(Nd4j.ones(DataType.DOUBLE, 1, 1)).getSecond().getDouble(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT", "DOUBLE"})
    void parametricSwishStaysFinite(DataType type) {
        for (double beta : new double[] {1, 20, 0.05, -1}) {
            Bench bench = new Bench(ActivationLayers.get("pswish(sharing=neuron)"), InputType.feedForward(6), type);
            bench.layer.getParam("beta").assign(beta);
            double[] big = {1e30, -1e30, 3e38, -3e38, 1e4, -1e4};
            INDArray x = Nd4j.createFromArray(big).castTo(type).reshape(1, 6);
            double[] y = Bench.flat(bench.forward(x, true));
            Pair<Gradient, INDArray> back = bench.backward(Nd4j.ones(type, 1, 6));
            double[] xs = Bench.flat(x);
            for (int i = 0; i < 6; i++) {
                boolean open = beta * xs[i] > 0;
                assertThat(y[i]).isEqualTo(open ? xs[i] : 0, offset(1e-30));
                assertThat(back.getSecond().getDouble(i)).isEqualTo(open ? 1 : 0, offset(1e-30));
                assertThat(back.getFirst().getGradientFor("beta").getDouble(i)).isEqualTo(0, offset(1e-30));
            }
        }
    }

    @Test
    void limitsAtInfinity() {
        INDArray infinite = Nd4j.createFromArray(new double[][] {{Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}});
        Bench swish = new Bench(ActivationLayers.get("pswish"), InputType.feedForward(2), DataType.DOUBLE);
        assertThat(Bench.flat(swish.forward(infinite, true))).containsExactly(Double.POSITIVE_INFINITY, -0.0);
        Pair<Gradient, INDArray> back = swish.backward(Nd4j.ones(DataType.DOUBLE, 1, 2));
        assertThat(Bench.flat(back.getSecond())).containsExactly(1, 0);
        assertThat(Bench.flat(back.getFirst().getGradientFor("beta"))).containsExactly(0, 0);
        for (String name : List.of("prelu", "arelu", "rrelu", "crelu", "maxout(pieces=1)")) {
            Bench bench = new Bench(ActivationLayers.get(name), InputType.feedForward(2), DataType.DOUBLE);
            INDArray y = bench.forward(infinite, true);
            assertThat(y.isNaN().any()).as(name).isFalse();
            assertThat(bench.backward(y.ulike().assign(1)).getSecond().isNaN().any())
                    .as(name)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prelu", "pswish", "arelu", "rrelu", "crelu", "maxout"})
    void nanStaysNan(String name) {
        for (int at = 0; at < 2; at++) {
            double[] values = {1, -1};
            values[at] = Double.NaN;
            Bench bench = new Bench(ActivationLayers.get(name), InputType.feedForward(2), DataType.DOUBLE);
            INDArray x = Nd4j.createFromArray(values).reshape(1, 2);
            assertThat(bench.forward(x, true).isNaN().any()).as("at " + at).isTrue();
        }
    }

    /** Where ND4J's own float sum is some per cent off. */
    @ParameterizedTest
    @EnumSource(Sharing.class)
    void gradientsOfManyFloatsAreSummedExactly(Sharing sharing) {
        Bench bench = new Bench(
                new PReLU.Builder().sharing(sharing).build(), InputType.convolutional(64, 64, 8), DataType.FLOAT);
        INDArray x = Nd4j.valueArrayOf(new long[] {64, 8, 64, 64}, -0.1, DataType.FLOAT);
        bench.forward(x, true);
        Gradient gradient = bench.backward(Nd4j.onesLike(x)).getFirst();
        INDArray slope = gradient.getGradientFor("slope");
        double expected = -0.1f * (double) x.length() / slope.length();
        assertThat(slope.getDouble(0)).isCloseTo(expected, within(-expected * 2e-6));
        assertThat(slope.getDouble(slope.length() - 1)).isCloseTo(expected, within(-expected * 2e-6));
    }

    private static void perturb(Bench bench) {
        Random random = new Random(7);
        for (INDArray p : bench.layer.paramTable().values()) {
            double[] noise = random.doubles(p.length(), -0.3, 0.09).toArray();
            p.addi(Nd4j.createFromArray(noise).castTo(p.dataType()).reshape('c', p.shape()));
        }
    }

    private static double[] values(int length, int seed) {
        return new Random(seed).doubles(length, -4, 4).toArray();
    }
}
