package io.github.dl4jx.activations.formula;

import java.util.Arrays;
import java.util.Comparator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sums of many numbers. ND4J's own sum of floats may be some per cent off, and a copy of them in double takes longer
 * than all the rest: so few terms are added in float, and these sums in double.
 */
public final class Sums {
    /** Terms of a sum in float. */
    private static final int TERMS = 128;

    /** A smaller array is copied in double: that takes little there, and is exact. */
    private static final long LARGE = 1 << 16;

    private Sums() {}

    /** The sums over the axes, in double; the axes stay, with length 1. */
    public static INDArray inDouble(INDArray x, int... axes) {
        if (x.dataType() == DataType.FLOAT && axes.length > 0 && x.length() >= LARGE) {
            INDArray sums = inParts(x, axes);
            if (Double.isFinite(sums.sumNumber().doubleValue())) { // else a sum in float may have overflowed
                return sums;
            }
        }
        return x.castTo(DataType.DOUBLE).sum(true, axes);
    }

    private static INDArray inParts(INDArray x, int... axes) {
        int axis = densest(x, axes);
        long size = x.size(axis);
        long whole = size / TERMS * TERMS;
        if (whole == 0) {
            return x.sum(true, axis).castTo(DataType.DOUBLE).sum(true, axes);
        }
        INDArray sums = split(interval(x, axis, 0, whole), axis)
                .sum(axis + 1)
                .castTo(DataType.DOUBLE)
                .sum(true, axes);
        return whole == size ? sums : sums.addi(inParts(interval(x, axis, whole, size), axes));
    }

    /** The axis along which elements lie next to each other. */
    private static int densest(INDArray x, int... axes) {
        return Arrays.stream(axes)
                .boxed()
                .filter(axis -> x.size(axis) > 1)
                .min(Comparator.comparing(x::stride))
                .orElse(axes[0]);
    }

    private static INDArray interval(INDArray x, int axis, long begin, long end) {
        return begin == 0 && end == x.size(axis) ? x : Views.interval(x, axis, begin, end);
    }

    /** One axis as two, the second of them short. */
    private static INDArray split(INDArray x, int axis) {
        long[] shape = Arrays.copyOf(x.shape(), x.rank() + 1);
        System.arraycopy(shape, axis, shape, axis + 1, x.rank() - axis);
        shape[axis] = x.size(axis) / TERMS;
        shape[axis + 1] = TERMS;
        return x.reshape(shape);
    }
}
