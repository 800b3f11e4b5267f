package io.github.dl4jx.onednn;

import static org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY;
import static org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY;

import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
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
    private final transient Plans<ConvolutionShape, ConvolutionPlan> depthPlans =
            new Plans<>(shape -> new ConvolutionPlan(shape, WeightOrder.SEPARABLE_DEPTH));
    private final transient Plans<ConvolutionShape, ConvolutionPlan> pointPlans =
            new Plans<>(shape -> new ConvolutionPlan(shape, WeightOrder.OUT_IN));

    DnnSeparableConvolution(NeuralNetConfiguration conf, Wiring wiring) {
        super(conf, DataType.FLOAT);
        pass = new ConvolutionPass(layerConf(), wiring);
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
        Gradient gradients = new DefaultGradient();
        if (hasBias()) {
            gradients.setGradientFor(BIAS_KEY, gradientView(BIAS_KEY));
        }
        gradients.setGradientFor(DEPTH_WISE_WEIGHT_KEY, gradientView(DEPTH_WISE_WEIGHT_KEY), 'c');
        gradients.setGradientFor(POINT_WISE_WEIGHT_KEY, gradientView(POINT_WISE_WEIGHT_KEY), 'c');
        weightNoiseParams.clear();
        return new Pair<>(gradients, gradient == null ? null : backpropDropOutIfPresent(gradient));
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
        return depthPlan.isFast() && pointPlan.isFast() ? new Present(depth, depthPlan, point, pointPlan) : null;
    }

    private final class Present implements ConvolutionPass.Convolution {
        private final ConvolutionShape depth;
        private final ConvolutionPlan depthPlan;
        private final ConvolutionShape point;
        private final ConvolutionPlan pointPlan;

        Present(ConvolutionShape depth, ConvolutionPlan depthPlan, ConvolutionShape point, ConvolutionPlan pointPlan) {
            this.depth = depth;
            this.depthPlan = depthPlan;
            this.point = point;
            this.pointPlan = pointPlan;
        }

        @Override
        public long[] outShape() {
            return point.out();
        }

        @Override
        public void forward(INDArray x, INDArray z, boolean training, WorkingMemory memory) {
            INDArray bias = hasBias() ? getParamWithNoise(BIAS_KEY, training, memory.manager()) : null;
            pointPlan.forward(
                    between(x, training, memory), weights(POINT_WISE_WEIGHT_KEY, training, memory), bias, z, memory);
        }

        private INDArray between(INDArray x, boolean training, WorkingMemory memory) {
            INDArray between = image(memory);
            depthPlan.forward(x, weights(DEPTH_WISE_WEIGHT_KEY, training, memory), null, between, memory);
            return between;
        }

        private INDArray image(WorkingMemory memory) {
            return Images.create(
                    memory.manager(),
                    memory.type(),
                    depth.n(),
                    depth.outChannels(),
                    depth.outHeight(),
                    depth.outWidth());
        }

        @Override
        public void backward(INDArray x, INDArray delta, @Nullable INDArray gradient, WorkingMemory memory) {
            pointPlan.backwardByWeights(
                    between(x, true, memory),
                    delta,
                    gradientView(POINT_WISE_WEIGHT_KEY),
                    hasBias() ? gradientView(BIAS_KEY) : null,
                    memory);
            INDArray inner = image(memory);
            pointPlan.backwardByData(delta, weights(POINT_WISE_WEIGHT_KEY, true, memory), inner, memory);
            depthPlan.backwardByWeights(x, inner, gradientView(DEPTH_WISE_WEIGHT_KEY), null, memory);
            if (gradient != null) {
                depthPlan.backwardByData(inner, weights(DEPTH_WISE_WEIGHT_KEY, true, memory), gradient, memory);
            }
        }

        private INDArray weights(String parameter, boolean training, WorkingMemory memory) {
            return Images.rows(getParamWithNoise(parameter, training, memory.manager()));
        }
    }

    private INDArray gradientView(String parameter) {
        return Objects.requireNonNull(gradientViews.get(parameter), parameter);
    }

    @Override
    public void clear() {
        super.clear();
        pass.clear();
    }
}
