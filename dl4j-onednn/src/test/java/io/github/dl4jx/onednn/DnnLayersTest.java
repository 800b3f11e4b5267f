package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.GELU;
import io.github.dl4jx.activations.LeakyReLU;
import io.github.dl4jx.activations.Mish;
import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.Softmax;
import io.github.dl4jx.activations.Swish;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Dense layers, batch normalisation and activations on oneDNN, as DL4J has them, and as plain loops. */
@NeedsOneDnn
class DnnLayersTest {
    private static final double ULPS = 24;

    @ParameterizedTest
    @CsvSource({
        "1, 1, true, 1",
        "1, 1, false, 3",
        "3, 1, true, 3",
        "1, 5, true, 3",
        "17, 8, true, 1",
        "8, 17, false, 3",
        "32, 33, true, 5",
        "100, 3, false, 7",
        "5, 100, true, 2",
        "257, 65, true, 9"
    })
    void dense(int in, int out, boolean bias, int n) {
        DenseLayer conf = new DenseLayer.Builder()
                .nOut(out)
                .hasBias(bias)
                .activation(Activation.IDENTITY)
                .build();
        Twin twin = Twin.of(conf, InputType.feedForward(in));
        double[] biases = bias ? Reference.doubles(twin.off().getParam("b")) : new double[out];
        for (Layout layout : Layout.values()) {
            INDArray input = Reference.random(n, in);
            INDArray epsilon = Reference.random(n, out);
            Reference expected = Reference.dense(input, twin.off().getParam("W"), biases, epsilon);
            for (Layer layer : List.of(twin.on(), twin.off())) {
                Layout used = layer == twin.on() ? layout : Layout.C;
                Twin.Pass pass = Twin.pass(layer, used.of(input), used.of(epsilon), true);
                String name = (layer == twin.on() ? "on " : "off ") + layout;
                within(name + " output", pass.output(), expected.output, expected.magnitudes[0]);
                within(name + " epsilon", pass.epsilon(), expected.inputGradient, expected.magnitudes[1]);
                within(name + " W", pass.gradient("W"), expected.parameterGradients[0], expected.magnitudes[2]);
                if (bias) {
                    within(name + " b", pass.gradient("b"), expected.parameterGradients[1], expected.magnitudes[3]);
                }
            }
            INDArray inferred =
                    Twin.pass(twin.on(), layout.of(input), epsilon, false).output();
            within(layout + " inference", inferred, expected.output, expected.magnitudes[0]);
        }
    }

    private static void within(String name, INDArray actual, double[] expected, double[] magnitude) {
        assertThat(actual.length()).as(name).isEqualTo(expected.length);
        assertThat(Reference.ulps(actual, expected, magnitude)).as(name).isLessThan(ULPS);
    }

    record Normalisation(int channels, CNN2DFormat format, boolean images, double eps, boolean logStd, boolean locked) {
        BatchNormalization conf() {
            return new BatchNormalization.Builder()
                    .eps(eps)
                    .useLogStd(logStd)
                    .lockGammaBeta(locked)
                    .decay(0.8)
                    .dataFormat(format)
                    .build();
        }

        InputType inputType() {
            return images ? InputType.convolutional(7, 6, channels, format) : InputType.feedForward(channels);
        }

        INDArray random(int n) {
            if (!images) {
                return Reference.random(n, channels);
            }
            return format == CNN2DFormat.NCHW
                    ? Reference.random(n, channels, 7, 6)
                    : Reference.random(n, 7, 6, channels);
        }

        INDArray channelsSecond(INDArray array) {
            return images && format == CNN2DFormat.NHWC ? array.permute(0, 3, 1, 2) : array;
        }
    }

    static Stream<Normalisation> normalisations() {
        return Stream.of(1, 5, 8, 17, 32)
                .flatMap(channels -> Stream.of(true, false).flatMap(images -> Arrays.stream(CNN2DFormat.values())
                        .filter(format -> images || format == CNN2DFormat.NCHW)
                        .flatMap(format -> Stream.of(true, false).flatMap(log -> Stream.of(true, false)
                                .map(locked -> new Normalisation(
                                        channels, format, images, log ? 1e-5 : 1e-3, log, locked))))));
    }

    @ParameterizedTest
    @MethodSource("normalisations")
    void normalisation(Normalisation c) {
        Twin twin = Twin.of(c.conf(), c.inputType());
        double[] gamma = new double[c.channels];
        double[] beta = new double[c.channels];
        if (c.locked) {
            Arrays.fill(gamma, 1);
        } else {
            gamma = Reference.doubles(twin.off().getParam("gamma"));
            beta = Reference.doubles(twin.off().getParam("beta"));
        }
        String deviation = c.logStd ? "log10stdev" : "var";
        int n = 12;
        for (Layout layout : Layout.values()) {
            INDArray input = c.random(n).muli(2).addi(3);
            INDArray epsilon = c.random(n--);
            Reference expected = Reference.batchNormalisation(
                    c.channelsSecond(input), gamma, beta, c.channelsSecond(epsilon), c.eps);
            Twin.Pass on = Twin.pass(twin.on(), layout.of(input), layout.of(epsilon), true);
            near(layout + " output", c.channelsSecond(on.output()), expected.output);
            near(layout + " epsilon", c.channelsSecond(on.epsilon()), expected.inputGradient);
            if (!c.locked) {
                near(layout + " gamma", on.gradient("gamma"), expected.parameterGradients[0]);
                near(layout + " beta", on.gradient("beta"), expected.parameterGradients[1]);
            }
            if (c.locked && c.images && c.format == CNN2DFormat.NHWC) {
                continue; // DL4J's throws
            }
            Twin.Pass off = Twin.pass(twin.off(), input, epsilon, true);
            for (String name : List.of("mean", deviation)) {
                near(layout + " " + name, on.gradient(name), Reference.doubles(off.gradient(name)));
            }
            double[] mean = Reference.doubles(twin.on().getParam("mean"));
            double[] variance = Reference.doubles(twin.on().getParam(deviation));
            for (int i = 0; c.logStd && i < variance.length; i++) {
                variance[i] = Math.pow(10, 2 * variance[i]);
            }
            INDArray inferred =
                    Twin.pass(twin.on(), layout.of(input), epsilon, false).output();
            near(
                    layout + " inference",
                    c.channelsSecond(inferred),
                    Reference.normalised(c.channelsSecond(input), gamma, beta, mean, variance, c.eps));
        }
    }

    private static void near(String name, INDArray actual, double[] expected) {
        assertThat(actual.length()).as(name).isEqualTo(expected.length);
        assertThat(Reference.relative(actual, expected)).as(name).isLessThan(1e-5);
    }

    @ParameterizedTest
    @EnumSource
    void normalisationFrozenWithBackprop(CNN2DFormat format) {
        Normalisation c = new Normalisation(5, format, true, 1e-5, true, false);
        Twin twin = Twin.of(new FrozenLayerWithBackprop(c.conf()), c.inputType());
        for (Layout layout : Layout.values()) {
            INDArray input = c.random(4);
            INDArray epsilon = c.random(4);
            Twin.Pass on = Twin.pass(twin.on(), layout.of(input), layout.of(epsilon), true);
            Twin.Pass off = Twin.pass(twin.off(), input, epsilon, true);
            near("output", on.output(), Reference.doubles(off.output()));
            near("epsilon", on.epsilon(), Reference.doubles(off.epsilon()));
        }
    }

    static Stream<IActivation> activations() {
        return Stream.concat(
                Arrays.stream(Activation.values())
                        .filter(activation -> activation != Activation.RRELU) // random
                        .map(Activation::getActivationFunction),
                Stream.of(new Swish(), new Mish(), new GELU(), new ReLU(), new LeakyReLU(), new Softmax()));
    }

    @ParameterizedTest
    @MethodSource("activations")
    void activation(IActivation activation) {
        for (InputType type : List.of(InputType.convolutional(6, 5, 4), InputType.feedForward(7))) {
            ActivationLayer conf =
                    new ActivationLayer.Builder().activation(activation).build();
            Twin twin = Twin.of(conf, type);
            for (Layout layout : Layout.values()) {
                for (boolean training : new boolean[] {true, false}) {
                    INDArray input = type.getType() == InputType.Type.CNN
                            ? Reference.random(3, 4, 6, 5)
                            : Reference.random(3, 7);
                    INDArray epsilon = Reference.random(input.shape());
                    INDArray given = layout.of(input);
                    Twin.Pass on = Twin.pass(twin.on(), given, layout.of(epsilon), training);
                    Twin.Pass off = Twin.pass(twin.off(), input.dup(), epsilon.dup(), training);
                    String name = activation + " " + layout + (training ? " training" : " inference");
                    assertThat(Reference.relative(on.output(), off.output()))
                            .as(name)
                            .isLessThan(1e-6);
                    if (training) { // in inference DL4J's has overwritten what it needs
                        assertThat(Reference.relative(on.epsilon(), off.epsilon()))
                                .as(name)
                                .isLessThan(1e-6);
                        assertThat(given).as(name).isEqualTo(input);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("activations")
    void denseWithActivation(IActivation activation) {
        DenseLayer conf =
                new DenseLayer.Builder().nOut(6).activation(activation).build();
        Twin twin = Twin.of(conf, InputType.feedForward(5));
        INDArray input = Reference.random(4, 5);
        INDArray epsilon = Reference.random(4, 6);
        Twin.Pass on = Twin.pass(twin.on(), input, epsilon, true);
        Twin.Pass off = Twin.pass(twin.off(), input, epsilon, true);
        assertThat(Reference.relative(on.output(), off.output())).isLessThan(2e-5);
        assertThat(Reference.relative(on.epsilon(), off.epsilon())).isLessThan(2e-5);
        assertThat(Reference.relative(on.gradient("W"), off.gradient("W"))).isLessThan(2e-5);
    }
}
