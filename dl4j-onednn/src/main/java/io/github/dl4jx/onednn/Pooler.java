package io.github.dl4jx.onednn;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Pooling with the positions of the maxima kept between a training pass and its backward pass. */
final class Pooler {
    private final Plans<PoolingPlan.Key, PoolingPlan> plans = new Plans<>(PoolingPlan::new);
    private @Nullable INDArray positions;
    private @Nullable INDArray pooled;

    /** Pools x, of channels last, that DL4J handed over as the input. */
    INDArray activate(PoolingPlan.Key key, INDArray x, INDArray input, boolean training, WorkingMemory memory) {
        PoolingPlan plan = plans.get(key);
        INDArray y = create(key, memory.manager(), ArrayType.ACTIVATIONS);
        clear();
        if (training) {
            positions = plan.forward(x, y, memory);
            pooled = input;
        } else {
            plan.infer(x, y, memory);
        }
        return y;
    }

    private static INDArray create(PoolingPlan.Key key, LayerWorkspaceMgr manager, ArrayType type) {
        ConvolutionShape shape = key.shape();
        return Images.create(manager, type, shape.n(), shape.outChannels(), shape.outHeight(), shape.outWidth());
    }

    /** Fills the gradient at x; finds the maxima anew where the last pass left none for this input. */
    void backprop(
            PoolingPlan.Key key,
            INDArray x,
            INDArray input,
            INDArray epsilon,
            INDArray gradient,
            WorkingMemory memory) {
        PoolingPlan plan = plans.get(key);
        if (pooled != input) {
            positions = plan.forward(x, create(key, memory.manager(), memory.type()), memory);
        }
        plan.backward(epsilon, gradient, positions, memory);
        clear();
    }

    void clear() {
        positions = null;
        pooled = null;
    }
}
