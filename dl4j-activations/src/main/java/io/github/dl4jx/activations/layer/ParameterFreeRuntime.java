package io.github.dl4jx.activations.layer;

import io.github.dl4jx.activations.formula.ArrayRunner;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link ParameterFreeLayer} over arrays. A subclass says what the function and its gradient are. */
abstract class ParameterFreeRuntime extends AbstractLayer<ParameterFreeLayer> {
    private static final long serialVersionUID = 1L;

    ParameterFreeRuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /**
     * The function, in ND4J operations.
     *
     * @param x float or double; only read
     * @param axis the axis of the channels
     * @param workspaceMgr for what must last until {@link #gradient}
     * @return a new array
     */
    abstract INDArray value(INDArray x, int axis, boolean training, LayerWorkspaceMgr workspaceMgr);

    /**
     * dL/dx, under the rules of {@link #value}.
     *
     * @param g the upstream gradient; only read
     */
    abstract INDArray gradient(INDArray x, INDArray g, int axis);

    @Override
    public final INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaceMgr);
        Layout.check(input, Sharing.CHANNEL, layerConf().getInputType());
        layerConf().outputChannels(input.size(axis()));
        INDArray y = value(computable(input), axis(), training, workspaceMgr);
        return workspaceMgr.leverageTo(ArrayType.ACTIVATIONS, y.castTo(dataType));
    }

    @Override
    public final Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        requireShapeOfOutput(epsilon);
        INDArray dx = gradient(computable(input), computable(epsilon), axis()).castTo(dataType);
        dx = workspaceMgr.leverageTo(ArrayType.ACTIVATION_GRAD, dx);
        return new Pair<>(new DefaultGradient(), backpropDropOutIfPresent(dx));
    }

    private void requireShapeOfOutput(INDArray epsilon) {
        long[] shape = input.shape().clone();
        shape[axis()] = layerConf().outputChannels(shape[axis()]);
        if (!Arrays.equals(shape, epsilon.shape())) {
            throw new IllegalArgumentException("epsilon has shape " + Arrays.toString(epsilon.shape())
                    + "; valid: the shape of the output, " + Arrays.toString(shape));
        }
    }

    private int axis() {
        return Layout.channelAxis(layerConf().getInputType());
    }

    /** In the type of the network, or in float for the 16-bit ones. */
    private INDArray computable(INDArray array) {
        return ArrayRunner.computable(array.castTo(dataType));
    }

    @Override
    public final boolean isPretrainLayer() {
        return false;
    }

    @Override
    public final void clearNoiseWeightParams() {
        // there are no weights
    }
}
