package io.github.dl4jx.onednn;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * DL4J's activation layer over the memory as it lies: images with channels last, or an array of any rank in the order of
 * its indices, as images in DL4J's NHWC are. One pass, where DL4J copies first; ReLU over what nobody else needs overwrites
 * it, which is a third of the memory that a network with batch normalisation keeps of a batch.
 */
final class DnnActivation extends ActivationLayer {
    private static final long serialVersionUID = 1L;

    private final transient Port port;
    private final transient Nonlinearity nonlinearity;

    DnnActivation(NeuralNetConfiguration conf, Wiring wiring) {
        super(conf, DataType.FLOAT);
        port = new Port(wiring, CNN2DFormat.NCHW); // NHWC is in the order of its indices
        nonlinearity = new Nonlinearity(layerConf().getActivationFn());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
        INDArray in = input;
        if (!canRunOver(in)) {
            return super.activate(training, manager);
        }
        WorkingMemory memory = WorkingMemory.forwards(manager);
        if (training && nonlinearity.isRectifier() && port.inputIsFree(getListeners())) {
            INDArray out = nonlinearity.activate(in, true, memory);
            return isRowMajor(in) ? out : port.out(out, memory);
        }
        if (isRowMajor(in)) {
            return nonlinearity.activate(in, rows(in, manager, ArrayType.ACTIVATIONS), training, memory);
        }
        INDArray out = Images.create(manager, ArrayType.ACTIVATIONS, in.size(0), in.size(1), in.size(2), in.size(3));
        return port.out(nonlinearity.activate(in, out, training, memory), memory);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr manager) {
        INDArray in = input;
        if (!canRunOver(in)) {
            return super.backpropGradient(epsilon, manager);
        }
        WorkingMemory memory = WorkingMemory.backwards(manager);
        if (isRowMajor(in)) {
            INDArray upstream = isRowMajor(epsilon) ? epsilon : manager.dup(memory.type(), epsilon, 'c');
            INDArray gradient = rows(in, manager, ArrayType.ACTIVATION_GRAD);
            return new Pair<>(
                    new DefaultGradient(), filled(gradient, nonlinearity.backprop(in, upstream, gradient, memory)));
        }
        INDArray gradient = port.newGradient(manager, in.shape());
        filled(gradient, nonlinearity.backprop(in, port.in(epsilon, memory), gradient, memory));
        return new Pair<>(new DefaultGradient(), port.gradient(gradient, memory));
    }

    /** The array, with what an activation returned elsewhere: identity the epsilon, one that is not ours anything. */
    private static INDArray filled(INDArray array, INDArray result) {
        return result == array ? array : array.assign(result);
    }

    private static INDArray rows(INDArray like, LayerWorkspaceMgr manager, ArrayType type) {
        return manager.createUninitialized(type, DataType.FLOAT, like.shape(), 'c');
    }

    private static boolean canRunOver(INDArray in) {
        return in != null
                && in.dataType() == DataType.FLOAT
                && (isRowMajor(in) || (in.rank() == 4 && Images.areChannelsLast(in)));
    }

    private static boolean isRowMajor(INDArray array) {
        return array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
    }
}
