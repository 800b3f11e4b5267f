package io.github.dl4jx.activations.layer;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J's masks, which hold 1 for what counts and 0 for padding. */
final class Masks {
    private Masks() {}

    /**
     * A mask in a shape that is broadcast to the array's: [n, T] of a sequence, [n, 1] of examples, or of the array's
     * own rank. DL4J writes the masks of images with the channel axis second in either format.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static INDArray broadcastable(INDArray mask, int rank, int channelAxis) {
        if (mask.rank() == rank) {
            return rank > 3 && channelAxis != 1 ? channelsLast(mask) : mask;
        }
        if (mask.rank() == 2 && (rank == 3 || mask.size(1) == 1)) {
            long[] shape = new long[rank];
            Arrays.fill(shape, 1);
            shape[0] = mask.size(0);
            shape[channelAxis == 1 ? rank - 1 : 1] = mask.size(1);
            return mask.reshape(shape);
        }
        throw new IllegalArgumentException("mask has shape " + Arrays.toString(mask.shape())
                + "; valid: [n, T] for sequences, [n, 1], or rank " + rank + " as the input");
    }

    private static INDArray channelsLast(INDArray mask) {
        int[] order = new int[mask.rank()];
        for (int axis = 1; axis < order.length; axis++) {
            order[axis] = axis == order.length - 1 ? 1 : axis + 1;
        }
        return mask.permute(order);
    }
}
