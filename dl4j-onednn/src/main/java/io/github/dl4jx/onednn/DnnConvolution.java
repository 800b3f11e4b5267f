package io.github.dl4jx.onednn;

import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.WEIGHT_KEY;

import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J's convolution layer on oneDNN. What oneDNN has no fast code for runs as DL4J has it. */
final class DnnConvolution extends ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    private final transient ConvolutionPass pass;
    private final transient Plans<ConvolutionShape, ConvolutionPlan> plans =
            new Plans<>(shape -> new ConvolutionPlan(shape, WeightOrder.OUT_IN));

    DnnConvolution(NeuralNetConfiguration conf, Wiring wiring) {
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
        gradients.setGradientFor(WEIGHT_KEY, gradientView(WEIGHT_KEY), 'c');
        weightNoiseParams.clear();
        return new Pair<>(gradients, gradient == null ? null : backpropDropOutIfPresent(gradient));
    }

    /** For the present input; null if DL4J's own code is to run, or to say what is wrong with the input. */
    private @Nullable Present present() {
        INDArray weights = getParam(WEIGHT_KEY);
        int channels = layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC ? 3 : 1;
        if (input == null || input.rank() != 4 || input.size(channels) != weights.size(1)) {
            return null;
        }
        ConvolutionShape shape = ConvolutionShape.of(pass.view(input), layerConf(), weights.size(0), 1, hasBias());
        ConvolutionPlan plan = plans.get(shape);
        return plan.isFast() ? new Present(shape, plan) : null;
    }

    private final class Present implements ConvolutionPass.Convolution {
        private final ConvolutionShape shape;
        private final ConvolutionPlan plan;

        Present(ConvolutionShape shape, ConvolutionPlan plan) {
            this.shape = shape;
            this.plan = plan;
        }

        @Override
        public long[] outShape() {
            return shape.out();
        }

        @Override
        public void forward(INDArray x, INDArray z, boolean training, WorkingMemory memory) {
            INDArray bias = hasBias() ? getParamWithNoise(BIAS_KEY, training, memory.manager()) : null;
            plan.forward(x, weights(training, memory), bias, z, memory);
        }

        @Override
        public void backward(INDArray x, INDArray delta, @Nullable INDArray gradient, WorkingMemory memory) {
            plan.backwardByWeights(
                    x, delta, gradientView(WEIGHT_KEY), hasBias() ? gradientView(BIAS_KEY) : null, memory);
            if (gradient != null) {
                plan.backwardByData(delta, weights(true, memory), gradient, memory);
            }
        }

        private INDArray weights(boolean training, WorkingMemory memory) {
            return Images.rows(getParamWithNoise(WEIGHT_KEY, training, memory.manager()));
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
