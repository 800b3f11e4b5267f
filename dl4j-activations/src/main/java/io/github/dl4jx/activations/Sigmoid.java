package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.EXHAUSTED;
import static io.github.dl4jx.activations.kernel.VectorMath.exp;
import static io.github.dl4jx.activations.kernel.VectorMath.magnitude;
import static io.github.dl4jx.activations.kernel.VectorMath.oneUnlessNegative;

import io.github.dl4jx.activations.kernel.ArrayRunner;
import io.github.dl4jx.activations.kernel.Block;
import io.github.dl4jx.activations.kernel.BlockKernel;
import io.github.dl4jx.activations.kernel.Kernel;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The logistic function. It extends DL4J's class, since losses, LSTM and validation test for that.
 *
 * <pre>
 * f(x)  = σ(x) = 1/(1 + e^−x)
 * f'(x) = σ(x)·σ(−x)
 * </pre>
 *
 * Range (0, 1), smooth, saturates on both sides; input of any shape. For binary and multi-label outputs. Rumelhart,
 * Hinton and Williams, <i>Learning representations by back-propagating errors</i>, Nature 323, 1986.
 */
public final class Sigmoid extends ActivationSigmoid {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("sigmoid", Sigmoid.class, a -> new Sigmoid())
            .aliases("logistic")
            .formula("s(x) = 1/(1 + exp(-x))")
            .derivative("s(x)*s(-x)")
            .range("(0, 1)")
            .source("Rumelhart et al. 1986, Nature 323")
            .build();

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return ArrayRunner.forward(Sigmoid::kernel, Sigmoid::blocks, Ops::sigmoid, in);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        return new Pair<>(
                ArrayRunner.backward(Sigmoid::kernel, Sigmoid::blocks, Ops::sigmoidGradient, in, epsilon), null);
    }

    private static Kernel kernel() {
        return new Lanes(); // a reference to the constructor would link the class too early
    }

    private static BlockKernel blocks() {
        return new Blocks();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sigmoid;
    }

    @Override
    protected boolean canEqual(@Nullable Object other) {
        return other instanceof Sigmoid;
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return "sigmoid";
    }

    /** The same in one pass; other functions are made of it. */
    static final class Lanes implements Kernel {
        @Override
        public FloatVector value(FloatVector x) {
            return sigma(x);
        }

        @Override
        public FloatVector slope(FloatVector x) {
            return steepness(x);
        }

        /** σ(−|x|) = e/(1 + e), where e = e^−|x|, and σ(|x|) = 1 − σ(−|x|). */
        static FloatVector sigma(FloatVector x) {
            FloatVector one = oneUnlessNegative(x);
            FloatVector e = exp(magnitude(x, EXHAUSTED).neg());
            return e.div(e.add(1)).fma(one.mul(-2).add(1), one);
        }

        /** σ(x)σ(−x) = e/(1 + e)². */
        static FloatVector steepness(FloatVector x) {
            FloatVector e = exp(magnitude(x, EXHAUSTED).neg());
            FloatVector sum = e.add(1);
            return e.div(sum.mul(sum));
        }
    }

    /** The same in plain loops; other functions are made of it. */
    static final class Blocks implements BlockKernel {
        @Override
        public Block value(Block x) {
            return sigma(x);
        }

        @Override
        public Block slope(Block x) {
            return steepness(x);
        }

        /** e/(1 + e), where e = e^x. */
        static Block sigma(Block x) {
            Block e = x.clamp(-EXHAUSTED, Block.SATURATED).exp();
            return e.over(e.copy().plus(1));
        }

        /** σ(x)σ(−x) = e/(1 + e)². */
        static Block steepness(Block x) {
            Block e = x.decay(1);
            Block sum = e.copy().plus(1);
            return e.over(sum.times(sum));
        }
    }
}
