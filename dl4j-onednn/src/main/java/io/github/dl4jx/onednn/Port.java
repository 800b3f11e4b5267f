package io.github.dl4jx.onednn;

import java.util.Collection;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer's way in and out: between the arrays that DL4J hands over and those that oneDNN is fast with. */
final class Port {
    private final Wiring wiring;
    private final boolean nhwc;
    private final Images images = new Images();

    Port(Wiring wiring, CNN2DFormat format) {
        this.wiring = wiring;
        nhwc = format == CNN2DFormat.NHWC;
    }

    /** An array of the layer's format as [n, c, h, w] and as floats; no copy of floats. */
    INDArray view(INDArray array) {
        INDArray floats = array.castTo(DataType.FLOAT);
        return nhwc ? Images.asChannelsFirst(floats) : floats;
    }

    /** What comes in, in either direction, as [n, c, h, w] with channels last. */
    INDArray in(INDArray array, WorkingMemory memory) {
        return images.channelsLast(view(array), memory.type(), memory);
    }

    /** Activations with channels last as the next layer wants them. */
    INDArray out(INDArray activations, WorkingMemory memory) {
        return out(activations, wiring.channelsLastOut(), ArrayType.ACTIVATIONS, memory);
    }

    /** A gradient with channels last as the layer before wants it. */
    INDArray gradient(INDArray gradient, WorkingMemory memory) {
        return out(gradient, wiring.channelsLastGradient(), ArrayType.ACTIVATION_GRAD, memory);
    }

    private INDArray out(INDArray array, boolean channelsLast, ArrayType type, WorkingMemory memory) {
        if (nhwc) {
            return Images.asChannelsLast(array);
        }
        return channelsLast ? array : images.rowMajor(array, type, memory);
    }

    /** A new array for {@link #gradient}. */
    INDArray newGradient(LayerWorkspaceMgr manager, long... shape) {
        return !nhwc && wiring.gradientSummed() && wiring.channelsLastGradient()
                ? SummedGradient.create(manager, shape[0], shape[1], shape[2], shape[3])
                : Images.create(manager, gradientType(shape), shape[0], shape[1], shape[2], shape[3]);
    }

    /** Working memory where {@link #gradient} makes a copy. */
    private ArrayType gradientType(long... shape) {
        boolean bothOrders = shape[1] == 1 || shape[2] * shape[3] == 1;
        return nhwc || wiring.channelsLastGradient() || bothOrders
                ? ArrayType.ACTIVATION_GRAD
                : ArrayType.BP_WORKING_MEM;
    }

    /** Whether this backward pass may leave out the gradient at the input. */
    boolean gradientUnread() {
        return wiring.gradientUnread() && Fit.isRunning();
    }

    /** Whether this forward pass may write into its input. */
    boolean inputIsFree(Collection<TrainingListener> listeners) {
        return wiring.inputFree() && !Listeners.look(listeners) && Fit.isRunning();
    }

    /** Whether what was handed over is still there, unchanged, in the backward pass. */
    boolean outputStays() {
        return wiring.outputStays();
    }
}
