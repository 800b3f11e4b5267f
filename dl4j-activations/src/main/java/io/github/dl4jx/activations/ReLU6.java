package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.all;
import static io.github.dl4jx.activations.kernel.VectorMath.clamp;
import static io.github.dl4jx.activations.kernel.VectorMath.wherePositive;

import io.github.dl4jx.activations.kernel.Block;
import io.github.dl4jx.activations.kernel.BlockKernel;
import io.github.dl4jx.activations.kernel.Kernel;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * ReLU that saturates at 6.
 *
 * <pre>
 * f(x)  = min(max(0, x), 6)
 * f'(x) = 1 for 0 &lt; x &lt; 6, else 0      0 at both kinks
 * </pre>
 *
 * Range [0, 6]; input of any shape. Krizhevsky, <i>Convolutional deep belief networks on CIFAR-10</i>, 2010.
 */
public final class ReLU6 extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("relu6", ReLU6.class, a -> new ReLU6())
            .formula("min(max(0, x), 6)")
            .derivative("1 for 0 < x < 6, else 0; 0 at 0 and 6")
            .range("[0, 6]")
            .kinks(0, 6)
            .source("Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10")
            .build();

    @Override
    protected INDArray value(INDArray x) {
        return Ops.atMost(Ops.relu(x), 6);
    }

    @Override
    protected INDArray slope(INDArray x) {
        return Ops.above(Ops.replaceUpFrom(6, 0, x), 0);
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
        return "relu6";
    }

    /** The same in one pass. */
    private static final class Lanes implements Kernel {
        @Override
        public FloatVector value(FloatVector x) {
            return clamp(0, 6, x);
        }

        @Override
        public FloatVector slope(FloatVector x) {
            return wherePositive(all(6).sub(x).mul(x), all(1), all(0)); // one comparison for both kinks
        }
    }

    /** The same in plain loops. */
    private static final class Blocks implements BlockKernel {
        @Override
        public Block value(Block x) {
            return x.clamp(0, 6);
        }

        @Override
        public Block slope(Block x) {
            return x.copy().above(0).times(x.below(6));
        }
    }
}
