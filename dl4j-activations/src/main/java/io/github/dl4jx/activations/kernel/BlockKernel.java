package io.github.dl4jx.activations.kernel;

/**
 * A function and its derivative on the floats of a block: what runs where {@link Kernel} cannot. The value at NaN is NaN.
 * Parameters are fields.
 */
public interface BlockKernel {
    /** f of each; may overwrite {@code x}, and returns the block with the result. */
    Block value(Block x);

    /** f′ of each, as {@link #value}. */
    Block slope(Block x);

    /** The length of an array beyond which an ND4J operation is the faster way to f. */
    default long longestForward() {
        return Long.MAX_VALUE;
    }

    /** The same for f′(x)·epsilon. */
    default long longestBackward() {
        return Long.MAX_VALUE;
    }
}
