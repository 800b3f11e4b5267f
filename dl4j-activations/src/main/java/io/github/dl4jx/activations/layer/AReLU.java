package io.github.dl4jx.activations.layer;

import static io.github.dl4jx.activations.formula.VectorMath.all;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LT;

import io.github.dl4jx.activations.formula.BinaryKernel;
import io.github.dl4jx.activations.formula.Ops;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Attention-based rectified linear unit: two learned numbers for the whole layer, one for each side of zero.
 *
 * <pre>
 * f(x)  = (1 + σ(β))·x for x ≥ 0, else clamp(α, 0.01, 0.99)·x
 * f'(x) = 1 + σ(β) for x ≥ 0, else clamp(α, 0.01, 0.99)          1 + σ(β) at the kink
 * dL/dα = Σ g·x over x &lt; 0; 0 while α is outside the clamp
 * dL/dβ = Σ g·x·σ(β)·(1 − σ(β)) over x ≥ 0
 * </pre>
 *
 * <p>Range (−∞, ∞); input of any shape of rank 2 or more. α starts at 0.9 and β at 2, so that the slopes start at 0.9
 * and 1.88080. Behind a layer with identity activation, like {@link PReLU}, which also says what holds here: masks,
 * weight decay and errors. Chen, Li and Xu, <i>AReLU: attention-based rectified linear unit</i>, arXiv:2006.13858.
 */
public final class AReLU extends LearnedLayer {
    /** Where α starts. */
    public static final double DEFAULT_ALPHA = 0.9;

    /** Where β starts. */
    public static final double DEFAULT_BETA = 2;

    private static final long serialVersionUID = 1L;
    private static final double LOW = 0.01;
    private static final double HIGH = 0.99;

    static final Entry<Layer> ENTRY = Entry.<Layer>of("arelu", AReLU.class, a -> new Builder()
                    .initialAlpha(a.number("alpha"))
                    .initialBeta(a.number("beta"))
                    .build())
            .parameter(Parameter.number("alpha", DEFAULT_ALPHA, "[0.01, 0.99]; where alpha starts"))
            .parameter(Parameter.number("beta", DEFAULT_BETA, "finite; where beta starts"))
            .formula("(1 + sigmoid(beta))*x for x >= 0, else clamp(alpha, 0.01, 0.99)*x; both are learned")
            .derivative("1 + sigmoid(beta) for x >= 0, else clamp(alpha, 0.01, 0.99); the first at 0; with respect to"
                    + " alpha: min(x, 0); to beta: max(x, 0)*sigmoid(beta)*(1 - sigmoid(beta))")
            .range("(-inf, inf)")
            .kinks(0)
            .source("Chen et al. 2020, arXiv:2006.13858")
            .build();

    @JsonProperty
    private double initialAlpha = DEFAULT_ALPHA;

    @JsonProperty
    private double initialBeta = DEFAULT_BETA;

    private AReLU() {}

    private AReLU(Builder builder) {
        super(builder);
        initialAlpha = builder.initialAlpha;
        initialBeta = builder.initialBeta;
        initializeConstraints(builder);
    }

    /** Where α starts. */
    public double getInitialAlpha() {
        return initialAlpha;
    }

    /** Where β starts. */
    public double getInitialBeta() {
        return initialBeta;
    }

    @Override
    Map<String, Double> startValues() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("alpha", initialAlpha);
        values.put("beta", initialBeta);
        return values;
    }

    @Override
    Sharing sharing() {
        return Sharing.SHARED;
    }

    @Override
    INDArray value(INDArray x, List<INDArray> parameters) {
        INDArray negative = Ops.relu(x.neg()).muli(negativeSlope(parameters));
        return Ops.relu(x.dup()).muli(1 + sigma(parameters)).subi(negative);
    }

    @Override
    List<INDArray> partials(INDArray x, List<INDArray> parameters) {
        double sigma = sigma(parameters);
        INDArray below = Ops.above(x.neg(), 0); // 0 at 0
        INDArray slope = below.muli(negativeSlope(parameters) - 1 - sigma).addi(1 + sigma);
        INDArray byAlpha = Ops.negativePart(x.dup()).muli(isInside(parameters) ? 1 : 0);
        INDArray byBeta = Ops.relu(x.dup()).muli(sigma * (1 - sigma));
        return List.of(slope, byAlpha, byBeta);
    }

    @Override
    BinaryKernel valueKernel(List<INDArray> parameters) {
        return Lanes.value((float) negativeSlope(parameters), (float) (1 + sigma(parameters)));
    }

    @Override
    List<BinaryKernel> partialKernels(List<INDArray> parameters) {
        double sigma = sigma(parameters);
        return List.of(
                Lanes.slope((float) negativeSlope(parameters), (float) (1 + sigma)),
                Lanes.byAlpha(isInside(parameters) ? 1 : 0),
                Lanes.byBeta((float) (sigma * (1 - sigma))));
    }

    private static boolean isInside(List<INDArray> parameters) {
        double alpha = parameters.get(0).getDouble(0);
        return alpha >= LOW && alpha <= HIGH;
    }

    private static double negativeSlope(List<INDArray> parameters) {
        return Math.max(LOW, Math.min(HIGH, parameters.get(0).getDouble(0)));
    }

    private static double sigma(List<INDArray> parameters) {
        return 1 / (1 + Math.exp(-parameters.get(1).getDouble(0)));
    }

    @Override
    public String toString() {
        return "arelu(alpha=" + initialAlpha + ", beta=" + initialBeta + ")";
    }

    /** The same in one pass; what is learned is the same for all elements. */
    private static final class Lanes {
        private Lanes() {}

        static BinaryKernel value(float below, float above) {
            return (x, alpha) -> x.mul(above).blend(x.mul(below), x.compare(LT, 0));
        }

        static BinaryKernel slope(float below, float above) {
            return (x, alpha) -> all(above).blend(below, x.compare(LT, 0));
        }

        static BinaryKernel byAlpha(float factor) {
            return (x, alpha) -> x.mul(factor).blend(0, x.compare(GE, 0));
        }

        static BinaryKernel byBeta(float factor) {
            return (x, alpha) -> x.mul(factor).blend(0, x.compare(LT, 0));
        }
    }

    /** Collects the settings: α starts at 0.9, β at 2. */
    @SuppressWarnings("unchecked") // DL4J declares build() with a free type variable
    public static final class Builder extends LearnedLayer.Builder<Builder> {
        private double initialAlpha = DEFAULT_ALPHA;
        private double initialBeta = DEFAULT_BETA;

        /**
         * Where α starts.
         *
         * @param alpha a number in [0.01, 0.99], since it would never move outside
         * @throws IllegalArgumentException if it is not
         */
        public Builder initialAlpha(double alpha) {
            if (!(alpha >= LOW && alpha <= HIGH)) {
                throw new IllegalArgumentException("initialAlpha is " + alpha + "; valid: [" + LOW + ", " + HIGH + "]");
            }
            initialAlpha = alpha;
            return this;
        }

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

        /**
         * The layer.
         *
         * @throws IllegalArgumentException if an activation, a weight initialiser or weight noise is set
         */
        @Override
        public AReLU build() {
            return new AReLU(this);
        }
    }
}
