package io.github.dl4jx.activations.layer;

import io.github.dl4jx.activations.formula.ArrayRunner;
import io.github.dl4jx.activations.formula.BinaryKernel;
import io.github.dl4jx.activations.formula.FusedBroadcast;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a {@link LearnedLayer} over arrays: dL/dx = g·∂f/∂x, and dL/dp = Σ g·∂f/∂p over the elements that share p. */
final class LearnedRuntime extends BaseLayer<LearnedLayer> {
    private static final long serialVersionUID = 1L;

    private final long parametersBefore;

    /** @param parametersBefore how many there were in the network that this one comes from; negative if as many as here */
    LearnedRuntime(NeuralNetConfiguration conf, DataType dataType, long parametersBefore) {
        super(conf, dataType);
        this.parametersBefore = parametersBefore;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaceMgr);
        Layout.check(input, layerConf().sharing(), layerConf().getInputType());
        INDArray x = computable(input);
        List<INDArray> parameters = parameters(input.rank());
        if (dataType == DataType.FLOAT && FusedBroadcast.isFor(x)) {
            INDArray y = Layout.like(x, ArrayType.ACTIVATIONS, workspaceMgr);
            boolean done = FusedBroadcast.map(() -> layerConf().valueKernel(parameters), x, parameters.get(0), y);
            return done ? y : y.assign(layerConf().value(x, parameters));
        }
        INDArray y = layerConf().value(x, parameters);
        return workspaceMgr.leverageTo(ArrayType.ACTIVATIONS, y.castTo(dataType));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        ArrayRunner.requireSameShape(input, epsilon);
        INDArray g = computable(epsilon);
        if (maskArray != null) {
            int channelAxis = Layout.channelAxis(layerConf().getInputType());
            g = g.mul(Masks.broadcastable(maskArray, g.rank(), channelAxis).castTo(g.dataType()));
        }
        INDArray x = computable(input);
        List<INDArray> parameters = parameters(input.rank());
        INDArray dx = dataType == DataType.FLOAT && FusedBroadcast.isFor(x)
                ? fused(x, parameters, g, workspaceMgr)
                : inOperations(x, parameters, g, workspaceMgr);
        Gradient gradient = new DefaultGradient();
        gradientViews.forEach((name, view) -> gradient.setGradientFor(name, view, 'c'));
        return new Pair<>(gradient, backpropDropOutIfPresent(dx));
    }

    /** dL/dx; the gradients of the parameters go into their views. */
    private INDArray inOperations(INDArray x, List<INDArray> parameters, INDArray g, LayerWorkspaceMgr workspaceMgr) {
        List<INDArray> partials = layerConf().partials(x, parameters);
        int next = 1;
        for (INDArray view : gradientViews.values()) {
            sumInto(view, partials.get(next++).muli(g));
        }
        return workspaceMgr.leverageTo(
                ArrayType.ACTIVATION_GRAD, partials.get(0).muli(g).castTo(dataType));
    }

    /** The same in one pass. */
    private INDArray fused(INDArray x, List<INDArray> parameters, INDArray g, LayerWorkspaceMgr workspaceMgr) {
        INDArray dx = Layout.like(x, ArrayType.ACTIVATION_GRAD, workspaceMgr);
        Supplier<List<BinaryKernel>> kernels = () -> layerConf().partialKernels(parameters);
        double[][] sums = FusedBroadcast.backward(kernels, x, parameters.get(0), g, dx);
        if (sums == null) { // g may lie in another way than x
            dx.assign(g);
            sums = FusedBroadcast.backward(kernels, x, parameters.get(0), dx, dx);
        }
        if (sums == null) {
            return inOperations(x, parameters, g, workspaceMgr);
        }
        int next = 0;
        for (INDArray view : gradientViews.values()) {
            view.assign(floats(sums[next++]).reshape('c', view.shape()));
        }
        return dx;
    }

    private static INDArray floats(double[] values) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (float) values[i];
        }
        return Nd4j.createFromArray(result);
    }

    /** In the type of the network, or in float for the 16-bit ones. */
    private INDArray computable(INDArray array) {
        return ArrayRunner.computable(array.castTo(dataType));
    }

    /** The parameters to compute with, of the rank of the input. */
    private List<INDArray> parameters(int rank) {
        return params.values().stream()
                .map(p -> computable(p.rank() == rank ? p : p.reshape(ones(rank))))
                .toList();
    }

    /** 1, 1, ..., the shape of what the whole layer shares. */
    private static long[] ones(int rank) {
        long[] shape = new long[rank];
        Arrays.fill(shape, 1);
        return shape;
    }

    /**
     * Sums over the axes along which the parameter is shared. One axis at a time and the last one in double: ND4J's
     * float sum of millions of terms is some per cent off.
     */
    private static void sumInto(INDArray view, INDArray terms) {
        long[] shape = view.rank() == terms.rank() ? view.shape() : ones(terms.rank());
        int[] axes = IntStream.range(0, shape.length).filter(i -> shape[i] == 1).toArray();
        INDArray sum = terms;
        for (int i = axes.length - 1; i > 0; i--) {
            sum = sum.sum(true, axes[i]);
        }
        sum = sum.castTo(DataType.DOUBLE).sum(true, axes[0]);
        view.assign(sum.reshape(view.shape()));
    }

    /** To transfer learning that cuts the old network's parameters by it, their number there. */
    @Override
    public long numParams() {
        return parametersBefore >= 0 && isCalledByTransferLearning() ? parametersBefore : super.numParams();
    }

    /**
     * In c order, as the parameters lie in the flat array. Where transfer learning changed their number, the old ones belong
     * to other channels, and those that the layer started with stay.
     */
    @Override
    public void setParams(INDArray newParams) {
        boolean old = newParams.length() == parametersBefore && isCalledByTransferLearning();
        if (newParams != paramsFlattened && !old) {
            setParams(newParams, 'c');
        }
    }

    /**
     * Whether {@code TransferLearning} copies parameters into a new network, by itself or by the network's constructor. It
     * asks no layer what has become of its size.
     */
    private static boolean isCalledByTransferLearning() {
        return StackWalker.getInstance().walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                .dropWhile(name ->
                        name.equals(LearnedRuntime.class.getName()) || name.equals(MultiLayerNetwork.class.getName()))
                .findFirst()
                .filter(name -> name.startsWith(TransferLearning.class.getName() + "$"))
                .isPresent());
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
