package io.github.dl4jx.activations.layer;

import io.github.dl4jx.activations.formula.Ops;
import io.github.dl4jx.activations.formula.Views;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.Max;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Maxout: the maximum of k affine pieces. The layer before computes the pieces, this one takes the maximum over each k
 * adjacent channels, so that k·m channels become m.
 *
 * <pre>
 * f(x)_i  = max over j = 0..k−1 of x_(k·i + j)
 * dL/dx_c = g_i for the largest of its group, the first one on ties; else 0
 * </pre>
 *
 * <p>A maxout of m units, dense and convolutional; the layer before has identity activation and k·m outputs:
 *
 * <pre>{@code
 * .layer(new DenseLayer.Builder().nOut(k * m).activation(Activation.IDENTITY).build())
 * .layer(new Maxout.Builder().pieces(k).build())
 *
 * .layer(new ConvolutionLayer.Builder(3, 3).nOut(k * m).activation(Activation.IDENTITY).build())
 * .layer(new Maxout.Builder().pieces(k).build())
 * }</pre>
 *
 * <p>Range (−∞, ∞). Input is feed-forward, recurrent or convolutional, in either format; flattened images are rows of
 * features. Without an input type the channels are on axis 1. Input of another shape, or with a number of channels
 * that k does not divide, gets an {@link IllegalArgumentException}. Goodfellow et al., <i>Maxout networks</i>,
 * arXiv:1302.4389.
 */
public final class Maxout extends ParameterFreeLayer {
    /** k where none is given. */
    public static final int DEFAULT_PIECES = 2;

    private static final long serialVersionUID = 1L;

    static final Entry<Layer> ENTRY = Entry.<Layer>of("maxout", Maxout.class, a -> new Builder()
                    .pieces(a.number("pieces"))
                    .build())
            .parameter(Parameter.number("pieces", DEFAULT_PIECES, "a whole number >= 1"))
            .formula("max over each group of k = pieces adjacent channels")
            .derivative("1 for the largest of the group, the first one on ties, else 0")
            .range("(-inf, inf)")
            .source("Goodfellow et al. 2013, arXiv:1302.4389")
            .build();

    @JsonProperty
    private int pieces = DEFAULT_PIECES;

    private Maxout() {}

    private Maxout(Builder builder) {
        super(builder);
        pieces = builder.pieces;
        initializeConstraints(builder);
    }

    /** k. */
    public int getPieces() {
        return pieces;
    }

    @Override
    ParameterFreeRuntime runtime(NeuralNetConfiguration conf, DataType dataType) {
        return new Running(conf, dataType, pieces);
    }

    @Override
    long outputChannels(long channels) {
        if (channels % pieces != 0) {
            throw new IllegalArgumentException(
                    "channels of the input are " + channels + "; valid: a multiple of pieces, " + pieces);
        }
        return channels / pieces;
    }

    @Override
    public String toString() {
        return "maxout(pieces=" + (double) pieces + ")";
    }

    private static final class Running extends ParameterFreeRuntime {
        private static final long serialVersionUID = 1L;
        private final int pieces;

        Running(NeuralNetConfiguration conf, DataType dataType, int pieces) {
            super(conf, dataType);
            this.pieces = pieces;
        }

        @Override
        INDArray value(INDArray x, int axis, boolean training, LayerWorkspaceMgr workspaceMgr) {
            return largest(pieces(x, axis));
        }

        @Override
        INDArray gradient(INDArray x, INDArray g, int axis) {
            List<INDArray> values = pieces(x, axis);
            INDArray y = largest(values);
            INDArray free = y.ulike().assign(1); // 1 where no piece before was the largest
            INDArray[] gradients = new INDArray[pieces];
            for (int j = 0; j < pieces; j++) {
                INDArray chosen = Ops.above(y.sub(values.get(j)), 0).rsubi(1).muli(free);
                free.subi(chosen);
                gradients[j] = chosen.muli(g);
            }
            return Nd4j.stack(axis + 1, gradients).reshape('c', x.shape());
        }

        /** The j-th channels of all groups, for each j: new arrays. */
        private List<INDArray> pieces(INDArray x, int axis) {
            long[] shape = x.shape();
            long[] grouped = new long[shape.length + 1];
            System.arraycopy(shape, 0, grouped, 0, axis);
            grouped[axis] = shape[axis] / pieces;
            grouped[axis + 1] = pieces;
            System.arraycopy(shape, axis + 1, grouped, axis + 2, shape.length - axis - 1);
            INDArray groups = x.reshape('c', grouped);
            long[] piece = shape.clone();
            piece[axis] = grouped[axis];
            List<INDArray> all = new ArrayList<>();
            for (int j = 0; j < pieces; j++) {
                all.add(Views.interval(groups, axis + 1, j, j + 1L).dup('c').reshape('c', piece));
            }
            return all;
        }

        /** A new array; a NaN anywhere in a group makes its maximum NaN. */
        private static INDArray largest(List<INDArray> values) {
            INDArray y = values.get(0).dup();
            for (INDArray next : values.subList(1, values.size())) {
                Nd4j.exec(new Max(next, y, y)); // keeps NaN of y
                y.addi(Ops.zeroUnlessNan(next.dup()));
            }
            return y;
        }
    }

    /** Collects the settings: two pieces. */
    @SuppressWarnings("unchecked") // DL4J declares build() with a free type variable
    public static final class Builder extends ParameterFreeLayer.Builder<Builder> {
        private int pieces = DEFAULT_PIECES;

        /**
         * How many adjacent channels the maximum is taken over.
         *
         * @param k a number ≥ 1
         * @throws IllegalArgumentException if it is below
         */
        public Builder pieces(int k) {
            return pieces((double) k);
        }

        private Builder pieces(double k) {
            if (!(k >= 1 && k <= Integer.MAX_VALUE && k == Math.rint(k))) {
                throw new IllegalArgumentException("pieces is " + k + "; valid: a whole number >= 1");
            }
            pieces = (int) k;
            return this;
        }

        /** The layer. */
        @Override
        public Maxout build() {
            return new Maxout(this);
        }
    }
}
