package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.SPECIES;
import static io.github.dl4jx.activations.kernel.VectorMath.atMost;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.GE;
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
 * Hard swish: swish with the sigmoid replaced by a piecewise linear one.
 *
 * <pre>
 * f(x)  = x·relu6(x + 3)/6
 * f'(x) = 0 for x ≤ −3,  (2x + 3)/6 between,  1 for x ≥ 3
 * </pre>
 *
 * Range [−0.375, ∞); input of any shape. Howard et al., <i>Searching for MobileNetV3</i>, arXiv:1905.02244.
 */
public final class HardSwish extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("hard-swish", HardSwish.class, a -> new HardSwish())
            .aliases("hardswish", "hard_swish", "h-swish", "hswish")
            .formula("x*relu6(x + 3)/6")
            .derivative("0 for x <= -3, 1 for x >= 3, else (2x + 3)/6")
            .range("[-0.375, inf)")
            .kinks(-3, 3)
            .source("Howard et al. 2019, arXiv:1905.02244")
            .build();

    @Override
    protected INDArray value(INDArray x) {
        INDArray gate = Ops.relu6(x.add(3)).divi(6);
        return Ops.atLeast(x, -3).muli(gate); // −∞·0 would be NaN
    }

    @Override
    protected INDArray slope(INDArray x) {
        Ops.replaceDownFrom(-3, -1.5, x); // where the line x/3 + 1/2 is 0
        Ops.replaceUpFrom(3, 1.5, x); // where it is 1
        return x.divi(3).addi(0.5);
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
        return "hard-swish";
    }

    /** The same in one pass. */
    private static final class Lanes implements Kernel {
        @Override
        public FloatVector value(FloatVector x) {
            FloatVector gate = atMost(6, x.add(3)).mul(1 / 6f);
            return x.mul(gate).blend(0, x.compare(LE, -3)); // below, the gate is negative
        }

        @Override
        public FloatVector slope(FloatVector x) {
            FloatVector between = x.fma(1 / 3f, 0.5f);
            return between.blend(broadcast(SPECIES, 0), x.compare(LE, -3))
                    .blend(broadcast(SPECIES, 1), x.compare(GE, 3));
        }
    }

    /** The same in plain loops. */
    private static final class Blocks implements BlockKernel {
        @Override
        public Block value(Block x) {
            Block gate = x.copy().plus(3).clamp(0, 6).times(1 / 6f);
            return x.atLeast(-3).times(gate); // −∞·0 would be NaN
        }

        @Override
        public Block slope(Block x) {
            Block inside = x.copy().abs().below(3);
            Block y = x.clamp(-3, 3).times(1 / 3f);
            return y.times(inside.plus(1)).scaledPlus(0.5f, 0.5f); // inside y + ½, elsewhere (y + 1)/2
        }
    }
}
