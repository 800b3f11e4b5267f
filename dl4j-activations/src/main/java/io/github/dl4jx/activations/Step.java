package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.SPECIES;
import static io.github.dl4jx.activations.kernel.VectorMath.all;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import io.github.dl4jx.activations.kernel.Block;
import io.github.dl4jx.activations.kernel.BlockKernel;
import io.github.dl4jx.activations.kernel.Kernel;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The Heaviside step. Its derivative is 0, so nothing below it learns; the straight-through estimator passes the
 * gradient on as if the step were the identity where |x| ≤ 1.
 *
 * <pre>
 * f(x)  = 1 for x ≥ 0, else 0               1 at the kink
 * f'(x) = 0, or with {@link Gradient#STRAIGHT_THROUGH} 1 for |x| ≤ 1, else 0
 * </pre>
 *
 * Range {0, 1}; input of any shape. McCulloch and Pitts, <i>A logical calculus of the ideas immanent in nervous
 * activity</i>, 1943; Bengio, Léonard and Courville, <i>Estimating or propagating gradients through stochastic
 * neurons</i>, arXiv:1308.3432.
 */
public final class Step extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of(
                    "step", Step.class, a -> new Step(a.choice("gradient", Gradient.class)))
            .aliases("heaviside")
            .parameter(Parameter.choice("gradient", Gradient.ZERO))
            .formula("1 for x >= 0, else 0")
            .derivative("0; straight_through: 1 for |x| <= 1, else 0")
            .range("{0, 1}")
            .kinks(0)
            .source("McCulloch and Pitts 1943; Bengio et al. 2013, arXiv:1308.3432")
            .build();

    /** What backpropagation takes for the derivative. */
    public enum Gradient {
        /** The derivative itself. */
        ZERO,
        /** 1 for |x| ≤ 1, else 0. */
        STRAIGHT_THROUGH
    }

    private final Gradient gradient;

    /** With the true gradient, 0. */
    public Step() {
        this(Gradient.ZERO);
    }

    /**
     * @param gradient what backpropagation takes for the derivative
     */
    @JsonCreator
    public Step(@JsonProperty("gradient") Gradient gradient) {
        this.gradient = Require.given("gradient", gradient);
    }

    /** What backpropagation takes for the derivative. */
    public Gradient getGradient() {
        return gradient;
    }

    @Override
    protected INDArray value(INDArray x) {
        INDArray nan = Ops.zeroUnlessNan(x.dup());
        return Ops.notBelow0(x).addi(nan);
    }

    @Override
    protected INDArray slope(INDArray x) {
        return gradient == Gradient.ZERO
                ? x.assign(0)
                : Ops.above(Ops.abs(x), 1).rsubi(1);
    }

    @Override
    Kernel kernel() {
        return new Lanes(gradient);
    }

    @Override
    BlockKernel blocks() {
        return new Blocks(gradient);
    }

    @Override
    public String toString() {
        return "step(gradient=" + Parameter.word(gradient) + ")";
    }

    /** The same in one pass. */
    private static final class Lanes implements Kernel {
        private final float slopeInside;

        Lanes(Gradient gradient) {
            slopeInside = gradient == Gradient.ZERO ? 0 : 1;
        }

        @Override
        public FloatVector value(FloatVector x) {
            return x.blend(broadcast(SPECIES, 1), x.compare(GE, 0)).blend(broadcast(SPECIES, 0), x.compare(LT, 0));
        }

        @Override
        public FloatVector slope(FloatVector x) {
            return all(0).blend(broadcast(SPECIES, slopeInside), x.abs().compare(LE, 1));
        }
    }

    /** The same in plain loops. */
    private static final class Blocks implements BlockKernel {
        private final Gradient gradient;

        Blocks(Gradient gradient) {
            this.gradient = gradient;
        }

        @Override
        public Block value(Block x) {
            return x.below(0).scaledPlus(-1, 1);
        }

        @Override
        public Block slope(Block x) {
            return gradient == Gradient.ZERO ? x.fill(0) : x.abs().above(1).scaledPlus(-1, 1);
        }
    }
}
