package io.github.dl4jx.activations;

import io.github.dl4jx.activations.formula.ArrayRunner;
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

    /** Overwrites {@code in} with f(in). */
    INDArray forward(INDArray in) {
        return ArrayRunner.forward(this::value, in);
    }

    /** Overwrites {@code in} with f′(in)·epsilon. */
    INDArray backward(INDArray in, INDArray epsilon) {
        return ArrayRunner.backward(this::gradient, in, epsilon);
    }

    /** Fills {@code out} with f(in), or with f′(in)·epsilon if there is an upstream gradient. */
    INDArray into(INDArray in, @Nullable INDArray epsilon, INDArray out) {
        ArrayRunner.requireSameShape(in, "out", out);
        return in.isEmpty() ? out : inPlace(out.assign(in), epsilon);
    }

    final INDArray inPlace(INDArray x, @Nullable INDArray epsilon) {
        return epsilon == null ? forward(x) : backward(x, epsilon);
    }

    @Override
    public final INDArray getActivation(INDArray in, boolean training) {
        return forward(in);
    }

    @Override
    public final Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        return new Pair<>(backward(in, epsilon), null);
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
        return into(in, null, out);
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
        return into(in, epsilon, out);
    }
}
