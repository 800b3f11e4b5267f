package io.github.dl4jx.activations;

import io.github.dl4jx.activations.formula.ArrayRunner;
import io.github.dl4jx.activations.formula.FusedSoftmax;
import io.github.dl4jx.activations.formula.Ops;
import io.github.dl4jx.catalogue.Entry;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Softmax over the features. It extends DL4J's class, since losses and validation test for that: cross-entropy then
 * works on the logits and stays finite.
 *
 * <pre>
 * s_i         = e^(x_i − max x) / Σ_j e^(x_j − max x)
 * ∂s_i/∂x_j   = s_i(δ_ij − s_j)         dL/dx = s·(g − Σ_j g_j·s_j)
 * </pre>
 *
 * Range (0, 1), the features of each example sum to 1. The features are dimension 1, as DL4J's dense, recurrent (NCW)
 * and convolutional (NCHW) layers have it; an array of rank 1 is one example. DL4J's own takes the last dimension:
 * the same in a dense layer, the image's width in a convolution. Output and loss layers are right in every format.
 * Not for a hidden NHWC convolution: DL4J hands that layer's output over in one format forwards and in another
 * backwards, and an activation cannot tell which. Bridle, <i>Probabilistic interpretation of feedforward
 * classification network outputs</i>, 1990.
 */
public final class Softmax extends ActivationSoftmax {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("softmax", Softmax.class, a -> new Softmax())
            .formula("exp(x_i)/sum(exp(x)), over the features")
            .derivative("s*(g - sum(g*s)), g the upstream gradient")
            .range("(0, 1)")
            .source("Bridle 1990, Neurocomputing: Algorithms, Architectures and Applications")
            .build();

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return !in.isEmpty() && FusedSoftmax.forward(in, features(in))
                ? in
                : ArrayRunner.forward(x -> Ops.softmax(x, features(x)), in);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        ArrayRunner.requireSameShape(in, epsilon);
        if (!in.isEmpty() && !FusedSoftmax.backward(in, epsilon, features(in))) {
            INDArray g = ArrayRunner.computable(epsilon);
            ArrayRunner.overwrite(in, Ops.softmaxGradient(ArrayRunner.computable(in), g, features(in)));
        }
        return new Pair<>(in, null);
    }

    private static int features(INDArray x) {
        return x.rank() < 2 ? 0 : 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Softmax;
    }

    @Override
    protected boolean canEqual(@Nullable Object other) {
        return other instanceof Softmax;
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return "softmax";
    }
}
