package io.github.dl4jx.onednn;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What DL4J's layers that convolve have in common: from the input to the activations, and back. */
final class ConvolutionPass {
    private final Port port;
    private final PreActivations preActivations;
    private final Images images = new Images();

    /** A layer's convolution with its present weights. All images have their channels last. */
    interface Convolution {
        /** [n, channels, height, width] of the result. */
        long[] outShape();

        /** Fills z, or with max(0, z) if it is to be rectified. */
        void forward(INDArray x, INDArray z, boolean rectified, boolean training, WorkingMemory memory);

        /** Fills the gradients of the parameters, and that at the input if it is not null. */
        void backward(INDArray x, INDArray delta, @Nullable INDArray gradient, WorkingMemory memory);
    }

    ConvolutionPass(ConvolutionLayer conf, Wiring wiring) {
        port = new Port(wiring, conf.getCnn2dDataFormat());
        preActivations = new PreActivations(
                new Nonlinearity(conf.getActivationFn(), conf.getCnn2dDataFormat() == CNN2DFormat.NHWC));
    }

    /** An array of the layer's format as [n, c, h, w]. */
    INDArray view(INDArray array) {
        return port.view(array);
    }

    INDArray activate(INDArray input, boolean training, LayerWorkspaceMgr manager, Convolution convolution) {
        WorkingMemory memory = WorkingMemory.forwards(manager);
        INDArray z = create(manager, ArrayType.ACTIVATIONS, convolution.outShape());
        boolean rectified = preActivations.canBeAppended(training, port.outputStays());
        convolution.forward(port.in(input, memory), z, rectified, training, memory);
        if (rectified) {
            preActivations.activated(z, input, training);
            return port.out(z, memory);
        }
        INDArray a = preActivations.activate(
                z, input, training, () -> create(manager, ArrayType.ACTIVATIONS, convolution.outShape()), memory);
        return port.out(images.channelsLast(a, ArrayType.ACTIVATIONS, memory), memory);
    }

    /** The gradient at the input; null if nobody will read it. */
    @Nullable
    INDArray backprop(INDArray input, INDArray epsilon, LayerWorkspaceMgr manager, Convolution convolution) {
        WorkingMemory memory = WorkingMemory.backwards(manager);
        INDArray x = port.in(input, memory);
        INDArray delta = preActivations.backprop(
                port.in(epsilon, memory),
                input,
                () -> {
                    INDArray z = create(manager, memory.type(), convolution.outShape());
                    convolution.forward(x, z, false, true, memory);
                    return z;
                },
                () -> create(manager, memory.type(), convolution.outShape()),
                memory);
        INDArray gradient = port.gradientUnread() ? null : port.newGradient(manager, x.shape());
        convolution.backward(x, images.channelsLast(delta, memory.type(), memory), gradient, memory);
        return gradient == null ? null : port.gradient(gradient, memory);
    }

    private static INDArray create(LayerWorkspaceMgr manager, ArrayType type, long... shape) {
        return Images.create(manager, type, shape[0], shape[1], shape[2], shape[3]);
    }

    void clear() {
        preActivations.clear();
    }
}
