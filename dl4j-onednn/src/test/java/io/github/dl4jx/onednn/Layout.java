package io.github.dl4jx.onednn;

import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The ways in which one array can lie in memory. */
enum Layout {
    C,
    F,
    /** A window into a larger array: an offset and strides that leave gaps. */
    VIEW,
    /** Dense with the first two axes swapped, as convolution without a helper leaves it. */
    SWAPPED,
    /** Dense with the axes reversed two by two. */
    PERMUTED,
    /** Dense with the second axis last: of NCHW images, the channels side by side. */
    CHANNELS_LAST,
    /** The last of a larger batch: dense, with an offset. */
    LATER,
    /** Both. */
    CHANNELS_LAST_LATER;

    INDArray of(INDArray array) {
        int rank = array.rank();
        return switch (this) {
            case C -> array.dup('c');
            case F -> array.dup('f');
            case VIEW -> {
                long[] larger = IntStream.range(0, rank)
                        .mapToLong(i -> array.size(i) + 1 + i)
                        .toArray();
                INDArray view = Nd4j.valueArrayOf(larger, 9f)
                        .get(IntStream.range(0, rank)
                                .mapToObj(i -> NDArrayIndex.interval(i, i + array.size(i)))
                                .toArray(INDArrayIndex[]::new));
                yield view.assign(array);
            }
            case SWAPPED -> permuted(array, rank == 4 ? new int[] {1, 0, 2, 3} : new int[] {1, 0});
            case PERMUTED -> permuted(array, rank == 4 ? new int[] {2, 3, 1, 0} : new int[] {1, 0});
            case CHANNELS_LAST -> permuted(array, rank == 4 ? new int[] {0, 2, 3, 1} : new int[] {0, 1});
            case LATER -> later(array);
            case CHANNELS_LAST_LATER ->
                rank == 4 ? later(array.permute(0, 2, 3, 1)).permute(0, 3, 1, 2) : later(array);
        };
    }

    private static INDArray later(INDArray array) {
        long[] larger = array.shape().clone();
        larger[0] += 2;
        INDArrayIndex[] all = IntStream.range(0, array.rank())
                .mapToObj(i -> NDArrayIndex.all())
                .toArray(INDArrayIndex[]::new);
        all[0] = NDArrayIndex.interval(2, larger[0]);
        return Nd4j.valueArrayOf(larger, 9f).get(all).assign(array);
    }

    private static INDArray permuted(INDArray array, int[] axes) {
        int[] back = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            back[axes[i]] = i;
        }
        return array.permute(axes).dup('c').permute(back);
    }
}
