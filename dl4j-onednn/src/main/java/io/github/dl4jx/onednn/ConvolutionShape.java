package io.github.dl4jx.onednn;

/**
 * A convolution of a batch.
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
