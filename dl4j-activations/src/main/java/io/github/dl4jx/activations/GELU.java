package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.SPECIES;
import static io.github.dl4jx.activations.kernel.VectorMath.all;
import static io.github.dl4jx.activations.kernel.VectorMath.exp;
import static io.github.dl4jx.activations.kernel.VectorMath.gaussian;
import static io.github.dl4jx.activations.kernel.VectorMath.magnitude;
import static io.github.dl4jx.activations.kernel.VectorMath.millsRatio;
import static io.github.dl4jx.activations.kernel.VectorMath.oneUnlessNegative;
import static io.github.dl4jx.activations.kernel.VectorMath.positivePart;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.GT;

import io.github.dl4jx.activations.kernel.Block;
import io.github.dl4jx.activations.kernel.BlockKernel;
import io.github.dl4jx.activations.kernel.Kernel;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Gaussian error linear unit; Φ and φ are distribution and density of N(0, 1).
 *
 * <pre>
 * exact  f(x)  = x·Φ(x)
 *        f'(x) = Φ(x) + x·φ(x)
 * tanh   f(x)  = ½x(1 + tanh u) = x·σ(2u)                u = √(2/π)·(x + 0.044715x³)
 *        f'(x) = σ(2u) + x·σ(2u)·σ(−2u)·2u′              u′ = √(2/π)·(1 + 0.134145x²)
 * </pre>
 *
 * Range [−0.1700, ∞), smooth; the two forms differ by at most 4.8e-4; input of any shape. Hendrycks and Gimpel,
 * <i>Gaussian error linear units</i>, arXiv:1606.08415.
 */
public final class GELU extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;
    private static final double CUBIC = 0.044715;
    private static final double LINEAR = 2 * Math.sqrt(2 / Math.PI);

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of(
                    "gelu", GELU.class, a -> new GELU(a.choice("form", Form.class)))
            .parameter(Parameter.choice("form", Form.EXACT))
            .formula(
                    "x*Phi(x), Phi the normal distribution function; tanh: x*sigmoid(2u), u = sqrt(2/pi)*(x + 0.044715x^3)")
            .derivative("Phi(x) + x*phi(x), phi the normal density; tanh: s + x*s*(1 - s)*2u', s = sigmoid(2u)")
            .range("[-0.169971, inf)")
            .source("Hendrycks and Gimpel 2016, arXiv:1606.08415")
            .build();

    /** Which of the paper's formulas. */
    public enum Form {
        /** With the normal distribution function. */
        EXACT,
        /** The approximation by tanh, for models that were trained with it. */
        TANH
    }

    private final Form form;

    /** The exact form. */
    public GELU() {
        this(Form.EXACT);
    }

    /**
     * @param form which of the paper's formulas
     */
    public GELU(Form form) {
        this.form = Require.given("form", form);
    }

    @JsonCreator
    static GELU read(@JsonProperty("form") @Nullable Form form) {
        return form == null ? new GELU() : new GELU(form); // models from before there were two forms
    }

    /** Which of the paper's formulas. */
    public Form getForm() {
        return form;
    }

    @Override
    protected INDArray value(INDArray x) {
        INDArray phi = form == Form.EXACT ? cumulative(x) : Ops.sigmoid(twoU(x));
        return Ops.finiteBelow(x).muli(phi);
    }

    @Override
    protected INDArray slope(INDArray x) {
        return form == Form.EXACT ? exactSlope(x) : tanhSlope(x);
    }

    private static INDArray exactSlope(INDArray x) {
        INDArray phi = cumulative(x);
        Ops.clamp(x, -40, 40); // the density is 0 beyond, in double too
        INDArray gaussian = Ops.exp(x.mul(x).muli(-0.5));
        return Ops.scaledPlus(gaussian.muli(x), 1 / Math.sqrt(2 * Math.PI), phi);
    }

    /** Φ(x) = erfc(−x/√2)/2, a new array, which keeps its relative accuracy in the negative tail. */
    private static INDArray cumulative(INDArray x) {
        return Ops.erfc(x.mul(-Math.sqrt(0.5))).muli(0.5);
    }

    private static INDArray tanhSlope(INDArray x) {
        INDArray z = twoU(x);
        INDArray complement = Ops.sigmoid(z.neg());
        INDArray sigma = Ops.sigmoid(z);
        Ops.clamp(x, -40, 40); // σ(1 − σ) is 0 beyond, in double too
        INDArray steepness = x.mul(x).muli(3 * CUBIC * LINEAR).addi(LINEAR);
        return steepness.muli(x).muli(complement).muli(sigma).addi(sigma);
    }

    /** 2u, a new array. */
    private static INDArray twoU(INDArray x) {
        return Ops.scaledPlus(Ops.cube(x.dup()), CUBIC, x).muli(LINEAR);
    }

    @Override
    Kernel kernel() {
        return form == Form.EXACT ? new Lanes() : new TanhLanes();
    }

    @Override
    BlockKernel blocks() {
        return form == Form.EXACT ? new Blocks() : new TanhBlocks();
    }

    @Override
    public String toString() {
        return "gelu(form=" + Parameter.word(form) + ")";
    }

    /** The exact form in one pass. */
    private static final class Lanes implements Kernel {
        @Override
        public FloatVector value(FloatVector x) {
            FloatVector positive = positivePart(x);
            FloatVector size = size(x);
            FloatVector tail = gaussian(size).mul(millsRatio(size)); // Φ(−|x|)
            return size.neg().fma(tail, positive); // f(x) = max(x, 0) − |x|·Φ(−|x|)
        }

        @Override
        public FloatVector slope(FloatVector x) {
            FloatVector size = size(x);
            FloatVector gaussian = gaussian(size);
            FloatVector below = gaussian.mul(size.fma(broadcast(SPECIES, -Blocks.PEAK), millsRatio(size))); // f′(−|x|)
            return below.blend(below.neg().add(1), x.compare(GT, 0)); // f′(x) = 1 − f′(−x)
        }

        /** min(|x|, Blocks.SATURATED), in the way that C2 needs the fewest nodes for. */
        private static FloatVector size(FloatVector x) {
            FloatVector size = x.abs();
            return size.blend(Blocks.SATURATED, size.compare(GT, Blocks.SATURATED));
        }
    }

    /** The approximation in one pass. */
    private static final class TanhLanes implements Kernel {
        @Override
        public FloatVector value(FloatVector x) {
            FloatVector positive = positivePart(x);
            FloatVector size = magnitude(x, TanhBlocks.SATURATED);
            FloatVector e = exp(twoU(size).neg());
            FloatVector sigma = e.div(e.add(1)); // σ(−2|u|)
            return size.neg().fma(sigma, positive); // f(x) = max(x, 0) − |x|σ(−2|u|)
        }

        @Override
        public FloatVector slope(FloatVector x) {
            FloatVector all = all(1);
            FloatVector one = oneUnlessNegative(x);
            FloatVector size = magnitude(x, TanhBlocks.SATURATED);
            FloatVector e = exp(twoU(size).neg());
            FloatVector complement = all.div(e.add(1));
            FloatVector sigma = e.mul(complement);
            FloatVector steepness = size.mul(size).fma(TanhBlocks.SQUARED, TanhBlocks.LINEAR); // 2u′
            FloatVector below = sigma.mul(size).mul(steepness).neg().fma(complement, sigma); // f′(−|x|)
            return below.fma(one.mul(-2).add(1), one); // f′(x) = 1 − f′(−x)
        }

        private static FloatVector twoU(FloatVector x) {
            return x.mul(x).fma(TanhBlocks.CUBED, TanhBlocks.LINEAR).mul(x);
        }
    }

    /** The exact form in plain loops. */
    private static final class Blocks implements BlockKernel {
        /** Φ is 0 in float below −SATURATED. */
        private static final float SATURATED = 14.5f;

        private static final float PEAK = (float) (1 / Math.sqrt(2 * Math.PI)); // φ(0)

        @Override
        public Block value(Block x) {
            Block positive = x.copy().atLeast(0);
            Block size = x.abs().atMost(SATURATED);
            Block tail = size.copy().gaussian().times(size.copy().millsRatio()); // Φ(−|x|)
            return positive.minusProduct(size, tail); // f(x) = max(x, 0) − |x|·Φ(−|x|)
        }

        @Override
        public Block slope(Block x) {
            Block positive = x.copy().above(0);
            Block size = x.abs().atMost(SATURATED);
            Block gaussian = size.copy().gaussian();
            Block below = size.copy().millsRatio().plus(size.times(-PEAK)).times(gaussian); // f′(−|x|)
            return below.mirrored(positive); // f′(x) = 1 − f′(−x)
        }
    }

    /** The approximation in plain loops. */
    private static final class TanhBlocks implements BlockKernel {
        /** e^−2u is 0 in float from here on. */
        private static final float SATURATED = 10.67f;

        /** 1 − σ(2u) is nothing beside 1 from here on. */
        private static final float ONE = 7;

        private static final float LINEAR = (float) (2 * Math.sqrt(2 / Math.PI));
        private static final float CUBED = (float) (2 * Math.sqrt(2 / Math.PI) * CUBIC);
        private static final float SQUARED = (float) (2 * Math.sqrt(2 / Math.PI) * CUBIC * 3); // of the derivative

        @Override
        public Block value(Block x) {
            x.atLeast(-SATURATED); // −∞·0 would be NaN
            Block e = twoU(x.copy().atMost(ONE)).exp();
            return x.times(e.over(e.copy().plus(1)));
        }

        @Override
        public Block slope(Block x) {
            x.clamp(-SATURATED, ONE);
            Block e = twoU(x).exp();
            Block complement = e.copy().plus(1).reciprocal();
            Block steepness = x.copy().times(x).scaledPlus(SQUARED, LINEAR); // 2u′
            return steepness.times(x).times(complement).plus(1).times(e.times(complement));
        }

        private static Block twoU(Block x) {
            return x.copy().times(x).scaledPlus(CUBED, LINEAR).times(x);
        }
    }
}
