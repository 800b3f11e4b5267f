package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Pooling on oneDNN, as DL4J has it, and as plain loops. */
@NeedsOneDnn
class DnnPoolingTest {
    private static final double ULPS = 8;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Case(
            PoolingType type,
            boolean wholeWindow,
            CNN2DFormat format,
            ConvolutionMode mode,
            int[] kernel,
            int[] stride,
            int[] padding,
            int channels,
            int n,
            int h,
            int w,
            Layout layout) {
        @Override
        public String toString() {
            return type + (wholeWindow ? " of window " : " ") + format + " " + mode + " kernel "
                    + Arrays.toString(kernel) + " stride " + Arrays.toString(stride) + " padding "
                    + Arrays.toString(padding) + ", " + n + " of " + channels + " x " + h + " x " + w + " " + layout;
        }

        SubsamplingLayer conf() {
            SubsamplingLayer.Builder builder = new SubsamplingLayer.Builder(type)
                    .kernelSize(kernel)
                    .stride(stride)
                    .convolutionMode(mode)
                    .dataFormat(format)
                    .avgPoolIncludePadInDivisor(wholeWindow);
            return (mode == ConvolutionMode.Same ? builder : builder.padding(padding)).build();
        }

        int[] padTopLeft(INDArray input, INDArray delta) {
            int[] pad = padding.clone();
            for (int i = 0; i < 2 && mode == ConvolutionMode.Same; i++) {
                long total = (delta.size(2 + i) - 1) * stride[i] + kernel[i] - input.size(2 + i);
                pad[i] = (int) Math.max(0, total) / 2;
            }
            return pad;
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        Random random = new Random(1);
        int[][] kernels = {{1, 1}, {2, 2}, {3, 3}, {5, 3}};
        int[][] strides = {{1, 1}, {2, 2}, {3, 3}, {2, 1}};
        int[][] paddings = {{0, 0}, {1, 1}, {2, 2}, {2, 0}};
        for (int[] kernel : kernels) {
            for (int[] stride : strides) {
                for (PoolingType type : new PoolingType[] {PoolingType.MAX, PoolingType.AVG}) {
                    for (boolean wholeWindow : new boolean[] {true, false}) {
                        if (wholeWindow && type == PoolingType.MAX) {
                            continue;
                        }
                        cases.add(drawn(random, type, wholeWindow, ConvolutionMode.Same, kernel, stride, new int[2]));
                        for (int[] padding : paddings) {
                            // DL4J allows a window of nothing but padding; what it puts there is nobody's business
                            if (padding[0] < kernel[0] && padding[1] < kernel[1]) {
                                cases.add(drawn(
                                        random, type, wholeWindow, ConvolutionMode.Truncate, kernel, stride, padding));
                            }
                        }
                    }
                }
            }
        }
        return cases.stream();
    }

    private static Case drawn(
            Random random,
            PoolingType type,
            boolean wholeWindow,
            ConvolutionMode mode,
            int[] kernel,
            int[] stride,
            int[] padding) {
        return new Case(
                type,
                wholeWindow,
                Twin.any(CNN2DFormat.values(), random),
                mode,
                kernel,
                stride,
                padding,
                new int[] {1, 3, 5, 8, 17, 32}[random.nextInt(6)],
                random.nextBoolean() ? 1 : 3,
                5 + random.nextInt(7),
                5 + random.nextInt(7),
                Twin.any(Layout.values(), random));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sameAsLoops(Case c) {
        Twin twin = Twin.of(c.conf(), InputType.convolutional(c.h, c.w, c.channels, c.format));
        INDArray input = random(c.format, c.n, c.channels, c.h, c.w);
        long[] shape = twin.outputShape(input.shape());
        INDArray epsilon = Reference.random(shape);
        Twin.Pass off;
        try {
            off = Twin.pass(twin.off(), input, epsilon, true);
        } catch (IllegalStateException e) { // Same with a kernel smaller than the stride may need negative padding
            assertThatThrownBy(() -> twin.on().activate(input, false, LayerWorkspaceMgr.noWorkspaces()))
                    .hasMessage(e.getMessage());
            return;
        }
        INDArray nchw = nchw(input, c.format);
        INDArray delta = nchw(epsilon, c.format);
        Reference expected = Reference.pooling(
                nchw, delta, c.kernel, c.stride, c.padTopLeft(nchw, delta), c.type == PoolingType.MAX, c.wholeWindow);
        Twin.Pass on = Twin.pass(twin.on(), c.layout.of(input), c.layout.of(epsilon), true);
        check("off", off, c.format, expected);
        check("on", on, c.format, expected);
        check("on, inference", Twin.pass(twin.on(), c.layout.of(input), epsilon, false), c.format, expected);
    }

    private static void check(String name, Twin.Pass pass, CNN2DFormat format, Reference expected) {
        within(name + " output", nchw(pass.output(), format), expected.output, expected.magnitudes[0]);
        within(name + " epsilon", nchw(pass.epsilon(), format), expected.inputGradient, expected.magnitudes[1]);
    }

    @ParameterizedTest
    @CsvSource({
        "MAX, NCHW, true", "MAX, NCHW, false", "MAX, NHWC, true", "MAX, NHWC, false",
        "AVG, NCHW, true", "AVG, NCHW, false", "AVG, NHWC, true", "AVG, NHWC, false"
    })
    void globalSameAsLoops(PoolingType type, CNN2DFormat format, boolean collapse) {
        for (int[] shape : new int[][] {{3, 5, 7, 6}, {1, 8, 1, 9}, {1, 17, 3, 3}, {4, 1, 5, 5}, {2, 32, 1, 1}}) {
            GlobalPoolingLayer conf = new GlobalPoolingLayer.Builder(type)
                    .collapseDimensions(collapse)
                    .poolingDimensions(format == CNN2DFormat.NCHW ? new int[] {2, 3} : new int[] {1, 2})
                    .build();
            Twin twin = Twin.of(conf, InputType.convolutional(shape[2], shape[3], shape[1], format));
            for (Layout layout : Layout.values()) {
                INDArray input = random(format, shape);
                // DL4J's own code cannot keep the dimensions of NHWC
                boolean kept = !collapse && format == CNN2DFormat.NCHW;
                INDArray epsilon =
                        kept ? Reference.random(shape[0], shape[1], 1, 1) : Reference.random(shape[0], shape[1]);
                INDArray nchw = nchw(input, format);
                INDArray delta = epsilon.reshape(shape[0], shape[1], 1, 1);
                int[] window = {shape[2], shape[3]};
                Reference expected = Reference.pooling(
                        nchw, delta, window, new int[] {1, 1}, new int[2], type == PoolingType.MAX, false);
                if (collapse || kept) {
                    long[] out = twin.outputShape(input.shape());
                    for (Layer layer : List.of(twin.on(), twin.off())) {
                        Layout used = layer == twin.on() ? layout : Layout.C;
                        Twin.Pass pass = Twin.pass(layer, used.of(input), used.of(epsilon), true);
                        String name = (layer == twin.on() ? "on " : "off ") + layout + " " + Arrays.toString(shape);
                        assertThat(pass.output().shape()).as(name).isEqualTo(out);
                        within(name + " output", pass.output(), expected.output, expected.magnitudes[0]);
                        within(
                                name + " epsilon",
                                nchw(pass.epsilon(), format),
                                expected.inputGradient,
                                expected.magnitudes[1]);
                    }
                }
            }
        }
    }

    private static void within(String name, INDArray actual, double[] expected, double[] magnitude) {
        assertThat(actual.length()).as(name).isEqualTo(expected.length);
        assertThat(Reference.ulps(actual, expected, magnitude)).as(name).isLessThan(ULPS);
    }

    private static INDArray random(CNN2DFormat format, int... nchw) {
        return format == CNN2DFormat.NCHW
                ? Reference.random(nchw[0], nchw[1], nchw[2], nchw[3])
                : Reference.random(nchw[0], nchw[2], nchw[3], nchw[1]);
    }

    private static INDArray nchw(INDArray array, CNN2DFormat format) {
        return format == CNN2DFormat.NCHW ? array : array.permute(0, 3, 1, 2);
    }
}
