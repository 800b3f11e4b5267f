package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** How the functions relate to each other and to themselves, for arbitrary inputs: oracles that need no reference. */
class IdentitiesTest {
    private static final double ROUNDING = 4e-15;

    @Property
    void tanhIsAScaledSigmoid(@ForAll @DoubleRange(min = -50, max = 50) double x) {
        assertThat(f("tanh", x)).isEqualTo(2 * f("sigmoid", 2 * x) - 1, offset(ROUNDING));
    }

    @Property
    void sigmoidIsPointSymmetric(@ForAll @DoubleRange(min = -800, max = 800) double x) {
        assertThat(f("sigmoid", x) + f("sigmoid", -x)).isEqualTo(1, offset(ROUNDING));
    }

    @Property
    void swishWithLargeBetaIsRelu(@ForAll @DoubleRange(min = -1e6, max = 1e6) double x) {
        assertThat(f("swish(beta=1e9)", x)).isEqualTo(f("relu", x), offset(1e-9));
    }

    @Property
    void swishWithSmallBetaIsHalfTheIdentity(@ForAll @DoubleRange(min = -100, max = 100) double x) {
        assertThat(f("swish(beta=1e-12)", x)).isEqualTo(x / 2, offset(1e-8));
    }

    @Property
    void hardSwishIsGatedByHardSigmoid(@ForAll @DoubleRange(min = -100, max = 100) double x) {
        assertThat(f("hard-swish", x)).isEqualTo(x * f("hard-sigmoid", x), offset(ROUNDING * Math.max(1, Math.abs(x))));
    }

    @Property
    void hardSigmoidIsAShiftedRelu6(@ForAll @DoubleRange(min = -100, max = 100) double x) {
        assertThat(f("hard-sigmoid", x)).isEqualTo(f("relu6", x + 3) / 6, offset(ROUNDING));
    }

    /** f(x) = x·P(x) with P(x) + P(−x) = 1, so f(x) + f(−x)·(−1) = x for each gated unit. */
    @Property
    void gatedUnitsSplitTheIdentity(@ForAll @DoubleRange(min = -30, max = 30) double x, @ForAll("gated") String name) {
        assertThat(f(name, x) - f(name, -x)).isEqualTo(x, offset(ROUNDING * Math.max(1, Math.abs(x))));
    }

    @Provide
    Arbitrary<String> gated() {
        return Arbitraries.of("swish", "swish(beta=0.3)", "gelu", "gelu(form=tanh)", "hard-swish", "relu");
    }

    @Property
    void softplusSplitsTheIdentity(@ForAll @DoubleRange(min = -700, max = 700) double x) {
        assertThat(f("softplus", x) - f("softplus", -x)).isEqualTo(x, offset(ROUNDING * Math.max(1, Math.abs(x))));
        assertThat(f("softplus", x) - f("shifted-softplus", x)).isEqualTo(Math.log(2), offset(1e-13));
    }

    @Property
    void twoClassSoftmaxIsSigmoid(
            @ForAll @DoubleRange(min = -300, max = 300) double x,
            @ForAll @DoubleRange(min = -300, max = 300) double y) {
        INDArray s = Activations.get("softmax").getActivation(Nd4j.createFromArray(new double[][] {{x, y}}), true);
        assertThat(s.getDouble(0)).isEqualTo(f("sigmoid", x - y), offset(ROUNDING));
        assertThat(s.getDouble(0) + s.getDouble(1)).isEqualTo(1, offset(ROUNDING));
    }

    @Property
    void softmaxIgnoresAShift(
            @ForAll @Size(min = 2, max = 20) List<@DoubleRange(min = -50, max = 50) Double> x,
            @ForAll @DoubleRange(min = -1e4, max = 1e4) double shift) {
        INDArray row = Nd4j.createFromArray(x.toArray(Double[]::new)).reshape(1, x.size());
        INDArray shifted = Activations.get("softmax").getActivation(row.add(shift), true);
        assertThat(shifted.equalsWithEps(Activations.get("softmax").getActivation(row, true), 1e-10))
                .isTrue();
    }

    @Property
    void rectifiersArePositivelyHomogeneous(
            @ForAll @DoubleRange(min = -1e3, max = 1e3) double x,
            @ForAll @DoubleRange(min = 0.01, max = 100) double a,
            @ForAll("rectifiers") String name) {
        double expected = a * f(name, x);
        assertThat(f(name, a * x)).isEqualTo(expected, offset(ROUNDING * Math.max(1, Math.abs(expected))));
    }

    @Provide
    Arbitrary<String> rectifiers() {
        return Arbitraries.of("relu", "leakyrelu", "leakyrelu(slope=0.3)", "identity");
    }

    @Property
    void eluFamily(
            @ForAll @DoubleRange(min = -40, max = 40) double x, @ForAll @DoubleRange(min = 0.1, max = 5) double alpha) {
        assertThat(f("celu", x)).isEqualTo(f("elu", x), offset(ROUNDING));
        assertThat(f("celu(alpha=" + alpha + ")", alpha * x)).isEqualTo(alpha * f("elu", x), offset(1e-13));
        double scaled = SELU.LAMBDA * f("elu(alpha=" + SELU.ALPHA + ")", x);
        assertThat(f("selu", x)).isEqualTo(scaled, offset(1e-13));
    }

    @Property
    void abreluOfCentredInputIsReluAndMeanShiftsAreRemoved(
            @ForAll @Size(min = 2, max = 30) List<@DoubleRange(min = -10, max = 10) Double> values,
            @ForAll @DoubleRange(min = -10, max = 10) double shift) {
        INDArray x = Nd4j.createFromArray(values.toArray(Double[]::new)).reshape(1, values.size());
        INDArray centred = x.sub(x.meanNumber());
        INDArray relu = Activations.get("relu").getActivation(centred.dup(), true);
        assertThat(Activations.get("abrelu")
                        .getActivation(centred.add(shift), true)
                        .equalsWithEps(relu, 1e-13))
                .isTrue();
    }

    @Property
    void monotone(
            @ForAll @DoubleRange(min = -100, max = 100) double x,
            @ForAll @DoubleRange(min = 0, max = 10) double step,
            @ForAll("monotone") String name) {
        assertThat(f(name, x + step)).isGreaterThanOrEqualTo(f(name, x) - ROUNDING);
    }

    @Provide
    Arbitrary<String> monotone() {
        return Arbitraries.of(
                "sigmoid",
                "hard-sigmoid",
                "tanh",
                "softplus",
                "shifted-softplus",
                "softsign",
                "relu",
                "relu6",
                "leakyrelu",
                "elu",
                "celu",
                "selu",
                "identity",
                "step");
    }

    /** What an element becomes does not depend on the elements beside it, be they infinite or NaN. */
    @Property(tries = 200)
    void elementsDoNotSeeEachOther(
            @ForAll @Size(min = 1, max = 70) List<@From("floats") Float> values, @ForAll("elementwise") String name) {
        IActivation activation = Activations.get(name);
        float[] x = new float[values.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = values.get(i);
        }
        float[] together =
                activation.getActivation(Nd4j.createFromArray(x), true).toFloatVector();
        for (int i = 0; i < x.length; i++) {
            float alone = activation
                    .getActivation(Nd4j.createFromArray(new float[] {x[i]}), true)
                    .getFloat(0);
            if (Float.isFinite(alone)) { // vectorised and scalar loops may round differently
                assertThat(together[i]).isEqualTo(alone, offset(4 * Math.ulp(Math.max(1, Math.abs(alone)))));
            } else {
                assertThat(together[i]).isEqualTo(Float.valueOf(alone));
            }
        }
    }

    @Provide
    Arbitrary<Float> floats() {
        Arbitrary<Float> anyBits = Arbitraries.integers().map(Float::intBitsToFloat);
        return Arbitraries.oneOf(Arbitraries.floats().between(-20, 20), anyBits, Arbitraries.of(Float.NaN));
    }

    @Provide
    Arbitrary<String> elementwise() {
        return Arbitraries.of(References.BY_SPECIFICATION.keySet().stream()
                .filter(name -> !name.startsWith("abrelu") && !name.equals("softmax"))
                .sorted()
                .toList());
    }

    @Example
    void seluHasItsFixedPoint() {
        assertThat(moment(z -> f("selu", z))).isEqualTo(0, offset(1e-6));
        assertThat(moment(z -> f("selu", z) * f("selu", z))).isEqualTo(1, offset(1e-6));
    }

    /** E[f(z)] for z of N(0, 1), by quadrature on both sides of the kink. */
    private static double moment(DoubleUnaryOperator f) {
        double sum = 0;
        GaussIntegratorFactory factory = new GaussIntegratorFactory();
        for (double from = -12; from < 12; from++) {
            GaussIntegrator integrator = factory.legendre(20, from, from + 1);
            sum += integrator.integrate(z -> f.applyAsDouble(z) * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI));
        }
        return sum;
    }

    @Example
    void minima() {
        assertThat(f("mish", -1.19243)).isEqualTo(-0.308843, offset(1e-6));
        assertThat(slope("mish", -1.19243)).isEqualTo(0, offset(1e-5));
        assertThat(f("swish", -1.278465)).isEqualTo(-0.278465, offset(1e-6));
        assertThat(slope("swish", -1.278465)).isEqualTo(0, offset(1e-5));
        assertThat(f("gelu", -0.751791)).isEqualTo(-0.169971, offset(1e-6));
        assertThat(slope("gelu", -0.751791)).isEqualTo(0, offset(1e-5));
        assertThat(f("hard-swish", -1.5)).isEqualTo(-0.375, offset(ROUNDING));
    }

    @Example
    void twoFormsOfGelu() {
        double largest = 0;
        for (double x = -8; x <= 8; x += 1.0 / 256) {
            largest = Math.max(largest, Math.abs(f("gelu", x) - f("gelu(form=tanh)", x)));
        }
        assertThat(largest).isBetween(4.7e-4, 4.8e-4);
    }

    private static double f(String name, double x) {
        return Activations.get(name)
                .getActivation(Nd4j.createFromArray(x), true)
                .getDouble(0);
    }

    private static double slope(String name, double x) {
        return Activations.get(name)
                .backprop(Nd4j.createFromArray(x), Nd4j.ones(DataType.DOUBLE, 1))
                .getFirst()
                .getDouble(0);
    }
}
