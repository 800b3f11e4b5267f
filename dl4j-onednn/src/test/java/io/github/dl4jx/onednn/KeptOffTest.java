package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNLocalResponseNormalizationHelper;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNSubsamplingHelper;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The helpers that stay off, and that they deserve it. When a test here fails, upstream has mended something. */
@NeedsHelpers
class KeptOffTest {
    /** The forward pass never asks the helper; the backward pass runs the same operation, so results are the same bits. */
    @ParameterizedTest
    @CsvSource({
        "MAX, NCHW, Same, 2, 2, 0", "MAX, NHWC, Same, 3, 2, 0", "MAX, NCHW, Truncate, 3, 2, 1",
        "MAX, NHWC, Truncate, 2, 3, 0", "AVG, NCHW, Same, 2, 2, 0", "AVG, NHWC, Same, 3, 2, 0",
        "AVG, NCHW, Truncate, 3, 2, 1", "AVG, NHWC, Truncate, 3, 1, 1", "PNORM, NCHW, Same, 2, 2, 0",
        "PNORM, NHWC, Truncate, 3, 2, 1"
    })
    void poolingHelperWinsNothing(
            PoolingType type, CNN2DFormat format, ConvolutionMode mode, int kernel, int stride, int padding) {
        Twin twin = pooling(type, format, mode, kernel, stride, padding, false);
        assertThat(twin.on().getHelper()).isNull();
        Twin.set(twin.on(), "helper", new MKLDNNSubsamplingHelper(DataType.FLOAT));
        for (Layout layout : Layout.values()) {
            INDArray input = layout.of(random(format));
            INDArray epsilon = layout.of(Reference.random(twin.outputShape(input.shape())));
            Twin.Pass on = Twin.pass(twin.on(), input, epsilon, true);
            Twin.Pass off = Twin.pass(twin.off(), input, epsilon, true);
            assertThat(on.output()).isEqualTo(off.output());
            assertThat(on.epsilon()).isEqualTo(off.epsilon());
        }
    }

    @ParameterizedTest
    @CsvSource({"NCHW, Same, 2, 2, 0", "NHWC, Same, 3, 2, 0", "NCHW, Truncate, 3, 2, 1", "NHWC, Truncate, 3, 1, 1"})
    void poolingHelperForgetsThePaddingInTheDivisor(
            CNN2DFormat format, ConvolutionMode mode, int kernel, int stride, int padding) {
        Twin twin = pooling(PoolingType.AVG, format, mode, kernel, stride, padding, true);
        Twin.set(twin.on(), "helper", new MKLDNNSubsamplingHelper(DataType.FLOAT));
        INDArray input = random(format);
        INDArray epsilon = Reference.random(twin.outputShape(input.shape()));
        Twin.Pass on = Twin.pass(twin.on(), input, epsilon, true);
        Twin.Pass off = Twin.pass(twin.off(), input, epsilon, true);
        // Averaging is linear: <epsilon, output> = <gradient, input>.
        double forward = epsilon.mul(off.output()).sumNumber().doubleValue();
        double scale =
                epsilon.norm2Number().doubleValue() * off.output().norm2Number().doubleValue();
        assertThat(input.mul(off.epsilon()).sumNumber().doubleValue() - forward).isBetween(-1e-5 * scale, 1e-5 * scale);
        assertThat(Reference.relative(on.epsilon(), off.epsilon())).isGreaterThan(0.1);
    }

    @Test
    void localResponseNormalisationRunsForwardInsteadOfBackward() {
        Twin twin = Twin.helped(new LocalResponseNormalization(), InputType.convolutional(4, 4, 6));
        assertThat(twin.on().getHelper()).isNull();
        INDArray input = Reference.random(2, 6, 4, 4).muli(10);
        INDArray epsilon = Reference.random(2, 6, 4, 4).muli(10);
        LayerWorkspaceMgr manager = LayerWorkspaceMgr.noWorkspaces();
        var helper = new MKLDNNLocalResponseNormalizationHelper(DataType.FLOAT);
        INDArray gradient = helper.backpropGradient(input, epsilon, 2, 5, 1e-4, 0.75, manager)
                .getSecond();
        assertThat(gradient).isEqualTo(helper.activate(epsilon, true, 2, 5, 1e-4, 0.75, manager));
    }

    private static Twin pooling(
            PoolingType type,
            CNN2DFormat format,
            ConvolutionMode mode,
            int kernel,
            int stride,
            int padding,
            boolean includePadding) {
        SubsamplingLayer.Builder builder = new SubsamplingLayer.Builder(type)
                .kernelSize(kernel, kernel)
                .stride(stride, stride)
                .padding(padding, padding)
                .convolutionMode(mode)
                .dataFormat(format)
                .avgPoolIncludePadInDivisor(includePadding);
        if (type == PoolingType.PNORM) {
            builder.pnorm(2);
        }
        return Twin.helped(builder.build(), InputType.convolutional(9, 11, 5, format));
    }

    private static INDArray random(CNN2DFormat format) {
        return format == CNN2DFormat.NCHW ? Reference.random(3, 5, 9, 11) : Reference.random(3, 9, 11, 5);
    }
}
