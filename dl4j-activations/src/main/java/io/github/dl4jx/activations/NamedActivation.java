package io.github.dl4jx.activations;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An activation of this pack. Instances are immutable and hold no state of a call: one instance serves all layers,
 * clones and threads.
 *
 * <p>NaN stays NaN in f and disturbs no other element; the derivative at NaN is NaN too, or for piecewise linear
 * functions that of one of the pieces.
 *
 * <p>{@link #toString()} is the specification that {@link Activations#get} turns back into an equal instance. Class and
 * field names are the format of saved models.
 */
public abstract class NamedActivation extends BaseActivationFunction {
    private static final long serialVersionUID = 1L;

    /**
     * Overwrites {@code in} with f(in).
     *
     * @param in pre-activations of any shape, order and floating-point type
     * @param training ignored: training and inference compute the same
     * @return {@code in}
     */
    @Override
    public abstract INDArray getActivation(INDArray in, boolean training);

    /**
     * Overwrites {@code in} with the gradient with respect to it.
     *
     * @param in the pre-activations that {@link #getActivation} was given
     * @param epsilon the upstream gradient, of the same shape; only read
     * @return {@code in} and no parameter gradient
     * @throws IllegalArgumentException if the shapes differ
     */
    @Override
    public abstract Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon);

    /** The catalogue name with every parameter: {@code swish(beta=1.0)}. */
    @Override
    public abstract String toString();

    @Override
    @SuppressWarnings("EqualsGetClass") // two classes are two functions, whatever they are called
    public final boolean equals(@Nullable Object other) {
        return other != null
                && getClass() == other.getClass()
                && toString().equals(other.toString())
                && computesAs((NamedActivation) other);
    }

    /** Whether another instance of the same class and text computes the same. */
    boolean computesAs(NamedActivation other) {
        return true;
    }

    @Override
    public final int hashCode() {
        return toString().hashCode();
    }
}
