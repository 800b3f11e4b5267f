package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every activation of the catalogue must satisfy; an entry is covered by being there. */
class ConformanceTest {

    private static final double[] EXTREMES = {
        0, -0.0, 1e-40, -1e-40, 1e-30, -1e-30, 1e-5, -1e-5, 3, -3, 6, -6, 16, -16, 20, -20, 30, -30, 45, -45, 50, -50,
        88, -88, 89, -89, 104, -104, 200, -200, 1e4, -1e4, 1e30, -1e30, 3e38, -3e38
    };

    /** Bits of the significand, the hidden one included. */
    private static final Map<DataType, Integer> PRECISION =
            Map.of(DataType.DOUBLE, 53, DataType.FLOAT, 24, DataType.FLOAT16, 11, DataType.BFLOAT16, 8);

    /** The largest finite number. */
    private static final Map<DataType, Double> LARGEST =
            Map.of(DataType.FLOAT, (double) Float.MAX_VALUE, DataType.FLOAT16, 65504.0, DataType.BFLOAT16, 0x1.FEp127);

    static Stream<String> elementwise() {
        return Reference.BY_SPECIFICATION.keySet().stream().sorted();
    }

    static Stream<String> all() {
        return Stream.concat(elementwise(), Stream.of("abrelu", "abrelu(alpha=0.5)"));
    }

    static Stream<Arguments> elementwiseByType() {
        return elementwise()
                .flatMap(name -> Stream.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16)
                        .map(type -> Arguments.of(name, type)));
    }

    static Stream<Arguments> allByType() {
        return all().flatMap(name ->
                Stream.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16).map(type -> Arguments.of(name, type)));
    }

    @Test
    void everyEntryIsCovered() {
        List<String> covered =
                all().map(s -> Activations.entry(s).name()).distinct().sorted().toList();
        assertThat(covered).isEqualTo(Activations.names());
    }

    @ParameterizedTest
    @MethodSource("elementwiseByType")
    void valueAndSlopeMatchTheReference(String name, DataType type) {
        IActivation activation = Activations.get(name);
        Reference reference = Reference.of(name);
        double[] x = grid(type);
        INDArray y = activation.getActivation(array(x, type), true);
        INDArray slope =
                activation.backprop(array(x, type), Nd4j.ones(type, x.length)).getFirst();
        for (int i = 0; i < x.length; i++) {
            assertClose(name + " f", type, x[i], y.getDouble(i), reference.f().applyAsDouble(x[i]), reference.ulps());
            assertClose(
                    name + " f'",
                    type,
                    x[i],
                    slope.getDouble(i),
                    reference.slope().applyAsDouble(x[i]),
                    reference.ulps());
        }
    }

    @ParameterizedTest
    @MethodSource("elementwise")
    void slopeIsTheDerivative(String name) {
        IActivation activation = Activations.get(name);
        // away from the kinks at 0 and ±3
        double[] x = DoubleStream.iterate(-12.05, v -> v < 12, v -> v + 0.1).toArray();
        double h = 1e-5;
        INDArray above = activation.getActivation(
                array(DoubleStream.of(x).map(v -> v + h).toArray(), DataType.DOUBLE), true);
        INDArray below = activation.getActivation(
                array(DoubleStream.of(x).map(v -> v - h).toArray(), DataType.DOUBLE), true);
        INDArray difference = above.subi(below).divi(2 * h);
        INDArray slope = activation
                .backprop(array(x, DataType.DOUBLE), Nd4j.ones(DataType.DOUBLE, x.length))
                .getFirst();
        assertThat(slope.toDoubleVector()).containsExactly(difference.toDoubleVector(), offset(1e-8));
    }

    @ParameterizedTest
    @MethodSource("elementwise")
    void infinitiesReachTheLimitsAndNanStaysNan(String name) {
        IActivation activation = Activations.get(name);
        Reference reference = Reference.of(name);
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16)) {
            double[] x = {Double.NEGATIVE_INFINITY, 1, Double.NaN, 1, Double.POSITIVE_INFINITY};
            INDArray y = activation.getActivation(array(x, type), true);
            double[] expected = DoubleStream.of(x).map(reference.f()).toArray();
            assertThat(y.getDouble(0)).as("%s at -inf, %s", name, type).isEqualTo(expected[0], within(type));
            assertThat(y.getDouble(2)).as("%s at NaN, %s", name, type).isNaN();
            assertThat(y.getDouble(4)).as("%s at +inf, %s", name, type).isEqualTo(Double.POSITIVE_INFINITY);
            INDArray slope = activation
                    .backprop(array(x, type), Nd4j.ones(type, x.length))
                    .getFirst();
            for (int i : new int[] {0, 4}) {
                assertThat(slope.getDouble(i))
                        .as("%s' at %s", name, x[i])
                        .isEqualTo(reference.slope().applyAsDouble(x[i]), within(type));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("allByType")
    void everyLayoutGivesTheSame(String name, DataType type) {
        IActivation activation = Activations.get(name);
        double[] x = uniform(1, Layouts.LENGTH, -5, 5);
        double[] g = uniform(2, Layouts.LENGTH, -2, 2);
        INDArray expectedValue = activation.getActivation(Layouts.C.of(x, type), true);
        INDArray expectedGradient = activation
                .backprop(Layouts.C.of(x, type), Layouts.C.of(g, type))
                .getFirst();
        for (Layouts layout : Layouts.values()) {
            INDArray in = layout.of(x, type);
            long padding = Layouts.paddingLeft(in);
            assertThat(activation.getActivation(in, true)).as("returned array").isSameAs(in);
            assertEqualValues(name + " " + layout, in, expectedValue);
            assertThat(Layouts.paddingLeft(in)).as("memory around " + layout).isEqualTo(padding);
            for (Layouts epsilonLayout : Layouts.values()) {
                INDArray z = layout.of(x, type);
                INDArray epsilon = epsilonLayout.of(g, type);
                INDArray epsilonBefore = epsilon.dup();
                Pair<INDArray, INDArray> result = activation.backprop(z, epsilon);
                String where = name + " " + type + " " + layout + " with epsilon " + epsilonLayout;
                assertEqualValues(where, result.getFirst(), expectedGradient);
                assertThat(result.getSecond()).isNull();
                assertThat(epsilon).as(where + ": epsilon").isEqualTo(epsilonBefore);
                assertThat(Layouts.paddingLeft(z)).as(where + ": memory around").isEqualTo(padding);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyLengthWorks(String name) {
        IActivation activation = Activations.get(name);
        for (int length : new int[] {1, 3, 7, 8, 13, 16, 17, 31, 64, 207, 4098}) {
            double[] x = uniform(length, length, -5, 5);
            for (long[] shape : new long[][] {{length}, {1, length}, {length, 1}}) {
                INDArray single =
                        activation.getActivation(array(x, DataType.DOUBLE).reshape(shape), true);
                INDArray rowsOfTwo = Nd4j.concat(
                        0,
                        array(x, DataType.DOUBLE).reshape(1, length),
                        array(x, DataType.DOUBLE).reshape(1, length));
                assertThat(single.length()).isEqualTo(length);
                if (shape.length == 2 && shape[0] == 1) {
                    INDArray both = activation.getActivation(rowsOfTwo, true);
                    assertThat(both.getRow(0).dup()).isEqualTo(both.getRow(1).dup());
                    assertThat(both.getRow(0).dup().reshape(1, length)).isEqualTo(single);
                }
            }
        }
        INDArray empty = Nd4j.empty(DataType.FLOAT);
        assertThat(activation.getActivation(empty, true)).isSameAs(empty);
        assertThat(activation.backprop(empty, Nd4j.empty(DataType.FLOAT)).getFirst())
                .isSameAs(empty);
    }

    @ParameterizedTest
    @MethodSource("all")
    void gradientIsLinearInEpsilonAndRefusesAnotherShape(String name) {
        IActivation activation = Activations.get(name);
        double[] x = uniform(3, 60, -4, 4);
        INDArray g = array(uniform(4, 60, -1, 1), DataType.DOUBLE).reshape(3, 20);
        INDArray once =
                activation.backprop(array(x, DataType.DOUBLE).reshape(3, 20), g).getFirst();
        INDArray thrice = activation
                .backprop(array(x, DataType.DOUBLE).reshape(3, 20), g.mul(3))
                .getFirst();
        assertThat(thrice.equalsWithEps(once.mul(3), 1e-12)).isTrue();
        assertThatThrownBy(() -> activation.backprop(Nd4j.ones(3, 20), Nd4j.ones(3, 21)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[3, 21]")
                .hasMessageContaining("[3, 20]");
    }

    @ParameterizedTest
    @MethodSource("all")
    void oneInstanceServesManyThreads(String name) throws Exception {
        IActivation activation = Activations.get(name);
        INDArray x = array(uniform(5, 64 * 100, -6, 6), DataType.FLOAT).reshape(64, 100);
        INDArray g = array(uniform(6, 64 * 100, -1, 1), DataType.FLOAT).reshape(64, 100);
        INDArray value = activation.getActivation(x.dup(), true);
        INDArray gradient = activation.backprop(x.dup(), g).getFirst();
        var pool = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Boolean>> tasks = IntStream.range(0, 16)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        boolean same = true;
                        for (int k = 0; k < 10; k++) {
                            same &= bits(activation.getActivation(x.dup(), true))
                                    .equals(bits(value));
                            same &= bits(activation.backprop(x.dup(), g).getFirst())
                                    .equals(bits(gradient));
                        }
                        return same;
                    })
                    .toList();
            List<Boolean> results = new ArrayList<>();
            for (Future<Boolean> future : pool.invokeAll(tasks)) {
                results.add(future.get());
            }
            assertThat(results).containsOnly(true);
        } finally {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void temporariesStayInTheWorkspace(String name) {
        IActivation activation = Activations.get(name);
        INDArray x = array(uniform(7, 640, -6, 6), DataType.FLOAT).reshape(64, 10);
        INDArray expected = activation.getActivation(x.dup(), true);
        WorkspaceConfiguration configuration =
                WorkspaceConfiguration.builder().initialSize(1 << 20).build();
        for (int i = 0; i < 3; i++) {
            try (MemoryWorkspace workspace =
                    Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "conformance-" + name)) {
                INDArray in = x.dup();
                assertThat(in.isAttached()).isTrue();
                assertThat(activation.getActivation(in, true)).isSameAs(in).isEqualTo(expected);
                long before = workspace.getPrimaryOffset();
                assertThat(activation.backprop(in, x).getFirst()).isSameAs(in);
                if (!name.equals("relu")) { // which needs none
                    assertThat(workspace.getPrimaryOffset() - before)
                            .as("bytes of temporaries in the workspace")
                            .isGreaterThanOrEqualTo(4 * x.size(0));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void specificationAndJavaSerialisationRoundTrip(String name) throws Exception {
        IActivation activation = Activations.get(name);
        assertThat(Activations.get(activation.toString())).isEqualTo(activation).hasSameHashCodeAs(activation);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(activation);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(activation);
        }
        for (String other : all().toList()) {
            assertThat(Activations.get(other).equals(activation)).isEqualTo(other.equals(name));
        }
    }

    /** The values as the type can hold them; what exceeds its range is left out. */
    private static double[] grid(DataType type) {
        DoubleStream dense = DoubleStream.iterate(-30, v -> v <= 30, v -> v + 1.0 / 64);
        double[] x = DoubleStream.concat(DoubleStream.of(EXTREMES), dense).toArray();
        double[] held = array(x, type).castTo(DataType.DOUBLE).toDoubleVector();
        return DoubleStream.of(held).filter(Double::isFinite).toArray();
    }

    private static void assertClose(String what, DataType type, double x, double actual, double expected, double ulps) {
        double magnitude = Math.max(1, Math.abs(expected));
        double unit = Math.pow(2, Math.getExponent(magnitude) + 1 - PRECISION.getOrDefault(type, 0));
        if (Math.abs(expected) > LARGEST.getOrDefault(type, Double.MAX_VALUE)) {
            assertThat(actual).as("%s at %s: beyond %s", what, x, type).isInfinite();
            return;
        }
        assertThat(actual).as("%s at %s, %s", what, x, type).isFinite();
        assertThat(Math.abs(actual - expected) / unit)
                .as("%s at %s, %s: %s, reference %s, in ulp", what, x, type, actual, expected)
                .isLessThanOrEqualTo(
                        switch (type) {
                            case FLOAT -> ulps + 0.5;
                            case DOUBLE -> 4 * (ulps + 1); // the references are doubles, and err themselves
                            default -> 0.51; // computed in float, rounded once
                        });
    }

    private static Offset<Double> within(DataType type) {
        return offset(type == DataType.FLOAT16 ? 2e-3 : 1e-6);
    }

    private static void assertEqualValues(String what, INDArray actual, INDArray expected) {
        // rounding may differ with the order of a sum, so a few units of the type's precision
        double precision =
                expected.dataType() == DataType.FLOAT16 ? 4e-3 : expected.dataType() == DataType.FLOAT ? 2e-6 : 1e-14;
        double[] a = actual.dup('c').castTo(DataType.DOUBLE).reshape(-1).toDoubleVector();
        double[] e = expected.dup('c').castTo(DataType.DOUBLE).reshape(-1).toDoubleVector();
        assertThat(a).as(what).containsExactly(e, offset(precision));
    }

    private static List<Integer> bits(INDArray array) {
        float[] values = array.dup('c').data().asFloat();
        return IntStream.range(0, values.length)
                .map(i -> Float.floatToRawIntBits(values[i]))
                .boxed()
                .toList();
    }

    private static INDArray array(double[] values, DataType type) {
        return Nd4j.createFromArray(Arrays.copyOf(values, values.length)).castTo(type);
    }

    private static double[] uniform(long seed, int length, double low, double high) {
        return new Random(seed).doubles(length, low, high).toArray();
    }
}
