package io.github.dl4jx.onednn;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J's pooling layer on oneDNN. */
final class DnnPooling extends SubsamplingLayer {
    private static final long serialVersionUID = 1L;

    private final transient Port port;
    private final transient Pooler pooler = new Pooler();

    DnnPooling(NeuralNetConfiguration conf, Wiring wiring) {
        super(conf, DataType.FLOAT);
        port = new Port(wiring, layerConf().getCnn2dDataFormat());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
        if (input == null || input.rank() != 4) {
            return super.activate(training, manager); // says what is wrong
        }
        WorkingMemory memory = WorkingMemory.forwards(manager);
        return port.out(pooler.activate(key(), port.in(input, memory), input, training, memory), memory);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr manager) {
        assertInputSet(true);
        WorkingMemory memory = WorkingMemory.backwards(manager);
        INDArray gradient = null;
        if (!port.gradientUnread()) {
            INDArray x = port.in(input, memory);
            INDArray own = port.newGradient(manager, x.shape());
            pooler.backprop(key(), x, input, port.in(epsilon, memory), own, memory);
            gradient = port.gradient(own, memory);
        }
        return new Pair<>(new DefaultGradient(), gradient);
    }

    private PoolingPlan.Key key() {
        INDArray x = port.view(input);
        PoolingPlan.Kind kind = layerConf().getPoolingType() == PoolingType.MAX
                ? PoolingPlan.Kind.MAX
                : layerConf().isAvgPoolIncludePadInDivisor()
                        ? PoolingPlan.Kind.AVERAGE_OF_WINDOW
                        : PoolingPlan.Kind.AVERAGE_OF_PIXELS;
        return new PoolingPlan.Key(
                ConvolutionShape.of(
                        x,
                        x.size(1),
                        layerConf().getKernelSize(),
                        layerConf().getStride(),
                        layerConf().getPadding(),
                        layerConf().getDilation(),
                        convolutionMode,
                        1,
                        false),
                kind);
    }

    @Override
    public void clear() {
        super.clear();
        pooler.clear();
    }
}
