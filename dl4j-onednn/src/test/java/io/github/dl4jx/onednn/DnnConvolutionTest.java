package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Convolution on oneDNN, as DL4J has it, and as plain loops. */
@NeedsOneDnn
class DnnConvolutionTest {
    /** See {@link ConvolutionTest}. */
    private static final double ULPS = 24;

    private static final int[] CHANNELS = {1, 3, 5, 8, 17, 32};

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Case(
            CNN2DFormat format,
            ConvolutionMode mode,
            int[] kernel,
            int[] stride,
            int[] padding,
            int dilation,
            boolean bias,
            int nIn,
            int nOut,
            int n,
            int h,
            int w,
            Layout layout) {
        @Override
        public String toString() {
            return format + " " + mode + " kernel " + Arrays.toString(kernel) + " stride " + Arrays.toString(stride)
                    + " padding " + Arrays.toString(padding) + " dilation " + dilation + (bias ? " bias " : " no bias ")
                    + nIn + " to " + nOut + ", " + n + " of " + h + " x " + w + " " + layout;
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
            return (mode == ConvolutionMode.Same ? builder : builder.padding(padding)).build();
        }

        int[] padTopLeft(INDArray input, INDArray delta) {
            int[] pad = padding.clone();
            for (int i = 0; i < 2 && mode == ConvolutionMode.Same; i++) {
                int extent = (kernel[i] - 1) * dilation + 1;
                long total = (delta.size(2 + i) - 1) * stride[i] + extent - input.size(2 + i);
                pad[i] = (int) Math.max(0, total) / 2;
            }
            return pad;
        }

        InputType inputType() {
            return InputType.convolutional(h, w, nIn, format);
        }
    }

    /** All shapes of windows; what is left is drawn. */
    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        Random random = new Random(1);
        int[][] kernels = {{1, 1}, {2, 2}, {3, 3}, {5, 3}, {7, 7}};
        int[][] strides = {{1, 1}, {2, 2}, {3, 3}, {2, 1}};
        int[][] paddings = {{0, 0}, {1, 1}, {2, 2}, {2, 0}};
        for (int[] kernel : kernels) {
            for (int[] stride : strides) {
                for (int dilation = 1; dilation <= 2; dilation++) {
                    cases.add(drawn(random, ConvolutionMode.Same, kernel, stride, paddings[0], dilation));
                    for (int[] padding : paddings) {
                        cases.add(drawn(random, ConvolutionMode.Truncate, kernel, stride, padding, dilation));
                        cases.add(drawn(random, ConvolutionMode.Strict, kernel, stride, padding, dilation));
                    }
                }
            }
        }
        return cases.stream();
    }

    private static Case drawn(
            Random random, ConvolutionMode mode, int[] kernel, int[] stride, int[] padding, int dilation) {
        int[] size = new int[2];
        for (int i = 0; i < 2; i++) {
            int least = (kernel[i] - 1) * dilation + 1 - 2 * padding[i];
            size[i] = switch (mode) {
                case Same -> 3 + random.nextInt(9);
                case Strict -> least + stride[i] * (1 + random.nextInt(3));
                default -> least + random.nextInt(7);
            };
            while (size[i] < 1) {
                size[i] += stride[i];
            }
        }
        return new Case(
                Twin.any(CNN2DFormat.values(), random),
                mode,
                kernel,
                stride,
                padding,
                dilation,
                random.nextBoolean(),
                CHANNELS[random.nextInt(6)],
                CHANNELS[random.nextInt(6)],
                random.nextBoolean() ? 1 : 3,
                size[0],
                size[1],
                Twin.any(Layout.values(), random));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sameAsLoops(Case c) {
        Twin twin = Twin.of(c.conf(Activation.IDENTITY), c.inputType());
        INDArray input = random(c, c.n, c.nIn, c.h, c.w);
        long[] shape;
        try {
            shape = twin.outputShape(input.shape());
        } catch (IllegalStateException e) { // Same with a kernel smaller than the stride may need negative padding
            assertThatThrownBy(() -> twin.on().activate(input, false, LayerWorkspaceMgr.noWorkspaces()))
                    .hasMessage(e.getMessage());
            return;
        }
        INDArray epsilon = Reference.random(shape);
        INDArray nchw = nchw(input, c);
        INDArray delta = nchw(epsilon, c);
        double[] bias = c.bias ? Reference.doubles(twin.off().getParam("b")) : new double[c.nOut];
        Reference expected = Reference.convolution(
                nchw,
                twin.off().getParam("W"),
                bias,
                delta,
                c.stride,
                new int[] {c.dilation, c.dilation},
                c.padTopLeft(nchw, delta));
        for (Layer layer : List.of(twin.on(), twin.off())) {
            Layout layout = layer == twin.on() ? c.layout : Layout.C;
            Twin.Pass pass = Twin.pass(layer, layout.of(input), layout.of(epsilon), true);
            String name = layer == twin.on() ? "on " : "off ";
            within(name + "output", nchw(pass.output(), c), expected.output, expected.magnitudes[0]);
            within(name + "epsilon", nchw(pass.epsilon(), c), expected.inputGradient, expected.magnitudes[1]);
            within(name + "W", pass.gradient("W"), expected.parameterGradients[0], expected.magnitudes[2]);
            assertThat(pass.gradients()).hasSize(c.bias ? 2 : 1);
            if (c.bias) {
                within(name + "b", pass.gradient("b"), expected.parameterGradients[1], expected.magnitudes[3]);
            }
        }
        INDArray inferred =
                Twin.pass(twin.on(), c.layout.of(input), epsilon, false).output();
        within("inference", nchw(inferred, c), expected.output, expected.magnitudes[0]);
    }

    @ParameterizedTest
    @EnumSource(value = Activation.class, mode = EnumSource.Mode.EXCLUDE, names = "RRELU") // random
    void everyActivation(Activation activation) {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            for (Layout layout : Layout.values()) {
                Case c = new Case(
                        format,
                        ConvolutionMode.Same,
                        new int[] {3, 3},
                        new int[] {1, 1},
                        new int[2],
                        1,
                        true,
                        5,
                        7,
                        3,
                        6,
                        5,
                        layout);
                Twin twin = Twin.of(c.conf(activation), c.inputType());
                INDArray input = random(c, 3, 5, 6, 5);
                INDArray epsilon = random(c, 3, 7, 6, 5);
                Twin.Pass on = Twin.pass(twin.on(), layout.of(input), layout.of(epsilon), true);
                Twin.Pass off = Twin.pass(twin.off(), input, epsilon, true);
                assertThat(Reference.relative(on.output(), off.output()))
                        .as("%s", c)
                        .isLessThan(3e-5);
                if (activation == Activation.SOFTMAX && format == CNN2DFormat.NHWC) {
                    checkSoftmax(c, twin, input, epsilon, on);
                    continue;
                }
                assertThat(Reference.relative(on.epsilon(), off.epsilon()))
                        .as("%s", c)
                        .isLessThan(3e-5);
                assertThat(Reference.relative(on.gradient("W"), off.gradient("W")))
                        .as("%s", c)
                        .isLessThan(3e-5);
                // softmax works along the width in NCHW, where its bias' gradient is nothing but rounding
                double scale = epsilon.norm2Number().doubleValue();
                assertThat(on.gradient("b").distance2(off.gradient("b")) / scale)
                        .as("%s", c)
                        .isLessThan(3e-5);
            }
        }
    }

    /** DL4J goes along the channels forwards, but along the width backwards, and is wrong. */
    private static void checkSoftmax(Case c, Twin twin, INDArray input, INDArray epsilon, Twin.Pass on) {
        INDArray p = on.output();
        INDArray mean = p.mul(epsilon).sum(true, 3);
        INDArray delta = p.mul(epsilon.sub(mean.broadcast(epsilon.shape())));
        Reference expected = Reference.convolution(
                nchw(input, c),
                twin.off().getParam("W"),
                new double[c.nOut],
                nchw(delta, c),
                c.stride,
                new int[] {1, 1},
                new int[] {1, 1});
        assertThat(Reference.relative(nchw(on.epsilon(), c), expected.inputGradient))
                .isLessThan(3e-5);
        assertThat(Reference.relative(on.gradient("W"), expected.parameterGradients[0]))
                .isLessThan(3e-5);
    }

    /** oneDNN's code for 1 x 1 with strides writes past its temporary memory; the virtual machine dies much later. */
    @ParameterizedTest
    @CsvSource({"1, 1, 2", "5, 2, 2", "7, 3, 1", "3, 2, 1", "8, 2, 2", "15, 2, 2"})
    @SuppressWarnings("try") // workspaces are used by being open
    void staysWithinItsMemory(int channels, int strideHeight, int strideWidth) {
        ConvolutionShape shape = new ConvolutionShape(
                1,
                channels,
                12,
                12,
                5,
                12 / strideHeight,
                12 / strideWidth,
                1,
                1,
                strideHeight,
                strideWidth,
                1,
                1,
                0,
                0,
                1,
                false);
        INDArray x = Reference.random(1, 12, 12, channels);
        INDArray delta = Reference.random(1, shape.outHeight(), shape.outWidth(), 5);
        INDArray gradient = Reference.random(5, channels, 1, 1);
        WorkspaceConfiguration configuration = WorkspaceConfiguration.builder()
                .initialSize(1 << 20)
                .policyLearning(LearningPolicy.NONE)
                .policyAllocation(AllocationPolicy.STRICT)
                .build();
        LayerWorkspaceMgr manager = LayerWorkspaceMgr.builder()
                .with(ArrayType.BP_WORKING_MEM, "MEMORY", configuration)
                .build();
        try (var clean = Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "MEMORY")) {
            Nd4j.createUninitialized(DataType.INT8, (1 << 20) - 64).assign(7);
        }
        try (ConvolutionPlan plan = new ConvolutionPlan(shape, WeightOrder.OUT_IN, DataType.FLOAT);
                var workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "MEMORY")) {
            plan.backward(x, delta, gradient, gradient, null, null, WorkingMemory.backwards(manager));
            INDArray after = Nd4j.createUninitialized(DataType.INT8, 1 << 17);
            assertThat(after.maxNumber().intValue()).isEqualTo(7);
            assertThat(after.minNumber().intValue()).isEqualTo(7);
        }
    }

    @Test
    void saysWhatIsWrongAsBefore() {
        Case c = new Case(
                CNN2DFormat.NCHW,
                ConvolutionMode.Truncate,
                new int[] {3, 3},
                new int[] {1, 1},
                new int[2],
                1,
                true,
                5,
                7,
                3,
                6,
                5,
                Layout.C);
        Twin twin = Twin.of(c.conf(Activation.IDENTITY), c.inputType());
        for (long[] shape : new long[][] {{2, 4, 6, 5}, {2, 5, 6}, {2, 5}, {2, 5, 2, 5}}) {
            String said = message(twin.off(), shape);
            assertThat(message(twin.on(), shape)).isEqualTo(said);
        }
    }

    private static String message(Layer layer, long... shape) {
        try {
            layer.activate(Nd4j.zeros(shape), true, LayerWorkspaceMgr.noWorkspaces());
            throw new AssertionError("no exception");
        } catch (DL4JInvalidInputException | IllegalStateException e) {
            return (e.getClass() + ": " + e.getMessage()).replace("DnnConvolution", "ConvolutionLayer");
        }
    }

    private static void within(String name, INDArray actual, double[] expected, double[] magnitude) {
        assertThat(actual.length()).as(name).isEqualTo(expected.length);
        assertThat(Reference.ulps(actual, expected, magnitude)).as(name).isLessThan(ULPS);
    }

    private static INDArray random(Case c, int n, int channels, int h, int w) {
        return c.format == CNN2DFormat.NCHW ? Reference.random(n, channels, h, w) : Reference.random(n, h, w, channels);
    }

    private static INDArray nchw(INDArray array, Case c) {
        return c.format == CNN2DFormat.NCHW ? array : array.permute(0, 3, 1, 2);
    }
}
