package io.github.dl4jx.activations.layer;

import static io.github.dl4jx.activations.formula.VectorMath.SPECIES;
import static io.github.dl4jx.activations.formula.VectorMath.wherePositive;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.GT;

import io.github.dl4jx.activations.formula.BinaryKernel;
import io.github.dl4jx.activations.formula.Ops;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Parametric rectified linear unit: the negative slope a is learned.
 *
 * <pre>
 * f(x)  = x for x &gt; 0, else a·x
 * f'(x) = 1 for x &gt; 0, else a         a at the kink
 * dL/da = Σ g·x over x &lt; 0 of the elements that share a
 * </pre>
 *
 * <p>Put it behind a layer with identity activation:
 *
 * <pre>{@code
 * .layer(new ConvolutionLayer.Builder(3, 3).nOut(32).activation(Activation.IDENTITY).build())
 * .layer(new PReLU.Builder().sharing(Sharing.CHANNEL).build())
 * }</pre>
 *
 * <p>Range (−∞, ∞) for a &gt; 0; the shape stays. Input is feed-forward, recurrent or convolutional, in either format;
 * flattened images are rows of features. Slopes start at 0.25 and no weight decay acts on them unless this builder sets
 * it, since decay would push PReLU towards ReLU. A step that the mask leaves out adds nothing to dL/da, and its own
 * gradient is 0. Without {@code setInputType} on the network, {@code inputType} on the builder tells the shape. Input
 * of another shape gets an {@link IllegalArgumentException}. He et al., <i>Delving deep into rectifiers</i>,
 * arXiv:1502.01852.
 */
public final class PReLU extends LearnedLayer {
    /** Where the paper starts the slopes. */
    public static final double DEFAULT_SLOPE = 0.25;

    private static final long serialVersionUID = 1L;

    static final Entry<Layer> ENTRY = Entry.<Layer>of("prelu", PReLU.class, a -> new Builder()
                    .initialSlope(a.number("slope"))
                    .sharing(a.choice("sharing", Sharing.class))
                    .build())
            .parameter(Parameter.number("slope", DEFAULT_SLOPE, "finite; where the slopes start"))
            .parameter(Parameter.choice("sharing", Sharing.CHANNEL))
            .formula("x for x > 0, else a*x; a is learned")
            .derivative("1 for x > 0, else a; a at 0; with respect to a: min(x, 0)")
            .range("(-inf, inf)")
            .kinks(0)
            .source("He et al. 2015, arXiv:1502.01852")
            .build();

    @JsonProperty
    private double initialSlope = DEFAULT_SLOPE;

    @JsonProperty
    private Sharing sharing = Sharing.CHANNEL;

    private PReLU() {}

    private PReLU(Builder builder) {
        super(builder);
        initialSlope = builder.initialSlope;
        sharing = builder.sharing;
        initializeConstraints(builder);
    }

    /** Where the slopes start. */
    public double getInitialSlope() {
        return initialSlope;
    }

    /** Which elements share a slope. */
    public Sharing getSharing() {
        return sharing;
    }

    @Override
    Map<String, Double> startValues() {
        return Map.of("slope", initialSlope);
    }

    @Override
    Sharing sharing() {
        return sharing;
    }

    @Override
    INDArray value(INDArray x, List<INDArray> parameters) {
        INDArray negative = Ops.relu(x.neg()).muli(parameters.get(0));
        return Ops.relu(x.dup()).subi(negative);
    }

    @Override
    List<INDArray> partials(INDArray x, List<INDArray> parameters) {
        INDArray positive = Ops.above(x.dup(), 0);
        INDArray slope = positive.rsub(1).muli(parameters.get(0)).addi(positive);
        return List.of(slope, Ops.negativePart(x.dup()));
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
        return "prelu(slope=" + initialSlope + ", sharing=" + Parameter.word(sharing) + ")";
    }

    /** The same in one pass. */
    static final class Lanes {
        static final BinaryKernel VALUE = (x, a) -> wherePositive(x, x, x.mul(a));
        static final BinaryKernel SLOPE = (x, a) -> wherePositive(x, broadcast(SPECIES, 1), a);
        private static final BinaryKernel BY_PARAMETER = (x, a) -> x.blend(0, x.compare(GT, 0));

        private Lanes() {}
    }

    /** Collects the settings: slopes start at 0.25, one a channel. */
    @SuppressWarnings("unchecked") // DL4J declares build() with a free type variable
    public static final class Builder extends LearnedLayer.Builder<Builder> {
        private double initialSlope = DEFAULT_SLOPE;
        private Sharing sharing = Sharing.CHANNEL;

        /**
         * Where the slopes start.
         *
         * @param slope a finite number
         * @throws IllegalArgumentException if it is not
         */
        public Builder initialSlope(double slope) {
            initialSlope = Require.finite("initialSlope", slope);
            return this;
        }

        /** Which elements share a slope. */
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
        public PReLU build() {
            return new PReLU(this);
        }
    }
}
