package io.github.dl4jx.onednn;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution, or pooling, of a batch.
 *
 * @param padTop rows of zeros above; those below follow from the sizes
 * @param groups 1, or as many as channels where each is convolved by itself
 */
record ConvolutionShape(
        long n,
        long inChannels,
        long inHeight,
        long inWidth,
        long outChannels,
        long outHeight,
        long outWidth,
        int kernelHeight,
        int kernelWidth,
        int strideHeight,
        int strideWidth,
        int dilationHeight,
        int dilationWidth,
        int padTop,
        int padLeft,
        long groups,
        boolean bias) {

    /**
     * By DL4J's rules for sizes and padding.
     *
     * @param x [n, c, h, w]
     * @throws org.deeplearning4j.exception.DL4JException if kernel, stride and padding do not suit its size
     */
    static ConvolutionShape of(
            INDArray x,
            long outChannels,
            int[] kernel,
            int[] stride,
            int[] padding,
            int[] dilation,
            ConvolutionMode mode,
            long groups,
            boolean bias) {
        boolean same = mode == ConvolutionMode.Same;
        int[] out = ConvolutionUtils.getOutputSize(
                x, kernel, stride, same ? null : padding, mode, dilation, CNN2DFormat.NCHW);
        int[] pad = same
                ? ConvolutionUtils.getSameModeTopLeftPadding(
                        out, new int[] {(int) x.size(2), (int) x.size(3)}, kernel, stride, dilation)
                : padding;
        return new ConvolutionShape(
                x.size(0),
                x.size(1),
                x.size(2),
                x.size(3),
                outChannels,
                out[0],
                out[1],
                kernel[0],
                kernel[1],
                stride[0],
                stride[1],
                dilation[0],
                dilation[1],
                pad[0],
                pad[1],
                groups,
                bias);
    }

    /** As {@link #of}, of a layer of DL4J. */
    static ConvolutionShape of(
            INDArray x,
            org.deeplearning4j.nn.conf.layers.ConvolutionLayer conf,
            long outChannels,
            long groups,
            boolean bias) {
        return of(
                x,
                outChannels,
                conf.getKernelSize(),
                conf.getStride(),
                conf.getPadding(),
                conf.getDilation(),
                conf.getConvolutionMode(),
                groups,
                bias);
    }

    /** The convolution of single pixels that follows in a separable one. */
    ConvolutionShape pointwise(long channels, boolean withBias) {
        return new ConvolutionShape(
                n,
                outChannels,
                outHeight,
                outWidth,
                channels,
                outHeight,
                outWidth,
                1,
                1,
                1,
                1,
                1,
                1,
                0,
                0,
                1,
                withBias);
    }

    long[] in() {
        return new long[] {n, inChannels, inHeight, inWidth};
    }

    long[] out() {
        return new long[] {n, outChannels, outHeight, outWidth};
    }

    long[] strides() {
        return new long[] {strideHeight, strideWidth};
    }

    /** As oneDNN counts: pixels left out between two of the kernel. */
    long[] dilations() {
        return new long[] {dilationHeight - 1, dilationWidth - 1};
    }

    long[] padBefore() {
        return new long[] {padTop, padLeft};
    }

    long[] padAfter() {
        return new long[] {
            after(outHeight, inHeight, kernelHeight, strideHeight, dilationHeight, padTop),
            after(outWidth, inWidth, kernelWidth, strideWidth, dilationWidth, padLeft)
        };
    }

    private static long after(long out, long in, int kernel, int stride, int dilation, int before) {
        return Math.max(0, (out - 1) * stride + (kernel - 1L) * dilation + 1 - in - before);
    }
}
