package io.github.dl4jx.onednn;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.pooling.GlobalPoolingLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J's global pooling of images on oneDNN; sequences, volumes and masks run as DL4J has them. */
final class DnnGlobalPooling extends GlobalPoolingLayer {
    private static final long serialVersionUID = 1L;

    private final transient Port port;
    private final transient Pooler pooler = new Pooler();

    DnnGlobalPooling(NeuralNetConfiguration conf, Wiring wiring, CNN2DFormat format) {
        super(conf, DataType.FLOAT);
        port = new Port(wiring, format);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
        PoolingPlan.Key key = key();
        if (key == null) {
            return super.activate(training, manager);
        }
        WorkingMemory memory = WorkingMemory.forwards(manager);
        INDArray y = pooler.activate(key, port.in(input, memory), input, training, memory);
        return layerConf().isCollapseDimensions() ? y.reshape('c', y.size(0), y.size(1)) : y;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr manager) {
        PoolingPlan.Key key = key();
        if (key == null) {
            return super.backpropGradient(epsilon, manager);
        }
        WorkingMemory memory = WorkingMemory.backwards(manager);
        INDArray x = port.in(input, memory);
        INDArray upstream = epsilon.castTo(DataType.FLOAT).dup('c').reshape('c', x.size(0), x.size(1), 1, 1);
        INDArray gradient = port.newGradient(manager, x.shape());
        pooler.backprop(key, x, input, upstream, gradient, memory);
        return new Pair<>(new DefaultGradient(), port.gradient(gradient, memory));
    }

    /** Null if DL4J's own code is to run. */
    private PoolingPlan.@Nullable Key key() {
        if (input == null || input.rank() != 4 || maskArray != null) {
            return null;
        }
        INDArray x = port.view(input);
        int height = (int) x.size(2);
        int width = (int) x.size(3);
        return new PoolingPlan.Key(
                new ConvolutionShape(
                        x.size(0), x.size(1), height, width, x.size(1), 1, 1, height, width, 1, 1, 1, 1, 0, 0, 1,
                        false),
                layerConf().getPoolingType() == PoolingType.MAX
                        ? PoolingPlan.Kind.MAX
                        : PoolingPlan.Kind.AVERAGE_OF_PIXELS);
    }

    @Override
    public void clear() {
        super.clear();
        pooler.clear();
    }
}
