package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Batch normalisation with the helper, without it, and as plain loops. */
@NeedsHelpers
class BatchNormTest {
    /** Of the length of the result. Seen: 1e-6 with the helper, and as much without, in the sums over a channel. */
    private static final double TOLERANCE = 5e-6;

    private static final int CHANNELS = 5;

    /** A null format stands for rank 2. */
    record Case(boolean image, CNN2DFormat format, double eps, boolean logStd) {
        BatchNormalization conf() {
            return new BatchNormalization.Builder()
                    .eps(eps)
                    .useLogStd(logStd)
                    .dataFormat(format)
                    .build();
        }

        InputType inputType() {
            return image ? InputType.convolutional(9, 10, CHANNELS, format) : InputType.feedForward(CHANNELS);
        }

        INDArray random(int n) {
            if (!image) {
                return Reference.random(n, CHANNELS);
            }
            return format == CNN2DFormat.NCHW
                    ? Reference.random(n, CHANNELS, 9, 10)
                    : Reference.random(n, 9, 10, CHANNELS);
        }

        INDArray channelsSecond(INDArray array) {
            return image && format == CNN2DFormat.NHWC ? array.permute(0, 3, 1, 2) : array;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(true, false).flatMap(image -> Arrays.stream(CNN2DFormat.values())
                .filter(format -> image || format == CNN2DFormat.NCHW)
                .flatMap(format -> Stream.of(1e-5, 1e-3)
                        .flatMap(eps -> Stream.of(true, false).map(log -> new Case(image, format, eps, log)))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sameAsLoops(Case c) {
        Twin twin = Twin.helped(c.conf(), c.inputType());
        assertThat(twin.on().getHelper()).isInstanceOf(BatchNorm.class);
        assertThat(twin.off().getHelper()).isNull();
        double[] gamma = Reference.doubles(twin.off().getParam("gamma"));
        double[] beta = Reference.doubles(twin.off().getParam("beta"));
        int n = 12;
        for (Layout layout : Layout.values()) {
            INDArray input = c.random(n).muli(2).addi(3);
            INDArray epsilon = c.random(n);
            n--; // the helper keeps native state between batches
            Reference expected = Reference.batchNormalisation(
                    c.channelsSecond(input), gamma, beta, c.channelsSecond(epsilon), c.eps);
            Twin.Pass on = Twin.pass(twin.on(), layout.of(input), layout.of(epsilon), true);
            Twin.Pass off = Twin.pass(twin.off(), input, epsilon, true);
            for (boolean helper : new boolean[] {true, false}) {
                Twin.Pass pass = helper ? on : off;
                String name = (helper ? "on " : "off ") + layout;
                within(name + " output", c.channelsSecond(pass.output()), expected.output);
                within(name + " epsilon", c.channelsSecond(pass.epsilon()), expected.inputGradient);
                within(name + " gamma", pass.gradient("gamma"), expected.parameterGradients[0]);
                within(name + " beta", pass.gradient("beta"), expected.parameterGradients[1]);
            }
            // The "gradients" of these are their updates.
            String deviation = c.logStd ? "log10stdev" : "var";
            for (String name : List.of("mean", deviation)) {
                within(layout + " " + name, on.gradient(name), Reference.doubles(off.gradient(name)));
            }
            assertThat(Twin.failures(twin.on())).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inferenceIsBuiltIn(Case c) {
        Twin twin = Twin.helped(c.conf(), c.inputType());
        for (Layout layout : Layout.values()) {
            // Training in between must not leave traces.
            Twin.pass(twin.on(), c.random(3), c.random(3), true);
            INDArray input = c.random(4);
            INDArray epsilon = c.random(4);
            Twin.Pass on = Twin.pass(twin.on(), layout.of(input), layout.of(epsilon), false);
            Twin.Pass off = Twin.pass(twin.off(), layout.of(input), layout.of(epsilon), false);
            assertThat(on.output()).isEqualTo(off.output());
            assertThat(on.epsilon()).isEqualTo(off.epsilon());
            assertThat(on.gradients()).isEqualTo(off.gradients());
        }
    }

    /** Gradients in inference mode: the helper as it is would throw, and the fallback after it too. */
    @ParameterizedTest
    @EnumSource
    void frozenWithBackpropIsBuiltIn(CNN2DFormat format) {
        Case c = new Case(true, format, 1e-5, true);
        Twin twin = Twin.helped(new FrozenLayerWithBackprop(c.conf()), c.inputType());
        INDArray input = c.random(4);
        INDArray epsilon = c.random(4);
        Twin.Pass on = Twin.pass(twin.on(), input, epsilon, true);
        Twin.Pass off = Twin.pass(twin.off(), input, epsilon, true);
        assertThat(on.output()).isEqualTo(off.output());
        assertThat(on.epsilon()).isEqualTo(off.epsilon());
    }

    @Test
    void rank2InNhwcIsBuiltIn() {
        Case c = new Case(false, CNN2DFormat.NHWC, 1e-5, true);
        Twin twin = Twin.helped(c.conf(), c.inputType());
        INDArray input = c.random(4);
        INDArray epsilon = c.random(4);
        Twin.Pass on = Twin.pass(twin.on(), input, epsilon, true);
        Twin.Pass off = Twin.pass(twin.off(), input, epsilon, true);
        assertThat(on.output()).isEqualTo(off.output());
        assertThat(on.epsilon()).isEqualTo(off.epsilon());
        assertThat(Twin.failures(twin.on())).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void lockedGammaBetaStaysBuiltIn(CNN2DFormat format) {
        Twin twin = Twin.helped(
                new BatchNormalization.Builder()
                        .lockGammaBeta(true)
                        .dataFormat(format)
                        .build(),
                InputType.convolutional(9, 10, CHANNELS, format));
        assertThat(twin.on().getHelper()).isNull();
    }

    /** Why the helper is not used as it is. When this fails, upstream has mended it. */
    @Test
    void upstreamIsWrongForFOrder() {
        Case c = new Case(true, CNN2DFormat.NCHW, 1e-5, true);
        Twin twin = Twin.helped(c.conf(), c.inputType());
        INDArray input = c.random(4);
        Layer layer = twin.on();
        Twin.set(layer, "helper", new MKLDNNBatchNormHelper(DataType.FLOAT));
        INDArray plain = layer.activate(Layout.C.of(input), true, LayerWorkspaceMgr.noWorkspaces());
        INDArray f = layer.activate(Layout.F.of(input), true, LayerWorkspaceMgr.noWorkspaces());
        assertThat(Reference.relative(f, plain)).isGreaterThan(0.05);
    }

    private static void within(String name, INDArray actual, double[] expected) {
        assertThat(Reference.relative(actual, expected)).as(name).isLessThan(TOLERANCE);
    }
}
