package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Convolution with the helper, without it, and as plain loops. */
@NeedsHelpers
class ConvolutionTest {
    /**
     * Allowed error in float roundings relative to the sum of the magnitudes of all terms. The worst case bound is the
     * number of terms, up to some thousands here. Seen: 6 with the helper and 5 without.
     */
    private static final double ULPS = 24;

    /** One batch: how it lies in memory and how large it is. */
    record Batch(Layout layout, int n, int h, int w) {}

    /** They go through one layer one after the other: the helper keeps native state between calls. */
    private static final List<Batch> BATCHES = List.of(
            new Batch(Layout.C, 4, 11, 12),
            new Batch(Layout.F, 4, 11, 12),
            new Batch(Layout.VIEW, 3, 11, 12), // the last, smaller batch
            new Batch(Layout.SWAPPED, 1, 14, 9), // another image size
            new Batch(Layout.PERMUTED, 4, 11, 12),
            new Batch(Layout.C, 2, 7, 7));

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Case(
            CNN2DFormat format,
            ConvolutionMode mode,
            int[] kernel,
            int[] stride,
            int padding,
            boolean bias,
            int nIn,
            int nOut,
            int dilation) {
        @Override
        public String toString() {
            return format + " " + mode + " kernel " + Arrays.toString(kernel) + " stride " + Arrays.toString(stride)
                    + " padding " + padding + (bias ? " bias " : " no bias ") + nIn + " to " + nOut + " dilation "
                    + dilation;
        }

        ConvolutionLayer conf(Activation activation) {
            ConvolutionLayer.Builder builder = new ConvolutionLayer.Builder(kernel[0], kernel[1])
                    .stride(stride)
                    .dilation(dilation, dilation)
                    .nOut(nOut)
                    .hasBias(bias)
                    .convolutionMode(mode)
                    .dataFormat(format)
                    .activation(activation);
            return (mode == ConvolutionMode.Same ? builder : builder.padding(padding, padding)).build();
        }

        int[] padTopLeft(INDArray input, INDArray delta) {
            int[] pad = {padding, padding};
            for (int i = 0; i < 2 && mode == ConvolutionMode.Same; i++) {
                int extent = (kernel[i] - 1) * dilation + 1;
                long total = (delta.size(2 + i) - 1) * stride[i] + extent - input.size(2 + i);
                pad[i] = (int) Math.max(0, total) / 2;
            }
            return pad;
        }
    }

    static Stream<Case> cases() {
        int[][][] shapes = {
            {{3, 3}, {1, 1}},
            {{3, 3}, {2, 2}},
            {{1, 1}, {1, 1}},
            {{1, 1}, {2, 2}},
            {{2, 2}, {1, 1}},
            {{2, 2}, {2, 2}},
            {{3, 5}, {1, 2}},
            {{5, 1}, {1, 1}},
            {{2, 2}, {3, 3}}
        };
        int[][] channels = {{5, 7}, {3, 32}, {16, 16}};
        return Arrays.stream(CNN2DFormat.values())
                .flatMap(format -> Stream.of(ConvolutionMode.Same, ConvolutionMode.Truncate)
                        .flatMap(mode -> Arrays.stream(shapes).flatMap(s -> Stream.of(0, 1)
                                .filter(padding -> padding == 0 || mode == ConvolutionMode.Truncate)
                                .map(padding -> {
                                    int[] c = channels[(s[0][1] + s[1][1] + padding) % 3];
                                    boolean bias = (s[0][0] + padding) % 2 == 1;
                                    return new Case(format, mode, s[0], s[1], padding, bias, c[0], c[1], 1);
                                }))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sameAsLoops(Case c) {
        Twin twin = twin(c);
        assertThat(twin.on().getHelper()).isInstanceOf(Convolution.class);
        assertThat(twin.off().getHelper()).isNull();
        BATCHES.forEach(batch -> check(c, twin, batch));
        assertThat(Twin.failures(twin.on())).isZero();
    }

    /** Strict mode throws unless the sizes fit exactly. */
    @ParameterizedTest
    @MethodSource("cases")
    void strictSameAsLoops(Case c) {
        if (c.mode == ConvolutionMode.Same) {
            return;
        }
        Case strict =
                new Case(c.format, ConvolutionMode.Strict, c.kernel, c.stride, c.padding, !c.bias, c.nIn, c.nOut, 1);
        int h = c.kernel[0] - 2 * c.padding + 4 * c.stride[0];
        int w = c.kernel[1] - 2 * c.padding + 3 * c.stride[1];
        Twin twin = Twin.helped(strict.conf(Activation.IDENTITY), InputType.convolutional(h, w, c.nIn, c.format));
        for (Layout layout : Layout.values()) {
            check(strict, twin, new Batch(layout, 3, h, w));
        }
        assertThat(Twin.failures(twin.on())).isZero();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void dilationStaysBuiltIn(Case c) {
        Case dilated = new Case(c.format, c.mode, c.kernel, c.stride, c.padding, c.bias, c.nIn, c.nOut, 2);
        Twin twin = twin(dilated);
        assertThat(twin.on().getHelper()).isNull();
        check(dilated, twin, BATCHES.get(0));
    }

    /** Why dilation stays off. When this fails, upstream has mended it. */
    @Test
    void upstreamFailsOnDilation() {
        Case dilated =
                new Case(CNN2DFormat.NCHW, ConvolutionMode.Same, new int[] {3, 3}, new int[] {1, 1}, 0, true, 5, 7, 2);
        Twin twin = twin(dilated);
        Twin.set(twin.on(), "helper", new MKLDNNConvHelper(DataType.FLOAT));
        check(dilated, twin, BATCHES.get(0));
        assertThat(Twin.failures(twin.on())).isEqualTo(1);
    }

    /** Why the helper is not used as it is. When this fails, upstream has mended it. */
    @Test
    void upstreamIsWrongForReluInNhwc() {
        // Sizes with which no misread address can fall outside the arrays.
        InputType inputType = InputType.convolutional(4, 4, 8, CNN2DFormat.NHWC);
        Case c = new Case(CNN2DFormat.NHWC, ConvolutionMode.Same, new int[] {3, 3}, new int[] {1, 1}, 0, true, 8, 8, 1);
        Twin twin = Twin.helped(c.conf(Activation.RELU), inputType);
        INDArray input = Reference.random(2, 4, 4, 8);
        INDArray epsilon = Reference.random(2, 4, 4, 8);
        Twin.Pass off = Twin.pass(twin.off(), input, epsilon, true);
        Twin.Pass mended = Twin.pass(twin.on(), input, epsilon, true);
        Twin.set(twin.on(), "helper", new MKLDNNConvHelper(DataType.FLOAT));
        Twin.Pass upstream = Twin.pass(twin.on(), input, epsilon, true);

        assertThat(Reference.relative(mended.output(), off.output())).isLessThan(1e-6);
        assertThat(Reference.relative(upstream.output(), off.output())).isLessThan(1e-6);
        for (String name : List.of("W", "b")) {
            INDArray expected = off.gradient(name);
            assertThat(Reference.relative(mended.gradient(name), expected)).isLessThan(1e-6);
            assertThat(Reference.relative(upstream.gradient(name), expected)).isGreaterThan(0.05);
        }
        assertThat(Reference.relative(upstream.epsilon(), off.epsilon())).isGreaterThan(0.05);
    }

    @ParameterizedTest
    // RReLU is random. Softmax works along the width here, which makes the gradient of the bias nothing but rounding.
    @EnumSource(
            value = Activation.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RRELU", "SOFTMAX"})
    void everyActivation(Activation activation) {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            Case c = new Case(format, ConvolutionMode.Same, new int[] {3, 3}, new int[] {1, 1}, 0, true, 5, 7, 1);
            Twin twin = Twin.helped(c.conf(activation), InputType.convolutional(6, 5, 5, format));
            INDArray input = random(format, 3, 5, 6, 5);
            INDArray epsilon = random(format, 3, 7, 6, 5);
            Twin.Pass on = Twin.pass(twin.on(), input, epsilon, true);
            Twin.Pass off = Twin.pass(twin.off(), input, epsilon, true);
            assertThat(Reference.relative(on.output(), off.output())).isLessThan(1e-5);
            assertThat(Reference.relative(on.epsilon(), off.epsilon())).isLessThan(1e-5);
            on.gradients().forEach((name, g) -> assertThat(Reference.relative(g, off.gradient(name)))
                    .as("%s %s", format, name)
                    .isLessThan(1e-5));
        }
    }

    private static Twin twin(Case c) {
        Batch first = BATCHES.get(0);
        return Twin.helped(c.conf(Activation.IDENTITY), InputType.convolutional(first.h, first.w, c.nIn, c.format));
    }

    private static void check(Case c, Twin twin, Batch batch) {
        Nd4j.getRandom().setSeed(batch.n);
        INDArray input = random(c.format, batch.n, c.nIn, batch.h, batch.w);
        INDArray epsilon = Reference.random(twin.outputShape(input.shape()));
        INDArray nchw = nchw(input, c.format);
        INDArray delta = nchw(epsilon, c.format);
        Layer layer = twin.off();
        double[] bias = c.bias ? Reference.doubles(layer.getParam("b")) : new double[c.nOut];
        Reference expected = Reference.convolution(
                nchw,
                layer.getParam("W"),
                bias,
                delta,
                c.stride,
                new int[] {c.dilation, c.dilation},
                c.padTopLeft(nchw, delta));
        for (Layer each : List.of(twin.on(), twin.off())) {
            // The built-in code is held against the loops in its plainest layout only: it is not on trial here.
            Layout used = each == twin.on() ? batch.layout : Layout.C;
            Twin.Pass pass = Twin.pass(each, used.of(input), used.of(epsilon), true);
            String name = (each == twin.on() ? "on" : "off") + " " + used + " " + batch;
            within(name + " output", nchw(pass.output(), c.format), expected.output, expected.magnitudes[0]);
            within(name + " epsilon", nchw(pass.epsilon(), c.format), expected.inputGradient, expected.magnitudes[1]);
            within(name + " W", pass.gradient("W"), expected.parameterGradients[0], expected.magnitudes[2]);
            if (c.bias) {
                within(name + " b", pass.gradient("b"), expected.parameterGradients[1], expected.magnitudes[3]);
            }
        }
    }

    private static void within(String name, INDArray actual, double[] expected, double[] magnitude) {
        assertThat(Reference.ulps(actual, expected, magnitude)).as(name).isLessThan(ULPS);
    }

    private static INDArray random(CNN2DFormat format, int n, int channels, int h, int w) {
        return format == CNN2DFormat.NCHW ? Reference.random(n, channels, h, w) : Reference.random(n, h, w, channels);
    }

    private static INDArray nchw(INDArray array, CNN2DFormat format) {
        return format == CNN2DFormat.NCHW ? array : array.permute(0, 3, 1, 2);
    }

    /** Of 7 × 6 images with 2 channels. */
    private static Twin tanhTwin() {
        ConvolutionLayer conf = new ConvolutionLayer.Builder(3, 3)
                .nOut(4)
                .activation(Activation.TANH)
                .build();
        return Twin.helped(conf, InputType.convolutional(7, 6, 2));
    }

    private static INDArray kept(Layer layer) {
        return (INDArray) Twin.get(layer, "preOutput");
    }

    /** What DL4J would have computed again: kept by a training pass, gone after the backward pass or any other one. */
    @Test
    void trainingPassKeepsThePreActivationsForItsBackwardPass() {
        Twin twin = tanhTwin();
        LayerWorkspaceMgr manager = LayerWorkspaceMgr.noWorkspaces();
        for (int batch : new int[] {5, 3, 5}) {
            INDArray input = Nd4j.randn(DataType.FLOAT, batch, 2, 7, 6);
            twin.on().setInput(input, manager);
            INDArray output = twin.on().activate(true, manager);
            assertThat(Transforms.tanh(kept(twin.on())).equalsWithEps(output, 1e-6))
                    .isTrue();
            twin.on().backpropGradient(Nd4j.ones(output.shape()), manager);
            assertThat(kept(twin.on())).isNull();

            twin.on().activate(true, manager);
            twin.on().activate(false, manager);
            assertThat(kept(twin.on())).isNull();
        }
    }

    /** Forward passes whose backward pass never comes, other parameters since, one input array for all. */
    @Test
    void backwardPassBelongsToTheLastForwardPass() {
        Twin twin = tanhTwin();
        INDArray input = Nd4j.randn(DataType.FLOAT, 5, 2, 7, 6);
        INDArray epsilon = Nd4j.randn(DataType.FLOAT, 5, 4, 5, 4);
        LayerWorkspaceMgr manager = LayerWorkspaceMgr.noWorkspaces();
        for (boolean training : new boolean[] {true, false}) {
            twin.on().setInput(input, manager);
            twin.on().activate(true, manager);
            for (Layer layer : List.of(twin.on(), twin.off())) {
                layer.params().muli(0.5);
            }
            Twin.Pass on = Twin.pass(twin.on(), input, epsilon, training);
            Twin.Pass off = Twin.pass(twin.off(), input, epsilon, training);
            assertThat(on.output().equalsWithEps(off.output(), 1e-5)).isTrue();
            assertThat(on.epsilon().equalsWithEps(off.epsilon(), 1e-5)).isTrue();
            assertThat(on.gradient("W").equalsWithEps(off.gradient("W"), 1e-4)).isTrue();
        }
    }
}
