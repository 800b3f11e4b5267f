package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.all;
import static io.github.dl4jx.activations.kernel.VectorMath.wherePositive;
import static jdk.incubator.vector.VectorOperators.LE;

import io.github.dl4jx.activations.kernel.Block;
import io.github.dl4jx.activations.kernel.BlockKernel;
import io.github.dl4jx.activations.kernel.Kernel;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rectified linear unit.
 *
 * <pre>
 * f(x)  = max(0, x)
 * f'(x) = 1 for x &gt; 0, else 0        0 at the kink
 * </pre>
 *
 * Range [0, ∞); input of any shape. Nair and Hinton, <i>Rectified linear units improve restricted Boltzmann
 * machines</i>, ICML 2010.
 */
public final class ReLU extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("relu", ReLU.class, a -> new ReLU())
            .formula("max(0, x)")
            .derivative("1 for x > 0, else 0; 0 at 0")
            .range("[0, inf)")
            .kinks(0)
            .source("Nair and Hinton 2010, ICML")
            .build();

    @Override
    protected INDArray value(INDArray x) {
        return Ops.relu(x);
    }

    @Override
    protected INDArray slope(INDArray x) {
        return Ops.above(x, 0);
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
        return "relu";
    }

    /** The same in one pass. */
    private static final class Lanes implements Kernel {
        @Override
        public FloatVector value(FloatVector x) {
            return x.blend(0, x.compare(LE, 0));
        }

        @Override
        public FloatVector slope(FloatVector x) {
            return wherePositive(x, all(1), all(0));
        }
    }

    /** The same in plain loops. */
    private static final class Blocks implements BlockKernel {
        @Override
        public Block value(Block x) {
            return x.atLeast(0);
        }

        @Override
        public Block slope(Block x) {
            return x.above(0);
        }

        @Override
        public long longestForward() {
            return 1 << 16; // one operation that ND4J runs at the speed of memory
        }
    }
}
