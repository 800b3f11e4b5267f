package io.github.dl4jx.onednn;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * M2.1's batch normalisation helper, made safe. A null result sends the layer to its built-in code.
 *
 * <ul>
 *   <li>The native operation misreads arrays that are not dense in c order: they are copied first.
 *   <li>It works on training batches only. The helper's backward pass always uses the mean and variance of the last
 *       training batch; a layer in inference mode that is still asked for gradients, as {@code FrozenLayerWithBackprop}
 *       does, would get a stale result or a NullPointerException.
 *   <li>A rank 2 input of a layer set to NHWC arrives here with its channels on the wrong axis: it is left alone.
 * </ul>
 */
final class BatchNorm extends MKLDNNBatchNormHelper {
    private boolean forwardDone;

    BatchNorm() {
        super(DataType.FLOAT);
    }

    @Override
    public @Nullable INDArray preOutput(
            INDArray x,
            boolean training,
            long[] shape,
            INDArray gamma,
            INDArray beta,
            INDArray mean,
            INDArray var,
            double decay,
            double eps,
            CNN2DFormat format,
            LayerWorkspaceMgr manager) {
        int channelAxis = format == CNN2DFormat.NCHW ? 1 : 3;
        forwardDone = training && x.size(channelAxis) == mean.length();
        if (!forwardDone) {
            return null;
        }
        INDArray in = Strides.rowMajor(x, ArrayType.FF_WORKING_MEM, manager);
        return super.preOutput(in, true, shape, gamma, beta, mean, var, decay, eps, format, manager);
    }

    @Override
    public @Nullable Pair<Gradient, INDArray> backpropGradient(
            INDArray input,
            INDArray epsilon,
            long[] shape,
            INDArray gamma,
            INDArray beta,
            INDArray gammaGradView,
            INDArray betaGradView,
            double eps,
            CNN2DFormat format,
            LayerWorkspaceMgr manager) {
        if (!forwardDone) {
            return null;
        }
        return super.backpropGradient(
                Strides.rowMajor(input, ArrayType.BP_WORKING_MEM, manager),
                Strides.rowMajor(epsilon, ArrayType.BP_WORKING_MEM, manager),
                shape,
                gamma,
                beta,
                gammaGradView,
                betaGradView,
                eps,
                format,
                manager);
    }
}
