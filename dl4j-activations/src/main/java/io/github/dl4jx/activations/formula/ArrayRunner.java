package io.github.dl4jx.activations.formula;

import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs a function over an array under DL4J's in-place contract: the input is overwritten and returned, the upstream
 * gradient is only read. The function is made of ND4J operations, so it runs on every backend, in every layout and type, and takes its temporaries from the current
 * workspace.
 */
public final class ArrayRunner {
    private ArrayRunner() {}

    /**
     * Overwrites {@code in} with f(in).
     *
     * @param value computes f; it may overwrite its argument, and returns the result, in that array or another
     * @return {@code in}
     */
    public static INDArray forward(UnaryOperator<INDArray> value, INDArray in) {
        return in.isEmpty() ? in : overwrite(in, value.apply(computable(in)));
    }

    /**
     * Overwrites {@code in} with f′(in)·epsilon.
     *
     * @param gradient computes f′(x)·epsilon from both; it may overwrite the first
     * @return {@code in}
     * @throws IllegalArgumentException if the shapes differ
     */
    public static INDArray backward(BinaryOperator<INDArray> gradient, INDArray in, INDArray epsilon) {
        requireSameShape(in, epsilon);
        return in.isEmpty() ? in : overwrite(in, gradient.apply(computable(in), computable(epsilon)));
    }

    /**
     * Checks that the upstream gradient belongs to the input.
     *
     * @throws IllegalArgumentException if the shapes differ
     */
    public static void requireSameShape(INDArray in, INDArray epsilon) {
        requireSameShape(in, "epsilon", epsilon);
    }

    /** The same of another array. */
    public static void requireSameShape(INDArray in, String name, INDArray other) {
        if (!in.equalShapes(other)) {
            throw new IllegalArgumentException(name + " has shape " + Arrays.toString(other.shape())
                    + "; valid: the shape of the input, " + Arrays.toString(in.shape()));
        }
    }

    /** The array itself, or for the 16-bit types a float copy: intermediate results would not survive their range. */
    public static INDArray computable(INDArray array) {
        return array.dataType() == DataType.FLOAT16 || array.dataType() == DataType.BFLOAT16
                ? array.castTo(DataType.FLOAT)
                : array;
    }

    /** Puts {@code result} into {@code in}, unless it is there already. */
    public static INDArray overwrite(INDArray in, INDArray result) {
        return result == in ? in : in.assign(result);
    }
}
