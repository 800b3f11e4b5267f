package io.github.dl4jx.activations.kernel;

import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs a function over an array under DL4J's in-place contract: the input is overwritten and returned, the upstream
 * gradient is only read. Where {@link Fused} can, it runs a kernel. Everywhere else the function is made of ND4J
 * operations, so it runs on every backend, in every layout and type, and takes its temporaries from the current
 * workspace.
 */
public final class ArrayRunner {
    private ArrayRunner() {}

    /**
     * Overwrites {@code in} with f(in).
     *
     * @param kernel f on vectors, or null where there is none; asked only if such kernels run here
     * @param blocks f in plain loops, or null where there is none; asked only if those run here
     * @param value computes f; it may overwrite its argument, and returns the result, in that array or another
     * @return {@code in}
     */
    public static INDArray forward(
            Supplier<@Nullable Kernel> kernel,
            Supplier<@Nullable BlockKernel> blocks,
            UnaryOperator<INDArray> value,
            INDArray in) {
        return !in.isEmpty() && Fused.forward(kernel, blocks, in) ? in : forward(value, in);
    }

    /** The same for a function that has no kernel. */
    public static INDArray forward(UnaryOperator<INDArray> value, INDArray in) {
        return in.isEmpty() ? in : overwrite(in, value.apply(computable(in)));
    }

    /**
     * Overwrites {@code in} with f′(in)·epsilon.
     *
     * @param kernel as in {@link #forward}
     * @param blocks as in {@link #forward}
     * @param gradient computes f′(x)·epsilon from both; it may overwrite the first
     * @return {@code in}
     * @throws IllegalArgumentException if the shapes differ
     */
    public static INDArray backward(
            Supplier<@Nullable Kernel> kernel,
            Supplier<@Nullable BlockKernel> blocks,
            BinaryOperator<INDArray> gradient,
            INDArray in,
            INDArray epsilon) {
        requireSameShape(in, epsilon);
        return in.isEmpty() || Fused.backward(kernel, blocks, in, epsilon)
                ? in
                : overwrite(in, gradient.apply(computable(in), computable(epsilon)));
    }

    /**
     * Fills {@code out} with f(in), or with f′(in)·epsilon if there is an upstream gradient, in one pass where the arrays
     * lie dense and alike.
     *
     * @param kernel as in {@link #forward}
     * @param blocks as in {@link #forward}
     * @param inPlace what overwrites its argument with the same
     * @return {@code out}
     */
    public static INDArray into(
            Supplier<@Nullable Kernel> kernel,
            Supplier<@Nullable BlockKernel> blocks,
            UnaryOperator<INDArray> inPlace,
            INDArray in,
            @Nullable INDArray epsilon,
            INDArray out) {
        requireSameShape(in, "out", out);
        return in.isEmpty() || Fused.into(kernel, blocks, in, epsilon, out) ? out : inPlace.apply(out.assign(in));
    }

    /**
     * Checks that the upstream gradient belongs to the input.
     *
     * @throws IllegalArgumentException if the shapes differ
     */
    public static void requireSameShape(INDArray in, INDArray epsilon) {
        requireSameShape(in, "epsilon", epsilon);
    }

    private static void requireSameShape(INDArray in, String name, INDArray other) {
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
