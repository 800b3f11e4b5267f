package io.github.dl4jx.activations.layer;

import io.github.dl4jx.activations.formula.Ops;
import io.github.dl4jx.activations.formula.Views;
import io.github.dl4jx.catalogue.Entry;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Concatenated rectified linear unit: both halves of the input, one behind the other, so that C channels become 2C.
 *
 * <pre>
 * f(x)  = concat(max(x, 0), max(−x, 0))           over the channels
 * dL/dx = g₁ for x &gt; 0, −g₂ for x &lt; 0, 0 at the kink     g = concat(g₁, g₂)
 * </pre>
 *
 * <p>Behind a layer with identity activation. Range [0, ∞). Input is feed-forward, recurrent or convolutional, in
 * either format; flattened images are rows of features. Without an input type the channels are on axis 1. Input of
 * another shape gets an {@link IllegalArgumentException}. Shang et al., <i>Understanding and improving convolutional
 * neural networks via concatenated rectified linear units</i>, arXiv:1603.05201.
 */
public final class CReLU extends ParameterFreeLayer {
    private static final long serialVersionUID = 1L;

    static final Entry<Layer> ENTRY = Entry.<Layer>of("crelu", CReLU.class, a -> new Builder().build())
            .formula("concat(max(x, 0), max(-x, 0)) over the channels")
            .derivative("g1 for x > 0, -g2 for x < 0, 0 at 0, (g1, g2) the upstream gradient")
            .range("[0, inf)")
            .kinks(0)
            .source("Shang et al. 2016, arXiv:1603.05201")
            .build();

    private CReLU() {}

    private CReLU(Builder builder) {
        super(builder);
        initializeConstraints(builder);
    }

    @Override
    ParameterFreeRuntime runtime(NeuralNetConfiguration conf, DataType dataType) {
        return new Running(conf, dataType);
    }

    @Override
    long outputChannels(long channels) {
        return 2 * channels;
    }

    @Override
    public String toString() {
        return "crelu";
    }

    private static final class Running extends ParameterFreeRuntime {
        private static final long serialVersionUID = 1L;

        Running(NeuralNetConfiguration conf, DataType dataType) {
            super(conf, dataType);
        }

        @Override
        INDArray value(INDArray x, int axis, boolean training, LayerWorkspaceMgr workspaceMgr) {
            return Nd4j.concat(axis, Ops.relu(x.dup()), Ops.relu(x.neg()));
        }

        @Override
        INDArray gradient(INDArray x, INDArray g, int axis) {
            long channels = x.size(axis);
            INDArray first = Views.interval(g, axis, 0, channels).dup();
            INDArray second = Views.interval(g, axis, channels, 2 * channels).dup();
            second.muli(Ops.above(x.neg(), 0));
            return first.muli(Ops.above(x.dup(), 0)).subi(second);
        }
    }

    /** Collects the settings. */
    @SuppressWarnings("unchecked") // DL4J declares build() with a free type variable
    public static final class Builder extends ParameterFreeLayer.Builder<Builder> {

        /** The layer. */
        @Override
        public CReLU build() {
            return new CReLU(this);
        }
    }
}
