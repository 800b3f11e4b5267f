package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Require;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An initialiser of this pack. Instances are immutable. It draws from {@code Nd4j.getRandom()}, which DL4J seeds with the
 * network's seed, and believes the fans that DL4J passes; for depthwise, separable, recurrent and embedding layers those
 * are not the true ones.
 *
 * <p>{@link #toString()} is the specification that {@link Initializers#get} turns back into an equal instance. Class and
 * field names are the format of saved models.
 */
public abstract class NamedInitializer implements IWeightInit {
    private static final long serialVersionUID = 1L;

    /**
     * Fills the weights of one layer.
     *
     * @param fanIn inputs of a unit, &gt; 0, not necessarily whole
     * @param fanOut outputs that a unit feeds, &gt; 0, not necessarily whole
     * @param shape of the weights
     * @param order of the weights, {@code 'c'} or {@code 'f'}
     * @param paramView the memory to fill
     * @return {@code paramView} in that shape and order
     * @throws IllegalArgumentException if a fan is not positive
     */
    @Override
    public final INDArray init(double fanIn, double fanOut, long[] shape, char order, INDArray paramView) {
        Require.positive("fanIn", fanIn);
        Require.positive("fanOut", fanOut);
        INDArray weights = paramView.reshape(order, shape);
        fill(fanIn, fanOut, weights);
        return weights;
    }

    /** Overwrites {@code weights}, a view of the parameters in the layer's shape and order. */
    abstract void fill(double fanIn, double fanOut, INDArray weights);

    /** The catalogue name with every parameter: {@code he(distribution=normal, fan=in, slope=0.0)}. */
    @Override
    public abstract String toString();

    @Override
    @SuppressWarnings("EqualsGetClass") // two classes are two distributions, whatever they are called
    public final boolean equals(@Nullable Object other) {
        return other != null && getClass() == other.getClass() && toString().equals(other.toString());
    }

    @Override
    public final int hashCode() {
        return toString().hashCode();
    }
}
