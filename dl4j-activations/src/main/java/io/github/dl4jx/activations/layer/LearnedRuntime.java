package io.github.dl4jx.activations.layer;

import io.github.dl4jx.activations.kernel.ArrayRunner;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link LearnedLayer} over arrays: dL/dx = g·∂f/∂x, and dL/dp = Σ g·∂f/∂p over the elements that share p. */
final class LearnedRuntime extends BaseLayer<LearnedLayer> {
    private static final long serialVersionUID = 1L;

    LearnedRuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaceMgr);
        Layout.check(input, layerConf().sharing(), layerConf().getInputType());
        INDArray y = layerConf().value(computable(input), parameters(input.rank()));
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
        List<INDArray> partials = layerConf().partials(computable(input), parameters(input.rank()));
        Gradient gradient = new DefaultGradient();
        int next = 1;
        for (Map.Entry<String, INDArray> view : gradientViews.entrySet()) {
            sumInto(view.getValue(), partials.get(next++).muli(g));
            gradient.setGradientFor(view.getKey(), view.getValue(), 'c');
        }
        INDArray dx = partials.get(0).muli(g).castTo(dataType);
        dx = workspaceMgr.leverageTo(ArrayType.ACTIVATION_GRAD, dx);
        return new Pair<>(gradient, backpropDropOutIfPresent(dx));
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

    /** In c order, as the parameters lie in the flat array. */
    @Override
    public void setParams(INDArray newParams) {
        if (newParams != paramsFlattened) {
            setParams(newParams, 'c');
        }
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
