package io.github.dl4jx.onednn;

import static org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY;
import static org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.SeparableConvolution2DLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's separable convolution on oneDNN: each channel by itself, then all of a pixel. What is between the two is computed
 * again in the backward pass, since the first costs little. What oneDNN has no fast code for runs as DL4J has it.
 */
final class DnnSeparableConvolution extends SeparableConvolution2DLayer {
    private static final long serialVersionUID = 1L;

    private final transient ConvolutionPass pass;
    private final transient LayerParameters parameters;
    private final transient Plans<ConvolutionShape, ConvolutionPlan> depthPlans;
    private final transient Plans<ConvolutionShape, ConvolutionPlan> pointPlans;

    /** @param reads what it rounds images and weights to before they are multiplied */
    DnnSeparableConvolution(NeuralNetConfiguration conf, Wiring wiring, DataType reads) {
        super(conf, DataType.FLOAT);
        depthPlans = plans(WeightOrder.SEPARABLE_DEPTH, reads);
        pointPlans = plans(WeightOrder.OUT_IN, reads);
        pass = new ConvolutionPass(layerConf(), wiring);
        parameters = new LayerParameters(this::getParamWithNoise, () -> gradientViews, hasBias());
    }

    private static Plans<ConvolutionShape, ConvolutionPlan> plans(WeightOrder order, DataType reads) {
        return new Plans<>(shape -> Plan.reading(reads, type -> new ConvolutionPlan(shape, order, type)));
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
        Present present = present();
        if (present == null) {
            return super.activate(training, manager);
        }
        applyDropOutIfNecessary(training, manager);
        return pass.activate(input, training, manager, present);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr manager) {
        Present present = present();
        if (present == null) {
            return super.backpropGradient(epsilon, manager);
        }
        INDArray gradient = pass.backprop(input, epsilon, manager, present);
        weightNoiseParams.clear();
        return new Pair<>(
                parameters.gradients(DEPTH_WISE_WEIGHT_KEY, POINT_WISE_WEIGHT_KEY),
                gradient == null ? null : backpropDropOutIfPresent(gradient));
    }

    /** For the present input; null if DL4J's own code is to run, or to say what is wrong with the input. */
    private @Nullable Present present() {
        INDArray depthWeights = getParam(DEPTH_WISE_WEIGHT_KEY);
        long in = depthWeights.size(1);
        int channels = layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC ? 3 : 1;
        if (input == null || input.rank() != 4 || input.size(channels) != in) {
            return null;
        }
        ConvolutionShape depth =
                ConvolutionShape.of(pass.view(input), layerConf(), in * depthWeights.size(0), in, false);
        ConvolutionShape point = depth.pointwise(getParam(POINT_WISE_WEIGHT_KEY).size(0), hasBias());
        ConvolutionPlan depthPlan = depthPlans.get(depth);
        ConvolutionPlan pointPlan = pointPlans.get(point);
        return depthPlan.isFast() && pointPlan.isFast() ? new Present(depthPlan, pointPlan) : null;
    }

    private final class Present implements ConvolutionPass.Convolution {
        private final ConvolutionPlan depthPlan;
        private final ConvolutionPlan pointPlan;

        Present(ConvolutionPlan depthPlan, ConvolutionPlan pointPlan) {
            this.depthPlan = depthPlan;
            this.pointPlan = pointPlan;
        }

        @Override
        public long[] outShape() {
            return pointPlan.shape().out();
        }

        @Override
        public void forward(INDArray x, INDArray z, boolean rectified, boolean training, WorkingMemory memory) {
            INDArray bias = parameters.bias(training, memory);
            INDArray weights = parameters.weights(POINT_WISE_WEIGHT_KEY, training, memory);
            pointPlan.forward(between(x, training, memory), weights, bias, z, rectified, memory);
        }

        private INDArray between(INDArray x, boolean training, WorkingMemory memory) {
            INDArray between = image(memory);
            depthPlan.forward(
                    x, parameters.weights(DEPTH_WISE_WEIGHT_KEY, training, memory), null, between, false, memory);
            return between;
        }

        private INDArray image(WorkingMemory memory) {
            long[] shape = depthPlan.shape().out();
            return Images.create(memory.manager(), memory.type(), shape[0], shape[1], shape[2], shape[3]);
        }

        @Override
        public void backward(INDArray x, INDArray delta, @Nullable INDArray gradient, WorkingMemory memory) {
            INDArray inner = image(memory);
            pointPlan.backward(
                    between(x, true, memory),
                    delta,
                    parameters.weights(POINT_WISE_WEIGHT_KEY, true, memory),
                    parameters.gradient(POINT_WISE_WEIGHT_KEY),
                    parameters.biasGradient(),
                    inner,
                    memory);
            depthPlan.backward(
                    x,
                    inner,
                    parameters.weights(DEPTH_WISE_WEIGHT_KEY, true, memory),
                    parameters.gradient(DEPTH_WISE_WEIGHT_KEY),
                    null,
                    gradient,
                    memory);
        }
    }

    @Override
    public void clear() {
        super.clear();
        pass.clear();
    }
}
