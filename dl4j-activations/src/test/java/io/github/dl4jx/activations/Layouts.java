package io.github.dl4jx.activations;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** How the same [2, 3, 4, 5] values can lie in memory when DL4J hands them over. */
enum Layouts {
    C,
    F,
    OFFSET_VIEW,
    STRIDED_VIEW,
    PERMUTED,
    NHWC;

    static final int LENGTH = 120;
    private static final double PADDING = 77;

    INDArray of(double[] values, DataType type) {
        INDArray c = Nd4j.createFromArray(values)
                .castTo(type)
                .reshape('c', 2, 3, 4, 5)
                .dup('c');
        return switch (this) {
            case C -> c;
            case F -> c.dup('f');
            case OFFSET_VIEW ->
                padding(type, 3 * LENGTH)
                        .get(NDArrayIndex.interval(LENGTH, 2 * LENGTH))
                        .reshape('c', 2, 3, 4, 5)
                        .assign(c);
            case STRIDED_VIEW ->
                padding(type, 2 * LENGTH)
                        .reshape('c', 2, 3, 8, 5)
                        .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(1, 2, 8), NDArrayIndex.all())
                        .assign(c);
            case PERMUTED ->
                padding(type, LENGTH)
                        .reshape('c', 3, 2, 4, 5)
                        .permute(1, 0, 2, 3)
                        .assign(c);
            case NHWC ->
                padding(type, LENGTH)
                        .reshape('c', 2, 4, 5, 3)
                        .permute(0, 3, 1, 2)
                        .assign(c);
        };
    }

    /** How many elements of the memory around and under the view still hold the padding. */
    static long paddingLeft(INDArray view) {
        long count = 0;
        for (long i = 0; i < view.data().length(); i++) {
            if (view.data().getDouble(i) == PADDING) {
                count++;
            }
        }
        return count;
    }

    private static INDArray padding(DataType type, int length) {
        return Nd4j.valueArrayOf(new long[] {length}, PADDING, type);
    }
}
