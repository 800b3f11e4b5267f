package io.github.dl4jx.activations.dropout;

import static jdk.incubator.vector.VectorOperators.EQ;

import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.formula.BinaryKernel;
import io.github.dl4jx.activations.formula.FusedBroadcast;
import io.github.dl4jx.catalogue.Require;
import java.math.BigDecimal;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.BernoulliDistribution;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Dropout for {@link SELU}: a dropped element becomes SELU's negative limit instead of 0, and an affine map brings mean
 * and variance back to those of the input.
 *
 * <pre>
 * y     = a·(x·m + α′·(1 − m)) + b            m = 1 with probability 1 − p, else 0
 * dL/dx = a·m·g
 * α′ = −λα = −1.7580993408473766   a = [(1 − p)(1 + p·α′²)]^(−½)   b = −a·p·α′
 * </pre>
 *
 * <p>There is no public constructor, because DL4J's class of the same name takes the probability of <i>retaining</i>
 * where most papers state the one of <i>dropping</i>: {@link #dropping} and {@link #retaining} say which one is meant.
 *
 * <p>DL4J applies dropout to a layer's <i>input</i>: set it on the layer that follows a SELU layer, or in a
 * {@code DropoutLayer}; release M2.1 ignores it on an {@code ActivationLayer}. Inference leaves the input as it is. An
 * instance holds the mask of one forward pass, so each layer needs its own; DL4J clones the configuration for each
 * network. Klambauer et al., arXiv:1706.02515, section 3.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
public final class AlphaDropout implements IDropout {
    private static final long serialVersionUID = 1L;
    private static final double ALPHA_PRIME = -SELU.LAMBDA * SELU.ALPHA;

    private static final double LEAST_RETAINED = 1e-16;

    private final double dropProbability;

    /** What backprop needs of the forward pass: 1 where retained, 0 where dropped. */
    private transient @Nullable INDArray mask;

    @JsonCreator
    private AlphaDropout(@JsonProperty("dropProbability") double dropProbability) {
        this.dropProbability = Require.halfOpen("drop probability", dropProbability, 0, 1);
    }

    /**
     * Drops each element with probability {@code p}.
     *
     * @param p drop probability in [0, 1)
     * @throws IllegalArgumentException if it is outside
     */
    public static AlphaDropout dropping(double p) {
        return new AlphaDropout(p);
    }

    /**
     * Keeps each element with probability {@code q}.
     *
     * @param q retain probability in [1e-16, 1]: below, 1 − q is 1 in double
     * @throws IllegalArgumentException if it is outside
     */
    public static AlphaDropout retaining(double q) {
        Require.closed("retain probability", q, LEAST_RETAINED, 1);
        // in decimal, so that retaining(0.9) equals dropping(0.1)
        return new AlphaDropout(BigDecimal.ONE.subtract(BigDecimal.valueOf(q)).doubleValue());
    }

    /** p. */
    public double getDropProbability() {
        return dropProbability;
    }

    /** a. */
    private double scale() {
        return 1 / Math.sqrt((1 - dropProbability) * (1 + dropProbability * ALPHA_PRIME * ALPHA_PRIME));
    }

    @Override
    public INDArray applyDropout(
            INDArray inputActivations, INDArray resultArray, int iteration, int epoch, LayerWorkspaceMgr workspaceMgr) {
        INDArray drawn = workspaceMgr.createUninitialized(
                ArrayType.INPUT, inputActivations.dataType(), inputActivations.shape(), inputActivations.ordering());
        Nd4j.getExecutioner().exec(new BernoulliDistribution(drawn, 1 - dropProbability));
        mask = drawn;
        double a = scale();
        double b = -a * dropProbability * ALPHA_PRIME;
        if (FusedBroadcast.map(() -> Lanes.value((float) a, (float) b), inputActivations, drawn, resultArray)) {
            return resultArray;
        }
        if (resultArray != inputActivations) {
            resultArray.assign(inputActivations);
        }
        INDArray replacements = drawn.rsub(1).muli(ALPHA_PRIME);
        return resultArray.muli(drawn).addi(replacements).muli(a).addi(b);
    }

    @Override
    public INDArray backprop(INDArray gradAtOutput, INDArray gradAtInput, int iteration, int epoch) {
        INDArray drawn = mask;
        if (drawn == null) {
            throw new IllegalStateException("backprop without a forward pass in training mode: the mask is absent");
        }
        mask = null;
        if (FusedBroadcast.map(() -> Lanes.gradient((float) scale()), gradAtOutput, drawn, gradAtInput)) {
            return gradAtInput;
        }
        if (gradAtInput != gradAtOutput) {
            gradAtInput.assign(gradAtOutput);
        }
        return gradAtInput.muli(drawn).muli(scale());
    }

    @Override
    public void clear() {
        mask = null;
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // a copy shares no mask
    public AlphaDropout clone() {
        return new AlphaDropout(dropProbability);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AlphaDropout that && dropProbability == that.dropProbability;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(dropProbability);
    }

    @Override
    public String toString() {
        return "AlphaDropout(dropProbability=" + dropProbability + ")";
    }

    /** The same in one pass, with the mask m. */
    private static final class Lanes {
        private Lanes() {}

        static BinaryKernel value(float a, float b) {
            float replacement = (float) ALPHA_PRIME * a + b;
            return (x, m) -> x.mul(a).add(b).blend(replacement, m.compare(EQ, 0));
        }

        static BinaryKernel gradient(float a) {
            return (g, m) -> g.mul(m.mul(a));
        }
    }
}
