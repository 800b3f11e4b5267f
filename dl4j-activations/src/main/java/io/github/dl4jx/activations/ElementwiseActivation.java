package io.github.dl4jx.activations;

import io.github.dl4jx.activations.kernel.ArrayRunner;
import io.github.dl4jx.activations.kernel.BlockKernel;
import io.github.dl4jx.activations.kernel.Kernel;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An activation that maps each element by itself: y = f(x), dL/dx = f′(x)·g. A subclass says what f and f′ are; how they
 * run over an array is not its matter.
 */
public abstract class ElementwiseActivation extends NamedActivation {
    private static final long serialVersionUID = 1L;

    /**
     * f of each element, in ND4J operations.
     *
     * @param x float or double; may be overwritten, and may be a view: use operations, not its memory
     * @return the result, in {@code x} or another array of its shape
     */
    protected abstract INDArray value(INDArray x);

    /** f′ of each element, under the rules of {@link #value}. */
    protected abstract INDArray slope(INDArray x);

    /** f′(x)·epsilon, for functions of which one ND4J operation computes it; may overwrite {@code x} alone. */
    INDArray gradient(INDArray x, INDArray epsilon) {
        return slope(x).muli(epsilon);
    }

    /** f and f′ for the fused loops, which only the functions of this package have; null if there are none. */
    @Nullable
    Kernel kernel() {
        return null;
    }

    /** f and f′ in plain loops, under the same rules. */
    @Nullable
    BlockKernel blocks() {
        return null;
    }

    @Override
    public final INDArray getActivation(INDArray in, boolean training) {
        return ArrayRunner.forward(this::kernel, this::blocks, this::value, in);
    }

    @Override
    public final Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        return new Pair<>(ArrayRunner.backward(this::kernel, this::blocks, this::gradient, in, epsilon), null);
    }

    /**
     * Fills {@code out} with f(in), and leaves {@code in} as it is: what a copy and {@link #getActivation} would do, in
     * one pass over the memory.
     *
     * @param out another array of the same shape
     * @return {@code out}
     * @throws IllegalArgumentException if the shapes differ
     */
    public final INDArray activate(INDArray in, INDArray out) {
        return ArrayRunner.into(this::kernel, this::blocks, x -> getActivation(x, true), in, null, out);
    }

    /**
     * Fills {@code out} with f′(in)·epsilon, and leaves the others as they are.
     *
     * @param out another array of the same shape
     * @return {@code out}
     * @throws IllegalArgumentException if the shapes differ
     */
    public final INDArray backprop(INDArray in, INDArray epsilon, INDArray out) {
        ArrayRunner.requireSameShape(in, epsilon);
        return ArrayRunner.into(
                this::kernel, this::blocks, x -> backprop(x, epsilon).getFirst(), in, epsilon, out);
    }
}
