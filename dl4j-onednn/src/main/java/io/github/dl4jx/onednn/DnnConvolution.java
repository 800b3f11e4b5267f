package io.github.dl4jx.onednn;

import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J's convolution layer on oneDNN. What oneDNN has no fast code for runs as DL4J has it. */
final class DnnConvolution extends ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    private final transient Port port;
    private final transient PreActivations preActivations;
    private final transient Plans<ConvolutionShape, ConvolutionPlan> plans =
            new Plans<>(shape -> new ConvolutionPlan(shape, WeightOrder.OUT_IN));

    DnnConvolution(NeuralNetConfiguration conf, Wiring wiring) {
        super(conf, DataType.FLOAT);
        port = new Port(wiring, layerConf().getCnn2dDataFormat());
        preActivations = new PreActivations(new Nonlinearity(
                layerConf().getActivationFn(), layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC));
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
        ConvolutionPlan plan = plan();
        if (plan == null) {
            return super.activate(training, manager);
        }
        applyDropOutIfNecessary(training, manager);
        WorkingMemory memory = WorkingMemory.forwards(manager);
        INDArray z = preOutput(plan, training, memory, ArrayType.ACTIVATIONS);
        INDArray a = preActivations.activate(
                z, input, training, port.outputStays(), () -> like(z, manager, ArrayType.ACTIVATIONS));
        return port.out(channelsLast(a, memory), memory);
    }

    private INDArray preOutput(ConvolutionPlan plan, boolean training, WorkingMemory memory, ArrayType type) {
        LayerWorkspaceMgr manager = memory.manager();
        INDArray x = port.in(input, memory);
        INDArray weights = weights(training, manager);
        ConvolutionShape shape = shape();
        INDArray z = Images.create(
                manager, type, shape.n(), shape.outChannels(), shape.outHeight(), shape.outWidth());
        plan.forward(x, weights, bias(training, manager), z, memory);
        return z;
    }

    /** Only an activation that is not ours can return anything else. */
    private INDArray channelsLast(INDArray array, WorkingMemory memory) {
        return Images.areChannelsLast(array) ? array : new Images().channelsLast(array, memory.type(), memory);
    }

    private static INDArray like(INDArray array, LayerWorkspaceMgr manager, ArrayType type) {
        return Images.create(manager, type, array.size(0), array.size(1), array.size(2), array.size(3));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr manager) {
        ConvolutionPlan plan = plan();
        if (plan == null) {
            return super.backpropGradient(epsilon, manager);
        }
        WorkingMemory memory = WorkingMemory.backwards(manager);
        INDArray x = port.in(input, memory);
        INDArray delta = channelsLast(
                preActivations.backprop(
                        port.in(epsilon, memory),
                        input,
                        () -> preOutput(plan, true, memory, memory.type()),
                        () -> {
                            ConvolutionShape shape = shape();
                            return Images.create(
                                    manager,
                                    memory.type(),
                                    shape.n(),
                                    shape.outChannels(),
                                    shape.outHeight(),
                                    shape.outWidth());
                        }),
                memory);
        INDArray weightGradient = gradientView(ConvolutionParamInitializer.WEIGHT_KEY);
        INDArray biasGradient = hasBias() ? gradientView(ConvolutionParamInitializer.BIAS_KEY) : null;
        plan.backwardByWeights(x, delta, weightGradient, biasGradient, memory);
        INDArray gradient = null;
        if (!port.gradientUnread()) {
            INDArray own = port.newGradient(manager, x.shape());
            plan.backwardByData(delta, weights(true, manager), own, memory);
            gradient = backpropDropOutIfPresent(port.gradient(own, memory));
        }
        Gradient gradients = new DefaultGradient();
        if (biasGradient != null) {
            gradients.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, biasGradient);
        }
        gradients.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weightGradient, 'c');
        weightNoiseParams.clear();
        return new Pair<>(gradients, gradient);
    }

    private INDArray weights(boolean training, LayerWorkspaceMgr manager) {
        INDArray weights = getParamWithNoise(ConvolutionParamInitializer.WEIGHT_KEY, training, manager);
        return Images.areRowMajor(weights) ? weights : weights.dup('c');
    }

    private @Nullable INDArray bias(boolean training, LayerWorkspaceMgr manager) {
        return hasBias() ? getParamWithNoise(ConvolutionParamInitializer.BIAS_KEY, training, manager) : null;
    }

    /** For the present input; null if DL4J's own code is to run, or to say what is wrong with the input. */
    private @Nullable ConvolutionPlan plan() {
        int channels = layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC ? 3 : 1;
        if (input == null
                || input.rank() != 4
                || input.size(channels)
                        != getParam(ConvolutionParamInitializer.WEIGHT_KEY).size(1)) {
            return null;
        }
        ConvolutionPlan plan = plans.get(shape());
        return plan.isFast() ? plan : null;
    }

    private ConvolutionShape shape() {
        INDArray x = port.view(input);
        INDArray weights = getParam(ConvolutionParamInitializer.WEIGHT_KEY);
        int[] kernel = layerConf().getKernelSize();
        int[] stride = layerConf().getStride();
        int[] dilation = layerConf().getDilation();
        boolean same = convolutionMode == ConvolutionMode.Same;
        int[] out = ConvolutionUtils.getOutputSize(
                x, kernel, stride, same ? null : layerConf().getPadding(), convolutionMode, dilation, CNN2DFormat.NCHW);
        int[] pad = same
                ? ConvolutionUtils.getSameModeTopLeftPadding(
                        out, new int[] {(int) x.size(2), (int) x.size(3)}, kernel, stride, dilation)
                : layerConf().getPadding();
        return new ConvolutionShape(
                x.size(0),
                x.size(1),
                x.size(2),
                x.size(3),
                weights.size(0),
                out[0],
                out[1],
                kernel[0],
                kernel[1],
                stride[0],
                stride[1],
                dilation[0],
                dilation[1],
                pad[0],
                pad[1],
                1,
                hasBias());
    }

    private INDArray gradientView(String parameter) {
        return Objects.requireNonNull(gradientViews.get(parameter), parameter);
    }

    @Override
    public void clear() {
        super.clear();
        preActivations.clear();
    }
}
