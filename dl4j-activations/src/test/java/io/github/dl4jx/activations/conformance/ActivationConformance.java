package io.github.dl4jx.activations.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.ElementwiseActivation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
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
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * What every activation must satisfy: values and gradients of a double-precision reference, limits, DL4J's in-place
 * contract in every memory layout and length, threads, workspaces and serialisation. A subclass says which
 * activations, by the specifications that the catalogue knows them by, and what they should compute:
 *
 * <pre>{@code
 * class SineConformanceTest extends ActivationConformance {
 *     @Override
 *     protected Map<String, Reference> references() {
 *         return Map.of("sine", Reference.elementwise(Math::sin, Math::cos, 2));
 *     }
 * }
 * }</pre>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ActivationConformance {

    private static final double[] EXTREMES = {
        0, -0.0, 4.9e-324, -4.9e-324, 1e-310, -1e-310, 1e-40, -1e-40, 1e-30, -1e-30, 1e-5, -1e-5, 3, -3, 6, -6, 16, -16,
        20, -20, 30, -30, 45, -45, 50, -50, 88, -88, 89, -89, 104, -104, 200, -200, 1e4, -1e4, 1e30, -1e30, 3e38, -3e38,
        1e300, -1e300
    };

    private static final int[] LENGTHS = {1, 3, 7, 8, 13, 16, 17, 31, 64, 120, 207, 4098};

    /** Longer arrays are shared among threads. */
    private static final int SPLIT = 131_072;

    private static final int LONG = 1_000_003;

    /** Where a path is forced, the one type that has a choice of paths: others take ND4J's in any case. */
    private static final List<DataType> TYPES = System.getProperty("io.github.dl4jx.kernels") == null
            ? List.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16)
            : List.of(DataType.FLOAT);

    /** Bits of the significand, the hidden one included. */
    private static final Map<DataType, Integer> PRECISION =
            Map.of(DataType.DOUBLE, 53, DataType.FLOAT, 24, DataType.FLOAT16, 11, DataType.BFLOAT16, 8);

    /** The largest finite number. */
    private static final Map<DataType, Double> LARGEST =
            Map.of(DataType.FLOAT, (double) Float.MAX_VALUE, DataType.FLOAT16, 65504.0, DataType.BFLOAT16, 0x1.FEp127);

    /** What to test, by specification, and what it should compute. */
    protected abstract Map<String, Reference> references();

    /** The activation under test. */
    protected IActivation activation(String specification) {
        return Activations.get(specification);
    }

    final Stream<String> all() {
        return references().keySet().stream().sorted();
    }

    final Stream<String> elementwise() {
        return all().filter(specification -> reference(specification).isElementwise());
    }

    final Stream<String> differentiated() {
        return all().filter(specification -> reference(specification).isDifferentiated());
    }

    final Stream<Arguments> elementwiseByType() {
        return byType(elementwise());
    }

    final Stream<Arguments> allByType() {
        return byType(all());
    }

    private static Stream<Arguments> byType(Stream<String> specifications) {
        return specifications.flatMap(s -> TYPES.stream().map(type -> Arguments.of(s, type)));
    }

    private Reference reference(String specification) {
        return Objects.requireNonNull(references().get(specification), specification);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("elementwise")
    void valueAndSlopeMatchTheReference(String name) {
        IActivation activation = activation(name);
        Reference reference = reference(name);
        for (DataType type : PRECISION.keySet()) {
            double[] x = grid(name, type);
            INDArray y = activation.getActivation(array(x, type), true);
            INDArray slope = activation
                    .backprop(array(x, type), Nd4j.ones(type, x.length))
                    .getFirst();
            for (int i = 0; i < x.length; i++) {
                assertClose(name, type, x[i], y.getDouble(i), reference.value(x[i]), reference.ulps());
                assertClose(name + " slope", type, x[i], slope.getDouble(i), reference.slope(x[i]), reference.ulps());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("allByType")
    void valueAndGradientOfBatchesMatchTheReference(String name, DataType type) {
        Reference reference = reference(name);
        for (double scale : new double[] {1e-3, 1, 5, 200}) {
            double[] x = held(uniform(11, 5 * 31, -scale, scale), type);
            double[] g = held(uniform(12, 5 * 31, -1, 1), type);
            double[] y = values(activation(name).getActivation(array(x, type).reshape(5, 31), true));
            double[] gradient = values(activation(name)
                    .backprop(array(x, type).reshape(5, 31), array(g, type).reshape(5, 31))
                    .getFirst());
            double[] expectedValue = flat(reference.value(rows(x, 31)));
            double[] expectedGradient = flat(reference.gradient(rows(x, 31), rows(g, 31)));
            for (int i = 0; i < x.length; i++) {
                assertClose(name, type, x[i], y[i], expectedValue[i], reference.ulps());
                double product = reference.ulps() == 0 ? 0 : 0.5; // it rounds once more
                assertClose(
                        name + " gradient", type, x[i], gradient[i], expectedGradient[i], reference.ulps() + product);
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("differentiated")
    void gradientIsTheDerivative(String name) {
        IActivation activation = activation(name);
        double h = 1e-5;
        for (double scale : new double[] {1, 12}) {
            double[] x = awayFromKinks(name, uniform(13, 4 * 16, -scale, scale));
            INDArray g = array(uniform(14, x.length, -1, 1), DataType.DOUBLE).reshape(4, 16);
            INDArray gradient = activation
                    .backprop(array(x, DataType.DOUBLE).reshape(4, 16), g)
                    .getFirst();
            for (int i = 0; i < x.length; i++) {
                double difference = (product(activation, x, i, h, g) - product(activation, x, i, -h, g)) / (2 * h);
                assertThat(gradient.getDouble(i / 16, i % 16))
                        .as("%s: gradient at %s", name, x[i])
                        .isEqualTo(difference, offset(2e-8));
            }
        }
    }

    /** The sum of g·f(x) with x[i] moved by h. */
    private static double product(IActivation activation, double[] x, int i, double h, INDArray g) {
        double[] moved = x.clone();
        moved[i] += h;
        return activation
                .getActivation(array(moved, DataType.DOUBLE).reshape(4, 16), true)
                .muli(g)
                .sumNumber()
                .doubleValue();
    }

    /** The same as in place to the last bit, whatever the two arrays look like; the others stay as they are. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("elementwiseByType")
    void intoAnotherArrayAsInPlace(String name, DataType type) {
        if (!(activation(name) instanceof ElementwiseActivation activation)) {
            return;
        }
        for (int length : new int[] {2, 34, 4098, SPLIT + 70_000}) {
            INDArray flat = array(uniform(21, length + 3, -9, 9), type);
            INDArray x = flat.get(NDArrayIndex.interval(3, length + 3));
            INDArray g = array(uniform(22, length, -1, 1), type);
            for (boolean turned : new boolean[] {false, true}) {
                INDArray in = turned ? x.reshape(2, length / 2).permute(1, 0) : x;
                INDArray epsilon = turned ? g.reshape(2, length / 2).permute(1, 0) : g;
                INDArray before = in.dup();
                INDArray value = activation.getActivation(in.dup(), true);
                INDArray gradient = activation.backprop(in.dup(), epsilon).getFirst();
                for (INDArray out :
                        List.of(Nd4j.create(type, in.shape()), turned ? in.dup().permute(0, 1) : in.ulike())) {
                    assertThat(Arrays.equals(values(activation.activate(in, out)), values(value)))
                            .as("%s, %s", name, length)
                            .isTrue();
                    assertThat(Arrays.equals(values(activation.backprop(in, epsilon, out)), values(gradient)))
                            .as("gradient of %s, %s", name, length)
                            .isTrue();
                    assertThat(in).isEqualTo(before);
                }
            }
        }
        INDArray two = Nd4j.create(type, 2);
        assertThatThrownBy(() -> activation.activate(two, Nd4j.create(type, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("out has shape [3]");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("elementwiseByType")
    void infinitiesReachTheLimitsAndNanStaysNan(String name, DataType type) {
        IActivation activation = activation(name);
        Reference reference = reference(name);
        double[] x = {Double.NEGATIVE_INFINITY, 1, Double.NaN, -1, Double.POSITIVE_INFINITY, Double.NaN, 0};
        INDArray y = activation.getActivation(array(x, type), true);
        INDArray slope =
                activation.backprop(array(x, type), Nd4j.ones(type, x.length)).getFirst();
        for (int i = 0; i < x.length; i++) {
            if (Double.isNaN(x[i])) {
                assertThat(y.getDouble(i)).as("%s at NaN, %s", name, type).isNaN();
                assertSlopeAtNan(name, slope.getDouble(i), reference);
            } else {
                assertLimit(name, x[i], y.getDouble(i), reference.value(x[i]), type);
                assertLimit(name + " slope", x[i], slope.getDouble(i), reference.slope(x[i]), type);
            }
        }
    }

    /** NaN, or where f is linear in pieces the slope of one: never a number from nowhere. */
    private static void assertSlopeAtNan(String name, double slope, Reference reference) {
        if (!Double.isNaN(slope)) {
            assertThat(DoubleStream.of(-1e4, -5, -1, 1, 5, 1e4).map(reference::slope))
                    .as("%s: slope at NaN", name)
                    .anyMatch(piece -> Math.abs(piece - slope) < 1e-3);
        }
    }

    private static void assertLimit(String what, double x, double actual, double expected, DataType type) {
        if (Double.isInfinite(expected)) {
            assertThat(actual).as("%s at %s, %s", what, x, type).isEqualTo(expected);
        } else {
            Offset<Double> rounding = offset(type == DataType.FLOAT16 ? 2e-3 : 1e-6);
            assertThat(actual).as("%s at %s, %s", what, x, type).isEqualTo(expected, rounding);
        }
    }

    @ParameterizedTest
    @MethodSource("allByType")
    void everyLayoutAndLengthGivesTheSame(String name, DataType type) {
        for (int length : LENGTHS) {
            assertEveryLayout(name, type, length);
        }
    }

    /** Of other types ND4J's operations, which are not ours to test, share the work. */
    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("all")
    void everyLayoutOfALongArrayGivesTheSame(String name) {
        assertEveryLayout(name, DataType.FLOAT, LONG);
    }

    private void assertEveryLayout(String name, DataType type, int length) {
        IActivation activation = activation(name);
        INDArray x = array(uniform(length, length, -5, 5), type);
        INDArray g = array(uniform(-length, length, -2, 2), type);
        INDArray value = activation.getActivation(Layouts.C.of(x), true);
        INDArray gradient =
                activation.backprop(Layouts.C.of(x), Layouts.C.of(g)).getFirst();
        List<Layouts> layouts = Layouts.distinct(length);
        for (Layouts layout : layouts) {
            String where = name + " " + type + ", length " + length + ", " + layout;
            INDArray in = layout.of(x);
            long padding = Layouts.paddingLeft(in);
            assertThat(activation.getActivation(in, true) == in)
                    .as(where + ": returns its argument")
                    .isTrue();
            assertEqualValues(where, in, value);
            assertThat(Layouts.paddingLeft(in)).as(where + ": memory around").isEqualTo(padding);
            for (Layouts epsilonLayout : layouts) {
                assertGradient(
                        where + " with epsilon " + epsilonLayout,
                        activation,
                        layout.of(x),
                        epsilonLayout.of(g),
                        gradient);
            }
        }
    }

    private static void assertGradient(
            String where, IActivation activation, INDArray z, INDArray epsilon, INDArray expected) {
        INDArray epsilonBefore = epsilon.dup();
        long padding = Layouts.paddingLeft(z);
        long epsilonPadding = Layouts.paddingLeft(epsilon);
        Pair<INDArray, INDArray> result = activation.backprop(z, epsilon);
        assertThat(result.getFirst() == z).as(where + ": returns its argument").isTrue();
        assertThat(result.getSecond() == null)
                .as(where + ": no parameter gradient")
                .isTrue();
        assertEqualValues(where, z, expected);
        assertThat(epsilon.equalsWithEps(epsilonBefore, 0))
                .as(where + ": epsilon untouched")
                .isTrue();
        assertThat(Layouts.paddingLeft(z)).as(where + ": memory around").isEqualTo(padding);
        assertThat(Layouts.paddingLeft(epsilon))
                .as(where + ": memory around epsilon")
                .isEqualTo(epsilonPadding);
    }

    @ParameterizedTest
    @MethodSource("allByType")
    void emptyStaysEmpty(String name, DataType type) {
        IActivation activation = activation(name);
        for (INDArray empty : List.of(Nd4j.empty(type), Nd4j.create(type, 0), Nd4j.create(type, 0, 5))) {
            assertThat(activation.getActivation(empty, true) == empty).isTrue();
            assertThat(activation.backprop(empty, empty).getFirst() == empty).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyRankGivesTheSame(String name) {
        IActivation activation = activation(name);
        double[] x = uniform(8, 12, -5, 5);
        INDArray row = activation.getActivation(array(x, DataType.DOUBLE).reshape(1, 12), true);
        for (long[] shape : new long[][] {{12}, {1, 12}, {1, 12, 1}, {1, 12, 1, 1}, {1, 12, 1, 1, 1}}) {
            INDArray y = activation.getActivation(array(x, DataType.DOUBLE).reshape(shape), true);
            assertThat(y.shape()).isEqualTo(shape);
            assertEqualValues(name + " " + Arrays.toString(shape), y.reshape(1, 12), row);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void gradientIsLinearInEpsilonAndRefusesAnotherShape(String name) {
        IActivation activation = activation(name);
        double[] x = uniform(3, 60, -4, 4);
        INDArray g = array(uniform(4, 60, -1, 1), DataType.DOUBLE).reshape(3, 20);
        INDArray h = array(uniform(5, 60, -1, 1), DataType.DOUBLE).reshape(3, 20);
        INDArray combined = activation
                .backprop(array(x, DataType.DOUBLE).reshape(3, 20), g.mul(3).addi(h))
                .getFirst();
        INDArray ofG =
                activation.backprop(array(x, DataType.DOUBLE).reshape(3, 20), g).getFirst();
        INDArray ofH =
                activation.backprop(array(x, DataType.DOUBLE).reshape(3, 20), h).getFirst();
        assertEqualValues(name, combined, ofG.mul(3).addi(ofH));
        assertThatThrownBy(() -> activation.backprop(Nd4j.ones(3, 20), Nd4j.ones(3, 21)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[3, 21]")
                .hasMessageContaining("[3, 20]");
    }

    @ParameterizedTest
    @MethodSource("all")
    void oneInstanceServesManyThreads(String name) throws Exception {
        IActivation activation = activation(name);
        INDArray x = array(uniform(5, 64 * 100, -6, 6), DataType.FLOAT).reshape(64, 100);
        INDArray g = array(uniform(6, 64 * 100, -1, 1), DataType.FLOAT).reshape(64, 100);
        List<Integer> value = bits(activation.getActivation(x.dup(), true));
        List<Integer> gradient = bits(activation.backprop(x.dup(), g).getFirst());
        var pool = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Boolean>> tasks = IntStream.range(0, 16)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        boolean same = true;
                        for (int k = 0; k < 10; k++) {
                            same &= bits(activation.getActivation(x.dup(), true))
                                    .equals(value);
                            same &= bits(activation.backprop(x.dup(), g).getFirst())
                                    .equals(gradient);
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

    /** Were a temporary taken elsewhere than from the current workspace, its memory would be detached. */
    @ParameterizedTest
    @MethodSource("all")
    void temporariesStayInTheWorkspace(String name) {
        IActivation activation = activation(name);
        INDArray x = array(uniform(7, 640, -6, 6), DataType.FLOAT).reshape(64, 10);
        INDArray expected = activation.getActivation(x.dup(), true);
        INDArray expectedGradient = activation.backprop(x.dup(), x).getFirst();
        WorkspaceConfiguration configuration =
                WorkspaceConfiguration.builder().initialSize(1 << 20).build();
        for (int i = 0; i < 3; i++) {
            try (MemoryWorkspace workspace =
                    Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "conformance-" + name)) {
                INDArray in = x.dup();
                assertThat(in.isAttached()).isTrue();
                assertThat(activation.getActivation(in, true)).isSameAs(in).isEqualTo(expected);
                INDArray z = x.dup();
                assertThat(activation.backprop(z, x).getFirst()).isSameAs(z).isEqualTo(expectedGradient);
                assertThat(Nd4j.getMemoryManager().getCurrentWorkspace()).isSameAs(workspace);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void specificationJsonAndJavaSerialisationRoundTrip(String name) throws Exception {
        IActivation activation = Activations.get(name);
        assertThat(Activations.get(activation.toString())).isEqualTo(activation).hasSameHashCodeAs(activation);
        ObjectMapper mapper = NeuralNetConfiguration.mapper();
        assertThat(mapper.readValue(mapper.writeValueAsString(activation), IActivation.class))
                .isEqualTo(activation);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(activation);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(activation);
        }
        all().forEach(other ->
                assertThat(Activations.get(other).equals(activation)).isEqualTo(other.equals(name)));
    }

    /** Extremes, a dense grid, and the kinks with their neighbours, as the type can hold them. */
    private static double[] grid(String name, DataType type) {
        DoubleStream dense = DoubleStream.iterate(-30, v -> v <= 30, v -> v + 1.0 / 64);
        DoubleStream kinks = Activations.entry(name).kinks().stream()
                .flatMapToDouble(kink -> DoubleStream.of(Math.nextDown(kink.floatValue()), kink, kink + 1e-6));
        double[] x = DoubleStream.concat(DoubleStream.of(EXTREMES), DoubleStream.concat(kinks, dense))
                .toArray();
        return DoubleStream.of(held(x, type)).filter(Double::isFinite).toArray();
    }

    private static double[] awayFromKinks(String name, double[] x) {
        List<Double> kinks = Activations.entry(name).kinks();
        return DoubleStream.of(x)
                .map(v -> kinks.stream().anyMatch(kink -> Math.abs(v - kink) < 1e-3) ? v + 0.01 : v)
                .toArray();
    }

    /** The values as the type rounds them. */
    private static double[] held(double[] x, DataType type) {
        return array(x, type).castTo(DataType.DOUBLE).toDoubleVector();
    }

    private static void assertClose(String what, DataType type, double x, double actual, double expected, double ulps) {
        double magnitude = Math.max(1, Math.abs(expected));
        double unit = Math.pow(2, Math.getExponent(magnitude) + 1 - PRECISION.getOrDefault(type, 0));
        double error = Math.abs(actual - expected) / unit;
        double allowed =
                switch (type) {
                    case FLOAT -> ulps == 0 ? 0 : ulps + 0.5;
                    case DOUBLE -> ulps == 0 ? 0 : 4 * (ulps + 1);
                    default -> 0.51; // computed in float, rounded once
                };
        if (Math.abs(expected) > LARGEST.getOrDefault(type, Double.MAX_VALUE)) {
            assertThat(actual).as("%s at %s: beyond %s", what, x, type).isInfinite();
        } else if (!(error <= allowed)) { // so said, and not by AssertJ, since it is asked half a million times
            throw new AssertionError("%s at %s, %s: %s, reference %s, %s ulp for %s"
                    .formatted(what, x, type, actual, expected, error, allowed));
        }
    }

    private static void assertEqualValues(String what, INDArray actual, INDArray expected) {
        // rounding may differ with the order of a sum and in vectorised loops, so a few units of the type's precision
        double precision = 16 * Math.pow(2, 1 - PRECISION.getOrDefault(expected.dataType(), 0));
        INDArray difference = actual.castTo(DataType.DOUBLE).sub(expected.castTo(DataType.DOUBLE));
        if (!(difference.amaxNumber().doubleValue() <= precision)
                || Double.isNaN(difference.sumNumber().doubleValue())) {
            assertThat(values(actual)).as(what).containsExactly(values(expected), offset(precision));
        }
    }

    private static List<Integer> bits(INDArray array) {
        float[] values = array.dup('c').data().asFloat();
        return IntStream.range(0, values.length)
                .map(i -> Float.floatToRawIntBits(values[i]))
                .boxed()
                .toList();
    }

    private static double[] values(INDArray array) {
        return array.dup('c').castTo(DataType.DOUBLE).reshape(-1).toDoubleVector();
    }

    private static double[][] rows(double[] values, int length) {
        return IntStream.range(0, values.length / length)
                .mapToObj(i -> Arrays.copyOfRange(values, i * length, (i + 1) * length))
                .toArray(double[][]::new);
    }

    private static double[] flat(double[][] rows) {
        return Stream.of(rows).flatMapToDouble(DoubleStream::of).toArray();
    }

    private static INDArray array(double[] values, DataType type) {
        return Nd4j.createFromArray(Arrays.copyOf(values, values.length)).castTo(type);
    }

    private static double[] uniform(long seed, int length, double low, double high) {
        return new Random(seed).doubles(length, low, high).toArray();
    }
}
