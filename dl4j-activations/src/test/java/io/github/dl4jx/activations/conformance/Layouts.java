package io.github.dl4jx.activations.conformance;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** How the same values can lie in memory when DL4J hands them over, as an array of rank 4. */
enum Layouts {
    C,
    F,
    OFFSET_VIEW,
    STRIDED_VIEW,
    PERMUTED,
    NHWC;

    private static final double PADDING = 77;

    /** All of them, but for a long array of prime length, which lies the same way in every dense layout, one of those. */
    static List<Layouts> distinct(int length) {
        return length == 1_000_003 ? List.of(C, OFFSET_VIEW, STRIDED_VIEW) : List.of(values());
    }

    /** The values, in their logical order, as [examples, channels, height, width] in this layout. */
    INDArray of(INDArray values) {
        DataType type = values.dataType();
        long n = values.length();
        long[] s = shape(n);
        INDArray c = values.reshape('c', s).dup('c');
        return switch (this) {
            case C -> c;
            case F -> c.dup('f');
            case OFFSET_VIEW ->
                padding(type, 3 * n)
                        .get(NDArrayIndex.interval(n, 2 * n))
                        .reshape('c', s)
                        .assign(c);
            case STRIDED_VIEW ->
                padding(type, 2 * n)
                        .reshape('c', s[0], s[1], s[2], s[3], 2)
                        .get(
                                NDArrayIndex.all(),
                                NDArrayIndex.all(),
                                NDArrayIndex.all(),
                                NDArrayIndex.all(),
                                NDArrayIndex.point(1))
                        .assign(c);
            case PERMUTED ->
                padding(type, n)
                        .reshape('c', s[1], s[0], s[2], s[3])
                        .permute(1, 0, 2, 3)
                        .assign(c);
            case NHWC ->
                padding(type, n)
                        .reshape('c', s[0], s[2], s[3], s[1])
                        .permute(0, 3, 1, 2)
                        .assign(c);
        };
    }

    /** Four factors of n, the smallest first; of a prime, three are 1. */
    private static long[] shape(long n) {
        long[] shape = {1, 1, 1, 1};
        long rest = n;
        for (long prime = 2; prime * prime <= rest; prime++) {
            for (; rest % prime == 0; rest /= prime) {
                shape[0] *= prime;
                Arrays.sort(shape);
            }
        }
        shape[0] *= rest;
        Arrays.sort(shape);
        return shape;
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

    private static INDArray padding(DataType type, long length) {
        return Nd4j.valueArrayOf(new long[] {length}, PADDING, type);
    }
}
