package io.github.dl4jx.onednn;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer that convolves once, at the shape of its present input. */
record SingleConvolution(ConvolutionPlan plan, LayerParameters parameters) implements ConvolutionPass.Convolution {
    @Override
    public long[] outShape() {
        return plan.shape().out();
    }

    @Override
    public void forward(INDArray x, INDArray z, boolean rectified, boolean training, WorkingMemory memory) {
        INDArray bias = parameters.bias(training, memory); // first, as DL4J draws its noise
        INDArray weights = parameters.weights(LayerParameters.WEIGHTS, training, memory);
        plan.forward(x, weights, bias, z, rectified, memory);
    }

    @Override
    public void backward(INDArray x, INDArray delta, @Nullable INDArray gradient, WorkingMemory memory) {
        plan.backward(
                x,
                delta,
                parameters.weights(LayerParameters.WEIGHTS, true, memory),
                parameters.gradient(LayerParameters.WEIGHTS),
                parameters.biasGradient(),
                gradient,
                memory);
    }
}
