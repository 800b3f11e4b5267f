package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.EXHAUSTED;
import static io.github.dl4jx.activations.kernel.VectorMath.exp;
import static io.github.dl4jx.activations.kernel.VectorMath.log1p;
import static io.github.dl4jx.activations.kernel.VectorMath.magnitude;
import static io.github.dl4jx.activations.kernel.VectorMath.positivePart;

import io.github.dl4jx.activations.kernel.Block;
import io.github.dl4jx.activations.kernel.BlockKernel;
import io.github.dl4jx.activations.kernel.Kernel;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Softplus, the integral of the logistic function: a smooth ReLU.
 *
 * <pre>
 * f(x)  = log(1 + e^x) = max(x, 0) + log1p(e^−|x|)
 * f'(x) = σ(x)
 * </pre>
 *
 * Range (0, ∞), smooth; the second form does not overflow; input of any shape. Dugas, Bengio, Bélisle,
 * Nadeau and Garcia, <i>Incorporating second-order functional knowledge for better option pricing</i>, NIPS 2000.
 */
public final class Softplus extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("softplus", Softplus.class, a -> new Softplus())
            .formula("log(1 + exp(x))")
            .derivative("sigmoid(x)")
            .range("(0, inf)")
            .source("Dugas et al. 2000, NIPS")
            .build();

    @Override
    protected INDArray value(INDArray x) {
        INDArray y = Ops.softplus(Ops.min(x, 40)); // beyond, it is x in double too, and would overflow
        return Ops.max(x, y);
    }

    @Override
    protected INDArray slope(INDArray x) {
        return Ops.sigmoid(x);
    }

    @Override
    Kernel kernel() {
        return new Lanes(0);
    }

    @Override
    BlockKernel blocks() {
        return new Blocks(0);
    }

    @Override
    public String toString() {
        return "softplus";
    }

    /** The same in one pass. */
    static final class Lanes implements Kernel {
        private final float shift;

        Lanes(float shift) {
            this.shift = shift;
        }

        @Override
        public FloatVector value(FloatVector x) {
            FloatVector positive = positivePart(x);
            FloatVector tail = log1p(exp(magnitude(x, EXHAUSTED).neg()));
            return tail.sub(shift).add(positive);
        }

        @Override
        public FloatVector slope(FloatVector x) {
            return Sigmoid.Lanes.sigma(x);
        }
    }

    /** The same in plain loops. */
    static final class Blocks implements BlockKernel {
        private final float shift;

        Blocks(float shift) {
            this.shift = shift;
        }

        @Override
        public Block value(Block x) {
            Block positive = x.copy().atLeast(0);
            return x.decay(1).log1p().plus(-shift).plus(positive);
        }

        @Override
        public Block slope(Block x) {
            return Sigmoid.Blocks.sigma(x);
        }
    }
}
