package io.github.dl4jx.onednn;

/**
 * What a layer's neighbours allow.
 *
 * @param channelsLastOut whether all that read the layer's output take images whose channels are neighbours in memory;
 *     others get them in the order of the indices
 * @param channelsLastGradient the same of the layer that gets its gradient
 * @param outputStays whether nobody writes into its output, so that it is still there in the backward pass
 * @param gradientUnread whether nobody reads the gradient at its input while {@code fit} runs
 * @param gradientSummed whether its gradient is one of several that DL4J adds up
 * @param inputFree whether nobody needs its input in the backward pass but itself
 */
record Wiring(
        boolean channelsLastOut,
        boolean channelsLastGradient,
        boolean outputStays,
        boolean gradientUnread,
        boolean gradientSummed,
        boolean inputFree) {}
