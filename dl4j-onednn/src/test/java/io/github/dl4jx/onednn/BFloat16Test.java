package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What is read may be rounded to bfloat16; all else stays. */
@NeedsOneDnn
class BFloat16Test {
    private static final double ULPS = 24;
    private static final InputType IMAGES = InputType.convolutional(9, 8, 16);

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Case(String name, org.deeplearning4j.nn.conf.layers.Layer conf, InputType in, long... shape) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> layers() {
        return Stream.of(
                new Case("3x3", convolution(3, 1, 32), IMAGES, 2, 16, 9, 8),
                new Case("1x1", convolution(1, 1, 32), IMAGES, 2, 16, 9, 8),
                new Case("stride 2", convolution(3, 2, 16), IMAGES, 2, 16, 9, 8),
                new Case("first", convolution(3, 1, 16), InputType.convolutional(9, 8, 3), 2, 3, 9, 8),
                new Case(
                        "separable",
                        new SeparableConvolution2D.Builder(3, 3)
                                .nOut(32)
                                .convolutionMode(ConvolutionMode.Same)
                                .activation(Activation.IDENTITY)
                                .build(),
                        IMAGES,
                        2,
                        16,
                        9,
                        8),
                new Case(
                        "depthwise",
                        new DepthwiseConvolution2D.Builder(3, 3)
                                .depthMultiplier(1)
                                .convolutionMode(ConvolutionMode.Same)
                                .activation(Activation.IDENTITY)
                                .build(),
                        IMAGES,
                        2,
                        16,
                        9,
                        8),
                new Case(
                        "dense",
                        new DenseLayer.Builder()
                                .nOut(24)
                                .activation(Activation.IDENTITY)
                                .build(),
                        InputType.feedForward(48),
                        5,
                        48));
    }

    private static ConvolutionLayer convolution(int kernel, int stride, int nOut) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .nOut(nOut)
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** Whether oneDNN has any code for it, be it slow. */
    static boolean hasCode() {
        if (OneDnn.obstacle() != null) {
            return false;
        }
        DensePlan.Key key = new DensePlan.Key(5, 48, 24, true);
        try (DensePlan plan = new DensePlan(key, DataType.BFLOAT16)) {
            return plan.isFast();
        } catch (RuntimeException e) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    @EnabledIf("hasCode")
    void isTheFloatResultOfRoundedNumbers(Case of) {
        Nd4j.getRandom().setSeed(3);
        INDArray x = Nd4j.randn(DataType.FLOAT, of.shape());
        MultiLayerNetwork network = Twin.network(of.conf(), of.in());
        INDArray rounded = network.params().dup();
        round(rounded);
        Layer reading = enabled(of, network.params(), DataType.BFLOAT16);
        Layer exact = enabled(of, rounded, DataType.FLOAT);
        INDArray epsilon = Nd4j.randn(DataType.FLOAT, outputShape(exact, x));
        INDArray roundedX = round(x.dup());
        INDArray roundedEpsilon = round(epsilon.dup());

        Twin.Pass seen = Twin.pass(reading, x, epsilon, true);
        Twin.Pass right = Twin.pass(exact, roundedX, roundedEpsilon, true);

        if (of.name().equals("separable")) { // what is between its two convolutions is rounded too
            assertNear(seen.output(), right.output(), 1 << 16);
            assertNear(seen.epsilon(), right.epsilon(), 1 << 16);
        } else {
            assertNear(seen.output(), right.output(), ULPS);
            assertNear(seen.epsilon(), right.epsilon(), ULPS);
            right.gradients().forEach((name, gradient) -> assertNear(seen.gradient(name), gradient, ULPS));
        }
        assertThat(Twin.pass(enabled(of, network.params(), DataType.FLOAT), x, epsilon, true)
                        .output())
                .as("it is rounded at all")
                .isNotEqualTo(seen.output());
    }

    private static Layer enabled(Case of, INDArray parameters, DataType reads) {
        MultiLayerNetwork network = Twin.network(of.conf(), of.in());
        network.params().assign(parameters);
        Takeover.of(network, reads);
        return network.getLayer(0);
    }

    private static long[] outputShape(Layer layer, INDArray x) {
        var manager = org.deeplearning4j.nn.workspace.LayerWorkspaceMgr.noWorkspaces();
        layer.setInput(x, manager);
        long[] shape = layer.activate(false, manager).shape();
        layer.clear();
        return shape;
    }

    /** To the nearest bfloat16, ties to even. */
    private static INDArray round(INDArray array) {
        for (long i = 0; i < array.length(); i++) {
            int bits = Float.floatToRawIntBits(array.getFloat(i));
            int up = 0x7FFF + ((bits >>> 16) & 1);
            array.putScalar(i, Float.intBitsToFloat((bits + up) & 0xFFFF0000));
        }
        return array;
    }

    private static void assertNear(INDArray seen, INDArray right, double ulps) {
        double largest = right.amaxNumber().doubleValue();
        assertThat(seen.sub(right).amaxNumber().doubleValue()).isLessThanOrEqualTo(ulps * Math.ulp((float) largest));
    }

    @Test
    void isRefusedInOneLineWhereTheProcessorIsNotMadeForIt() {
        MultiLayerNetwork network = Twin.network(convolution(3, 1, 8), IMAGES);
        String obstacle = Native.bfloat16Obstacle();

        Throwable thrown = catchThrowable(() -> OneDnn.enable(network, DataType.BFLOAT16));

        if (obstacle == null) {
            assertThat(thrown).isNull();
            assertThat(network.getLayer(0)).isInstanceOf(DnnConvolution.class);
        } else {
            assertThat(thrown)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageMatching("bfloat16 needs a processor with AVX512-BF16 or AMX; oneDNN finds \\w+");
            assertThat(network.getLayer(0)).isNotInstanceOf(DnnConvolution.class);
        }
    }

    @Test
    void otherTypesAreRefused() {
        MultiLayerNetwork network = Twin.network(convolution(3, 1, 8), IMAGES);

        assertThatThrownBy(() -> OneDnn.enable(network, DataType.DOUBLE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("reads DOUBLE; valid: FLOAT, BFLOAT16");
    }

    @Test
    void aShapeWithoutSuchCodeIsComputedInFloat() {
        ConvolutionShape shape = new ConvolutionShape(1, 3, 5, 5, 4, 5, 5, 3, 3, 1, 1, 1, 1, 1, 1, 1, true);
        try (Plan plan = Plan.reading(DataType.BFLOAT16, type -> {
            if (type == DataType.BFLOAT16) {
                throw new IllegalStateException("no code");
            }
            return new ConvolutionPlan(shape, WeightOrder.OUT_IN, type);
        })) {
            assertThat(plan.isFast()).isTrue();
        }
    }
}
