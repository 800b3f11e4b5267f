package io.github.dl4jx.activations.formula;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Parts of arrays. */
public final class Views {
    private Views() {}

    /**
     * The part of an array from {@code begin} to before {@code end} on one axis: a view. ND4J M2.1's {@code get} returns an
     * empty array instead if the array is a view itself, the part begins further from its buffer's begin than the array is
     * long, and another index follows: so none does.
     */
    public static INDArray interval(INDArray array, int axis, long begin, long end) {
        int last = array.rank() - 1;
        INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[last] = NDArrayIndex.interval(begin, end);
        return array.swapAxes(axis, last).get(indices).swapAxes(axis, last);
    }
}
