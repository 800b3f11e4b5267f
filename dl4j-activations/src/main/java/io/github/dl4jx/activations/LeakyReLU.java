package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.all;
import static io.github.dl4jx.activations.kernel.VectorMath.wherePositive;

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
 * Leaky rectified linear unit with a fixed negative slope α.
 *
 * <pre>
 * f(x)  = x for x &gt; 0, else αx
 * f'(x) = 1 for x &gt; 0, else α        α at the kink
 * </pre>
 *
 * Range (−∞, ∞) for α &gt; 0; input of any shape. Maas, Hannun and Ng, <i>Rectifier nonlinearities improve neural
 * network acoustic models</i>, ICML 2013.
 */
public final class LeakyReLU extends ElementwiseActivation {
    /** The slope of the paper. */
    public static final double DEFAULT_SLOPE = 0.01;

    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of(
                    "leakyrelu", LeakyReLU.class, a -> new LeakyReLU(a.number("slope")))
            .aliases("leaky-relu", "leaky_relu", "lrelu")
            .parameter(Parameter.number("slope", DEFAULT_SLOPE, ">= 0"))
            .formula("x for x > 0, else slope*x")
            .derivative("1 for x > 0, else slope; slope at 0")
            .range("(-inf, inf)")
            .kinks(0)
            .source("Maas et al. 2013, ICML")
            .build();

    private final double negativeSlope;

    /** α = 0.01. */
    public LeakyReLU() {
        this(DEFAULT_SLOPE);
    }

    /**
     * @param negativeSlope α, a finite number ≥ 0
     * @throws IllegalArgumentException if it is not
     */
    @JsonCreator
    public LeakyReLU(@JsonProperty("negativeSlope") double negativeSlope) {
        this.negativeSlope = Require.notNegative("negativeSlope", negativeSlope);
    }

    /** α. */
    public double getNegativeSlope() {
        return negativeSlope;
    }

    @Override
    protected INDArray value(INDArray x) {
        return Ops.leakyRelu(x, negativeSlope);
    }

    @Override
    protected INDArray slope(INDArray x) {
        INDArray positive = Ops.above(x, 0);
        return negativeSlope <= 1
                ? Ops.atLeast(positive, negativeSlope)
                : Ops.replaceDownFrom(0, negativeSlope, positive);
    }

    @Override
    Kernel kernel() {
        return new Lanes((float) negativeSlope);
    }

    @Override
    BlockKernel blocks() {
        return new Blocks((float) negativeSlope);
    }

    @Override
    public String toString() {
        return "leakyrelu(slope=" + negativeSlope + ")";
    }

    /** The same in one pass. */
    private static final class Lanes implements Kernel {
        private final float negativeSlope;

        Lanes(float negativeSlope) {
            this.negativeSlope = negativeSlope;
        }

        @Override
        public FloatVector value(FloatVector x) {
            return wherePositive(x, x, x.mul(negativeSlope));
        }

        @Override
        public FloatVector slope(FloatVector x) {
            return wherePositive(x, all(1), all(negativeSlope));
        }
    }

    /** The same in plain loops. */
    private static final class Blocks implements BlockKernel {
        private final float negativeSlope;

        Blocks(float negativeSlope) {
            this.negativeSlope = negativeSlope;
        }

        @Override
        public Block value(Block x) {
            Block positive = x.copy().atLeast(0);
            return x.atMost(0).times(negativeSlope).plus(positive);
        }

        @Override
        public Block slope(Block x) {
            return x.above(0).scaledPlus(1 - negativeSlope, negativeSlope);
        }
    }
}
