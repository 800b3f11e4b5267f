package io.github.dl4jx.onednn;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.DepthwiseConvolution2DLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J's depthwise convolution on oneDNN, each channel by itself. What oneDNN has no fast code for runs as DL4J has it. */
final class DnnDepthwiseConvolution extends DepthwiseConvolution2DLayer {
    private static final long serialVersionUID = 1L;

    private final transient ConvolutionPass pass;
    private final transient LayerParameters parameters;
    private final transient Plans<ConvolutionShape, ConvolutionPlan> plans;

    /** @param reads what it rounds images and weights to before they are multiplied */
    DnnDepthwiseConvolution(NeuralNetConfiguration conf, Wiring wiring, DataType reads) {
        super(conf, DataType.FLOAT);
        plans = new Plans<>(
                shape -> Plan.reading(reads, type -> new ConvolutionPlan(shape, WeightOrder.DEPTHWISE, type)));
        pass = new ConvolutionPass(layerConf(), wiring);
        parameters = new LayerParameters(this::getParamWithNoise, () -> gradientViews, hasBias());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
        SingleConvolution present = present();
        if (present == null) {
            return super.activate(training, manager);
        }
        applyDropOutIfNecessary(training, manager);
        return pass.activate(input, training, manager, present);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr manager) {
        SingleConvolution present = present();
        if (present == null) {
            return super.backpropGradient(epsilon, manager);
        }
        INDArray gradient = pass.backprop(input, epsilon, manager, present);
        weightNoiseParams.clear();
        return new Pair<>(
                parameters.gradients(LayerParameters.WEIGHTS),
                gradient == null ? null : backpropDropOutIfPresent(gradient));
    }

    /** For the present input; null if DL4J's own code is to run, or to say what is wrong with the input. */
    private @Nullable SingleConvolution present() {
        INDArray weights = getParam(LayerParameters.WEIGHTS);
        int channels = layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC ? 3 : 1;
        if (input == null || input.rank() != 4 || input.size(channels) != weights.size(2)) {
            return null;
        }
        ConvolutionShape shape = ConvolutionShape.of(
                pass.view(input), layerConf(), weights.size(2) * weights.size(3), weights.size(2), hasBias());
        ConvolutionPlan plan = plans.get(shape);
        return plan.isFast() ? new SingleConvolution(plan, parameters) : null;
    }

    @Override
    public void clear() {
        super.clear();
        pass.clear();
    }
}
