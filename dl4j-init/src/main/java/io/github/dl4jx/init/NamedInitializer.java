package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Require;
import java.util.List;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An initialiser of this pack. Instances are immutable. It draws from {@code Nd4j.getRandom()}, which DL4J seeds with the
 * network's seed, and believes the fans that DL4J passes. Those are the true ones for dense, output, {@code SimpleRnn},
 * two- and three-dimensional convolutional layers. Elsewhere DL4J M2.1 says something else:
 *
 * <pre>
 * layer                     fan-in passed    true     fan-out passed     true
 * Convolution1DLayer        nIn·k or nIn·k²  nIn·k    as fan-in          nOut·k/stride
 * DepthwiseConvolution2D    nIn·k²           k²       mult·k²/stride²    the same
 * SeparableConvolution2D    nIn·k²           k²       mult·k²/stride²    the same
 *   its pointwise weights   mult·nIn         the same mult·nIn           nOut
 * Deconvolution2D, 3D       nIn·k^d          nIn·k^d/stride^d            nOut·k^d/stride^d  nOut·k^d
 * LSTM, GravesLSTM, W       n                nIn      nIn + n            n, of each gate
 *   RW                      n                the same nIn + n            n, of each gate
 * EmbeddingLayer            1                1, for it looks one row up, though papers that feed it vectors count nIn
 * </pre>
 *
 * {@link Initializers#apply(org.deeplearning4j.nn.multilayer.MultiLayerNetwork, IWeightInit)} draws the weights of a
 * network anew by the true ones.
 *
 * <p>Weights of {@code Convolution1DLayer}, [nOut, nIn, k, 1] by their shape, lie in memory as [k, nIn, nOut]; initialisers
 * to which it matters which weights make a unit fill them so. With k = 1 they look like those of a 1×1 convolution, and
 * {@code apply} alone can tell.
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
     * @throws IllegalArgumentException if a fan is not positive, or if the weights have no meaning to this initialiser
     */
    @Override
    public final INDArray init(double fanIn, double fanOut, long[] shape, char order, INDArray paramView) {
        Require.positive("fanIn", fanIn);
        Require.positive("fanOut", fanOut);
        INDArray weights = paramView.reshape(order, shape);
        for (INDArray part : parts(fanIn, fanOut, weights)) {
            if (part == weights) {
                fill(fanIn, fanOut, part);
            } else {
                fillView(fanIn, fanOut, part);
            }
        }
        return weights;
    }

    /** Overwrites {@code view}, which may be neither dense in memory nor in the order that an initialiser fills, by a copy. */
    final void fillView(double fanIn, double fanOut, INDArray view) {
        INDArray drawn = Nd4j.createUninitialized(view.dataType(), view.shape(), order(view));
        fill(fanIn, fanOut, drawn);
        view.assign(drawn);
    }

    /** In which DL4J has weights of that rank. */
    static char order(INDArray weights) {
        return weights.rank() == 2 ? DEFAULT_WEIGHT_INIT_ORDER : 'c';
    }

    /**
     * What {@link #fill} is given one by one: views of {@code weights}.
     *
     * @throws IllegalArgumentException if these weights have no meaning to this initialiser
     */
    List<INDArray> parts(double fanIn, double fanOut, INDArray weights) {
        return List.of(weights);
    }

    /**
     * Overwrites {@code weights}. Where {@link #parts} was asked or the layer is known, these are dense, [inputs, units], or
     * convolutional, [units, channels, k...].
     */
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
