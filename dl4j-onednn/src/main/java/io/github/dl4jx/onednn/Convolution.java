package io.github.dl4jx.onednn;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * M2.1's convolution helper, made safe for NHWC and spared every second forward pass.
 *
 * <p>With NHWC data the native operation reads an array that is not dense in c order with the wrong strides: it returns
 * nonsense, or reads outside the array and kills the virtual machine. Such arrays are common. {@code
 * images.permute(0, 2, 3, 1)} is one, and so is what {@code Activation.RELU} hands back in an NHWC layer. They are copied
 * first. NCHW arrays of any layout are read correctly.
 *
 * <p>An activation overwrites the pre-activations that its backward pass needs, so a layer convolves once more there,
 * unless it has kept them, as it does with a {@code CacheMode}. A copy costs a fraction of a convolution: each training
 * pass leaves one in the layer, for the backward pass that follows.
 */
final class Convolution extends MKLDNNConvHelper {
    private final PrivateField<INDArray> kept;

    /** Outside of workspaces; used again as long as the shape stays. */
    private @Nullable INDArray copy;

    /** For this layer. */
    Convolution(Layer layer) {
        super(DataType.FLOAT);
        kept = new PrivateField<>(layer, org.deeplearning4j.nn.layers.AbstractLayer.class, "preOutput");
    }

    @Override
    public INDArray preOutput(
            INDArray input,
            INDArray weights,
            @Nullable INDArray bias,
            int[] kernel,
            int[] strides,
            int[] pad,
            ConvolutionLayer.AlgoMode mode,
            ConvolutionLayer.FwdAlgo fwdAlgo,
            ConvolutionMode convolutionMode,
            int[] dilation,
            CNN2DFormat format,
            LayerWorkspaceMgr manager) {
        INDArray in = format == CNN2DFormat.NHWC ? Strides.rowMajor(input, ArrayType.FF_WORKING_MEM, manager) : input;
        return super.preOutput(
                in, weights, bias, kernel, strides, pad, mode, fwdAlgo, convolutionMode, dilation, format, manager);
    }

    /** Between the convolution and the activation of a forward pass; the one place where a helper is told which it is. */
    @Override
    public INDArray activate(INDArray z, IActivation activation, boolean training) {
        kept.set(training ? copyOf(z) : null);
        return super.activate(z, activation, training);
    }

    private INDArray copyOf(INDArray z) {
        INDArray held = copy;
        if (held == null || !Arrays.equals(held.shape(), z.shape()) || !Arrays.equals(held.stride(), z.stride())) {
            held = Nd4j.createUninitializedDetached(z.dataType(), z.ordering(), z.shape());
            copy = held;
        }
        return held.assign(z);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray input,
            INDArray weights,
            @Nullable INDArray bias,
            INDArray delta,
            int[] kernel,
            int[] strides,
            int[] pad,
            @Nullable INDArray biasGradView,
            INDArray weightGradView,
            IActivation activation,
            ConvolutionLayer.AlgoMode mode,
            ConvolutionLayer.BwdFilterAlgo filterAlgo,
            ConvolutionLayer.BwdDataAlgo dataAlgo,
            ConvolutionMode convolutionMode,
            int[] dilation,
            CNN2DFormat format,
            LayerWorkspaceMgr manager) {
        kept.set(null);
        boolean nhwc = format == CNN2DFormat.NHWC;
        return super.backpropGradient(
                nhwc ? Strides.rowMajor(input, ArrayType.BP_WORKING_MEM, manager) : input,
                weights,
                bias,
                nhwc ? Strides.rowMajor(delta, ArrayType.BP_WORKING_MEM, manager) : delta,
                kernel,
                strides,
                pad,
                biasGradView,
                weightGradView,
                activation,
                mode,
                filterAlgo,
                dataAlgo,
                convolutionMode,
                dilation,
                format,
                manager);
    }
}
