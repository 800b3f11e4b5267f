package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.all;
import static io.github.dl4jx.activations.kernel.VectorMath.clamp;
import static jdk.incubator.vector.VectorOperators.LT;

import io.github.dl4jx.activations.kernel.Block;
import io.github.dl4jx.activations.kernel.BlockKernel;
import io.github.dl4jx.activations.kernel.Kernel;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Hard sigmoid, as in MobileNetV3. DL4J's own of this name is another function, 0.2x + 0.5 cut at 0 and 1.
 *
 * <pre>
 * f(x)  = relu6(x + 3)/6
 * f'(x) = 1/6 for −3 &lt; x &lt; 3, else 0      0 at both kinks
 * </pre>
 *
 * Range [0, 1]; input of any shape. Howard et al., <i>Searching for MobileNetV3</i>, arXiv:1905.02244.
 */
public final class HardSigmoid extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of(
                    "hard-sigmoid", HardSigmoid.class, a -> new HardSigmoid())
            .aliases("hardsigmoid", "hard_sigmoid")
            .formula("relu6(x + 3)/6")
            .derivative("1/6 for -3 < x < 3, else 0; 0 at -3 and 3")
            .range("[0, 1]")
            .kinks(-3, 3)
            .source("Howard et al. 2019, arXiv:1905.02244")
            .build();

    @Override
    protected INDArray value(INDArray x) {
        return Ops.atMost(Ops.relu(x.addi(3)), 6).divi(6);
    }

    @Override
    protected INDArray slope(INDArray x) {
        return Ops.above(Ops.replaceUpFrom(3, -3, x), -3).divi(6);
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
        return "hard-sigmoid";
    }

    /** The same in one pass. */
    private static final class Lanes implements Kernel {
        @Override
        public FloatVector value(FloatVector x) {
            return clamp(0, 6, x.add(3)).mul(1 / 6f);
        }

        @Override
        public FloatVector slope(FloatVector x) {
            return all(0).blend(1 / 6f, x.abs().compare(LT, 3));
        }
    }

    /** The same in plain loops. */
    private static final class Blocks implements BlockKernel {
        @Override
        public Block value(Block x) {
            return x.plus(3).clamp(0, 6).times(1 / 6f);
        }

        @Override
        public Block slope(Block x) {
            return x.abs().below(3).times(1 / 6f);
        }
    }
}
