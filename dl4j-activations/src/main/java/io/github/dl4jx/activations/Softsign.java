package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.all;
import static io.github.dl4jx.activations.kernel.VectorMath.copySign;
import static io.github.dl4jx.activations.kernel.VectorMath.magnitude;

import io.github.dl4jx.activations.kernel.Block;
import io.github.dl4jx.activations.kernel.BlockKernel;
import io.github.dl4jx.activations.kernel.Kernel;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Softsign: like tanh, with tails that approach ±1 as 1/x instead of exponentially.
 *
 * <pre>
 * f(x)  = x/(1 + |x|)
 * f'(x) = 1/(1 + |x|)²
 * </pre>
 *
 * Range (−1, 1); input of any shape. Bergstra, Desjardins, Lamblin and Bengio, <i>Quadratic polynomials learn better
 * image features</i>, Technical Report 1337, Université de Montréal, 2009.
 */
public final class Softsign extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("softsign", Softsign.class, a -> new Softsign())
            .formula("x/(1 + |x|)")
            .derivative("1/(1 + |x|)^2")
            .range("(-1, 1)")
            .source("Bergstra et al. 2009, Universite de Montreal TR 1337")
            .build();

    @Override
    protected INDArray value(INDArray x) {
        return Ops.softsign(Ops.finite(x)); // ∞/∞ would be NaN
    }

    @Override
    protected INDArray slope(INDArray x) {
        INDArray reciprocal = Ops.abs(x).addi(1).rdivi(1);
        return reciprocal.muli(reciprocal);
    }

    @Override
    Kernel kernel() {
        return new Lanes();
    }

    @Override
    BlockKernel blocks() {
        return new Blocks();
    }

    @Override
    public String toString() {
        return "softsign";
    }

    /** The same in one pass. */
    private static final class Lanes implements Kernel {
        @Override
        public FloatVector value(FloatVector x) {
            FloatVector size = magnitude(x, Float.MAX_VALUE); // ∞/∞ would be NaN
            return copySign(size.div(size.add(1)), x);
        }

        @Override
        public FloatVector slope(FloatVector x) {
            FloatVector reciprocal = all(1).div(x.abs().add(1));
            return reciprocal.mul(reciprocal);
        }
    }

    /** The same in plain loops. */
    private static final class Blocks implements BlockKernel {
        @Override
        public Block value(Block x) {
            x.clamp(-Float.MAX_VALUE, Float.MAX_VALUE); // ∞/∞ would be NaN
            return x.over(x.copy().abs().plus(1));
        }

        @Override
        public Block slope(Block x) {
            Block reciprocal = x.abs().plus(1).reciprocal();
            return reciprocal.times(reciprocal);
        }
    }
}
