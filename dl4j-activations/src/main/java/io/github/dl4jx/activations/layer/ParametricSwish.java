package io.github.dl4jx.activations.layer;

import static io.github.dl4jx.activations.formula.VectorMath.all;
import static io.github.dl4jx.activations.formula.VectorMath.exp;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import io.github.dl4jx.activations.formula.BinaryKernel;
import io.github.dl4jx.activations.formula.Ops;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import java.util.List;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Swish with a learned β.
 *
 * <pre>
 * f(x)  = x·s                          s = σ(βx)
 * f'(x) = s·(1 + βx·(1 − s))
 * dL/dβ = Σ g·x²·s·(1 − s) over the elements that share β
 * </pre>
 *
 * <p>Range [−0.2785/β, ∞) for β &gt; 0, smooth; β = 0 is x/2 and β → ∞ is ReLU. Behind a layer with identity
 * activation, like {@link PReLU}, which also says what holds here: shapes, masks, weight decay and errors. β starts
 * at 1. Ramachandran, Zoph and Le, <i>Searching for activation functions</i>, arXiv:1710.05941.
 */
public final class ParametricSwish extends LearnedLayer {
    /** Where β starts: at the SiLU. */
    public static final double DEFAULT_BETA = 1;

    private static final long serialVersionUID = 1L;

    static final Entry<Layer> ENTRY = Entry.<Layer>of("pswish", ParametricSwish.class, a -> new Builder()
                    .initialBeta(a.number("beta"))
                    .sharing(a.choice("sharing", Sharing.class))
                    .build())
            .aliases("parametric-swish")
            .parameter(Parameter.number("beta", DEFAULT_BETA, "finite; where beta starts"))
            .parameter(Parameter.choice("sharing", Sharing.CHANNEL))
            .formula("x*s, s = sigmoid(beta*x); beta is learned")
            .derivative("s*(1 + beta*x*(1 - s)); with respect to beta: x^2*s*(1 - s)")
            .range("[-0.278465/beta, inf)")
            .source("Ramachandran et al. 2017, arXiv:1710.05941")
            .build();

    @JsonProperty
    private double initialBeta = DEFAULT_BETA;

    @JsonProperty
    private Sharing sharing = Sharing.CHANNEL;

    private ParametricSwish() {}

    private ParametricSwish(Builder builder) {
        super(builder);
        initialBeta = builder.initialBeta;
        sharing = builder.sharing;
        initializeConstraints(builder);
    }

    /** Where β starts. */
    public double getInitialBeta() {
        return initialBeta;
    }

    /** Which elements share a β. */
    public Sharing getSharing() {
        return sharing;
    }

    @Override
    Map<String, Double> startValues() {
        return Map.of("beta", initialBeta);
    }

    @Override
    Sharing sharing() {
        return sharing;
    }

    @Override
    INDArray value(INDArray x, List<INDArray> parameters) {
        INDArray sigma = Ops.sigmoid(x.mul(parameters.get(0)));
        return Ops.finiteBelow(x.dup()).muli(sigma);
    }

    @Override
    List<INDArray> partials(INDArray x, List<INDArray> parameters) {
        INDArray z = x.mul(parameters.get(0));
        INDArray sigma = Ops.sigmoid(z.dup());
        INDArray steepness = Ops.sigmoid(z.neg()).muli(sigma); // σ(1 − σ) without cancellation
        INDArray finite = Ops.finite(x.dup());
        INDArray byBeta = finite.mul(steepness).muli(finite); // in this order x² does not overflow
        Ops.clamp(z, -1000, 1000); // σ(1 − σ) is 0 beyond, in double too
        return List.of(z.muli(steepness).addi(sigma), byBeta);
    }

    @Override
    BinaryKernel valueKernel(List<INDArray> parameters) {
        return Lanes.VALUE;
    }

    @Override
    List<BinaryKernel> partialKernels(List<INDArray> parameters) {
        return List.of(Lanes.SLOPE, Lanes.BY_PARAMETER);
    }

    @Override
    public String toString() {
        return "pswish(beta=" + initialBeta + ", sharing=" + Parameter.word(sharing) + ")";
    }

    /** The same in one pass. */
    private static final class Lanes {
        static final BinaryKernel VALUE = Lanes::value;
        static final BinaryKernel SLOPE = Lanes::slope;
        static final BinaryKernel BY_PARAMETER = Lanes::byParameter;

        /** e^−z is 0 in float from here on. */
        private static final float EXHAUSTED = 104;

        private Lanes() {}

        private static FloatVector value(FloatVector x, FloatVector beta) {
            FloatVector z = bounded(x, beta);
            FloatVector e = exp(z.abs().neg());
            FloatVector numerator = all(1).blend(e, z.compare(LT, 0));
            FloatVector y = numerator.div(e.add(1)).mul(x);
            return y.blend(0, z.compare(LE, -EXHAUSTED)); // −∞·0 would be NaN
        }

        private static FloatVector slope(FloatVector x, FloatVector beta) {
            FloatVector z = bounded(x, beta);
            FloatVector e = exp(z.abs().neg());
            FloatVector larger = all(1).div(e.add(1)); // σ(|z|)
            FloatVector smaller = larger.mul(e); // 1 − σ(|z|) without cancellation
            return z.fma(smaller.mul(larger), larger.blend(smaller, z.compare(LT, 0)));
        }

        private static FloatVector byParameter(FloatVector x, FloatVector beta) {
            FloatVector z = bounded(x, beta);
            FloatVector e = exp(z.abs().neg());
            FloatVector part = x.div(e.add(1));
            FloatVector product = part.mul(e).mul(part); // in this order x² does not overflow
            return product.blend(0, z.abs().compare(GE, EXHAUSTED)); // ∞²·0 would be NaN
        }

        /** βx, as far as e^−|βx| is not 0. */
        private static FloatVector bounded(FloatVector x, FloatVector beta) {
            return x.mul(beta).max(-EXHAUSTED).min(EXHAUSTED);
        }
    }

    /** Collects the settings: β starts at 1, one a channel. */
    @SuppressWarnings("unchecked") // DL4J declares build() with a free type variable
    public static final class Builder extends LearnedLayer.Builder<Builder> {
        private double initialBeta = DEFAULT_BETA;
        private Sharing sharing = Sharing.CHANNEL;

        /**
         * Where β starts.
         *
         * @param beta a finite number
         * @throws IllegalArgumentException if it is not
         */
        public Builder initialBeta(double beta) {
            initialBeta = Require.finite("initialBeta", beta);
            return this;
        }

        /** Which elements share a β. */
        public Builder sharing(Sharing shared) {
            sharing = Require.given("sharing", shared);
            return this;
        }

        /**
         * The layer.
         *
         * @throws IllegalArgumentException if an activation, a weight initialiser or weight noise is set
         */
        @Override
        public ParametricSwish build() {
            return new ParametricSwish(this);
        }
    }
}
