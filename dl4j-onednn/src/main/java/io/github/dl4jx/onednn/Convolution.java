package io.github.dl4jx.onednn;

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

/**
 * M2.1's convolution helper, made safe for NHWC.
 *
 * <p>With NHWC data the native operation reads an array that is not dense in c order with the wrong strides: it returns
 * nonsense, or reads outside the array and kills the virtual machine. Such arrays are common. {@code
 * images.permute(0, 2, 3, 1)} is one, and so is what {@code Activation.RELU} hands back in an NHWC layer. They are copied
 * first. NCHW arrays of any layout are read correctly.
 */
final class Convolution extends MKLDNNConvHelper {
    Convolution() {
        super(DataType.FLOAT);
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
