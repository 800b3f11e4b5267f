package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.LeakyReLU;
import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.layer.ActivationLayers;
import io.github.dl4jx.catalogue.Entry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class InitializersTest {

    static Stream<String> all() {
        return Stream.of(
                "constant",
                "constant(value=0.5)",
                "dirac",
                "dirac(gain=0.5)",
                "gaussian",
                "he",
                "he(distribution=uniform, fan=out, slope=0.25)",
                "he(distribution=truncated_normal, fan=average)",
                "lecun",
                "lecun(distribution=uniform)",
                "lecun(gain=1.5)",
                "nguyen-widrow",
                "nguyen-widrow-matlab",
                "nguyen-widrow-matlab(low=-4, high=4, min=0 0 -1 2 1, max=1 2 1 2 3)",
                "orthogonal",
                "orthogonal(gain=2)",
                "random-walk",
                "random-walk(form=relu)",
                "random-walk(m2=0.5, m4=0.75)",
                "uniform",
                "xavier",
                "xavier(distribution=normal, gain=1.5)");
    }

    @Test
    void everyEntryIsCovered() {
        assertThat(all().map(s -> Initializers.entry(s).name())
                        .distinct()
                        .sorted()
                        .toList())
                .isEqualTo(Initializers.names());
        assertThat(Initializers.entries())
                .allSatisfy(entry -> assertThat(entry.create()).isExactlyInstanceOf(entry.type()));
    }

    /** {@code new He()} is {@code he}. */
    @ParameterizedTest
    @MethodSource("all")
    void theConstructorWithoutArgumentsHasTheDefaults(String name) throws ReflectiveOperationException {
        Entry<IWeightInit> entry = Initializers.entry(name);
        assertThat(entry.type().getConstructor().newInstance()).isEqualTo(Initializers.get(entry.name()));
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // what Java without null checks may pass
    void nullIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new He(null, Fan.IN, 0))
                .withMessageStartingWith("distribution is null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> He.normal().withFan(null))
                .withMessageStartingWith("fan is null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Xavier(null, 1))
                .withMessageStartingWith("distribution is null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LeCun(null, 1))
                .withMessageStartingWith("distribution is null");
    }

    @ParameterizedTest
    @MethodSource("all")
    void fillsAViewInItsOrderAndNothingElse(String name) {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            for (char order : new char[] {'c', 'f'}) {
                INDArray all = Nd4j.valueArrayOf(new long[] {60}, 77, type);
                INDArray view = all.get(NDArrayIndex.interval(10, 45));
                INDArray weights = Initializers.get(name).init(5, 7, new long[] {5, 7}, order, view);
                assertThat(weights.shape()).containsExactly(5, 7);
                assertThat(weights.ordering()).isEqualTo(order);
                assertThat(all.toDoubleVector()).startsWith(repeat(77, 10)).endsWith(repeat(77, 15));
                assertThat(view.toDoubleVector()).doesNotContain(77);
                weights.putScalar(0, 0, 5);
                assertThat(all.getDouble(10)).as("the result is a view").isEqualTo(5);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void roundTrips(String name) throws Exception {
        IWeightInit initializer = Initializers.get(name);
        assertThat(Initializers.get(initializer.toString()))
                .isEqualTo(initializer)
                .hasSameHashCodeAs(initializer);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(initializer);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(initializer);
        }
        assertThat(all().filter(other -> Initializers.get(other).equals(initializer)))
                .containsExactly(name);
    }

    /** Class and field names are the format of saved models: this file changes only on purpose. */
    @ParameterizedTest
    @MethodSource("all")
    void jsonIsTheGoldenOne(String name) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        try (InputStream golden = Objects.requireNonNull(getClass().getResourceAsStream("/golden/initializers.json"))) {
            JsonNode expected = Objects.requireNonNull(mapper.readTree(golden).get(name), name);
            assertThat(mapper.readTree(mapper.writeValueAsString(Initializers.get(name))))
                    .isEqualTo(expected);
            assertThat(mapper.readValue(expected.toString(), IWeightInit.class)).isEqualTo(Initializers.get(name));
        }
    }

    @Test
    void readsModelsFromBeforeThereWasAGain() throws Exception {
        String json = "{\"@class\":\"io.github.dl4jx.init.LeCun\",\"distribution\":\"UNIFORM\"}";
        assertThat(new ObjectMapper().readValue(json, IWeightInit.class)).isEqualTo(LeCun.uniform());
    }

    @Test
    void everyEntryTellsWhenToUseItAndWhatGoesWrong() {
        assertThat(Initializers.entries()).allSatisfy(entry -> {
            assertThat(entry.use()).isNotBlank();
            assertThat(entry.otherwise()).isNotBlank();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "kaiming, he",
        "glorot, xavier",
        "identity, dirac",
        "initnw, nguyen-widrow-matlab",
        "NORMAL, gaussian",
        "nguyenwidrow, nguyen-widrow"
    })
    void aliases(String alias, String name) {
        assertThat(Initializers.get(alias)).isEqualTo(Initializers.get(name));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "orthodox                ; valid: constant, dirac, gaussian, he, lecun, nguyen-widrow, nguyen-widrow-matlab, orthogonal,",
                "he(gain=1)              ; valid: distribution, fan, slope",
                "he(fan=sideways)        ; valid: in | out | average",
                "he(slope=-1)            ; valid: a finite number >= 0",
                "xavier(gain=0)          ; valid: a finite number > 0",
                "lecun(distribution=odd) ; valid: normal | uniform | truncated_normal",
            })
    void errorsNameTheValidValues(String specification, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Initializers.get(specification))
                .withMessageContaining(message);
    }

    @Test
    void fansMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> He.normal().init(0, 3, new long[] {1, 3}, 'c', Nd4j.create(3)))
                .withMessage("fanIn is 0.0; valid: a finite number > 0");
    }

    @Test
    void recommendationsForLayers() {
        for (String name : ActivationLayers.names()) {
            Recommendation recommendation = Initializers.recommendedFor(ActivationLayers.get(name));
            assertThat(recommendation.reason()).doesNotContain("nothing is known");
            assertThat(recommendation.gain())
                    .isEqualTo(name.equals("maxout") ? GainKind.SECOND_MOMENT : GainKind.CONVENTIONAL);
        }
        assertThat(Initializers.recommendedFor(ActivationLayers.get("prelu")).initializer())
                .isEqualTo(He.normal().withNegativeSlope(0.25));
        assertThat(Initializers.recommendedFor(ActivationLayers.get("maxout")).initializer())
                .isEqualTo(LeCun.normal());
        assertThat(Initializers.recommendedFor(new ActivationLayer.Builder()
                                .activation(new SELU())
                                .build())
                        .initializer())
                .isEqualTo(LeCun.normal());
        assertThat(Initializers.recommendedFor(new LossLayer.Builder().build()).reason())
                .contains("nothing is known of LossLayer");
    }

    /** Of a unit normal signal z, E[f(z)²]·σ² of the weights times fan-in is 1. */
    @Test
    void areluKeepsTheSecondMoment() {
        He he = (He) Initializers.recommendedFor(ActivationLayers.get("arelu")).initializer();
        double kept = (0.9 * 0.9 + Math.pow(1 + 1 / (1 + Math.exp(-2)), 2)) / 2;
        INDArray weights = he.init(4000, 500, new long[] {4000, 500}, 'f', Nd4j.create(DataType.FLOAT, 4000 * 500));
        assertThat(weights.var(false).getDouble(0) * 4000 * kept).isEqualTo(1, offset(0.01));
    }

    @Test
    void recommendationsForTheCatalogue() {
        for (String name : Activations.names()) {
            Recommendation recommendation = Initializers.recommendedFor(Activations.get(name));
            assertThat(recommendation.reason()).doesNotContain("nothing is known");
            assertThat(recommendation.gain())
                    .isEqualTo(
                            recommendation.initializer() instanceof Xavier
                                    ? null
                                    : name.equals("selu") ? GainKind.SECOND_MOMENT : GainKind.CONVENTIONAL);
        }
        assertThat(Initializers.recommendedFor(new SELU()).initializer()).isEqualTo(LeCun.normal());
        assertThat(Initializers.recommendedFor(new LeakyReLU(0.3)).initializer())
                .isEqualTo(He.normal().withNegativeSlope(0.3));
        assertThat(Initializers.recommendedFor(Activations.get("mish")).initializer())
                .isEqualTo(He.normal());
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void recommendationsForTheBuiltIns(Activation activation) {
        assertThat(Initializers.recommendedFor(activation.getActivationFunction())
                        .reason())
                .doesNotContain("nothing is known");
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SIGMOID", "SOFTMAX", "TANH"})
    void saturatingBuiltInsGetXavierUniform(Activation activation) {
        assertThat(Initializers.recommendedFor(activation.getActivationFunction())
                        .initializer())
                .isEqualTo(Xavier.uniform());
    }

    @Test
    void leakyBuiltInsKeepTheirSlopeAndStrangersGetAFallback() {
        assertThat(Initializers.recommendedFor(new ActivationLReLU(0.2)).initializer())
                .isEqualTo(He.normal().withNegativeSlope(0.2));
        assertThat(Initializers.recommendedFor(new Stranger()).reason()).contains("nothing is known of Stranger");
    }

    private static double[] repeat(double value, int times) {
        return Stream.generate(() -> value).limit(times).mapToDouble(v -> v).toArray();
    }

    private static final class Stranger extends BaseActivationFunction {
        private static final long serialVersionUID = 1L;

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            return in;
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            return new Pair<>(epsilon, null);
        }
    }
}
