package io.github.dl4jx.init.health;

import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.OrthogonalDistribution;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.deeplearning4j.nn.weights.WeightInitLecunUniform;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanAvg;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanIn;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanOut;
import org.deeplearning4j.nn.weights.WeightInitVarScalingUniformFanAvg;
import org.deeplearning4j.nn.weights.WeightInitVarScalingUniformFanIn;
import org.deeplearning4j.nn.weights.WeightInitVarScalingUniformFanOut;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.shade.jackson.core.JsonProcessingException;

/** What M2.1's own classes do that is not what their names say. The tests of the pack's two modules show each of it. */
final class BuiltIns {
    /**
     * What is wrong with a class.
     *
     * @param message what it does
     * @param remedy what to take in its place
     */
    record Flaw(Severity severity, String message, String remedy) {}

    private static final Flaw ORTHOGONAL = new Flaw(
            Severity.ERROR,
            "M2.1's OrthogonalDistribution crashes the JVM in some shapes of weights, as [32, 128]",
            "Initializers.get(\"orthogonal\")");

    private static final Map<Class<?>, Flaw> FLAWS = new HashMap<>();

    static {
        FLAWS.put(ActivationSwish.class, notANumber("SWISH has NaN gradients from inputs of 50 on", "swish"));
        FLAWS.put(ActivationMish.class, notANumber("MISH has NaN gradients from inputs of 30 on", "mish"));
        FLAWS.put(
                ActivationGELU.class,
                notANumber(
                        "GELU has NaN gradients from inputs of 30 on, and is x*sigmoid(1.702x) or, in its precise form,"
                                + " wrong by up to 0.03",
                        "gelu"));
        FLAWS.put(
                ActivationSoftPlus.class,
                notANumber("SOFTPLUS overflows: infinite at 100, and its gradient NaN", "softplus"));
        FLAWS.put(
                ActivationRReLU.class,
                new Flaw(
                        Severity.WARNING,
                        "DL4J's RRELU takes the gradient 1 for negative inputs, whatever slope it drew",
                        "the pack's RReLU layer"));
        FLAWS.put(
                ActivationHardSigmoid.class,
                new Flaw(
                        Severity.NOTE,
                        "DL4J's HARDSIGMOID is 0.2x + 0.5, as Keras 2's and ONNX's; PyTorch's and Keras 3's are x/6 + 0.5",
                        "Activations.get(\"hard-sigmoid\") where a model from elsewhere is to be matched"));
        Flaw uniform = variance("3 times the variance that its name states", "LeCun.uniform()");
        FLAWS.put(WeightInitLecunUniform.class, uniform);
        FLAWS.put(WeightInitVarScalingUniformFanIn.class, uniform);
        FLAWS.put(
                WeightInitVarScalingUniformFanOut.class,
                variance("3 times the variance that its name states", "LeCun.uniform() or Xavier.uniform()"));
        FLAWS.put(
                WeightInitVarScalingUniformFanAvg.class,
                variance("3 times the variance that its name states", "Xavier.uniform()"));
        String truncated = "0.77 of the variance that its name states";
        FLAWS.put(WeightInitVarScalingNormalFanIn.class, variance(truncated, "LeCun.truncatedNormal()"));
        FLAWS.put(
                WeightInitVarScalingNormalFanOut.class,
                variance(truncated, "LeCun.truncatedNormal() or Xavier.truncatedNormal()"));
        FLAWS.put(WeightInitVarScalingNormalFanAvg.class, variance(truncated, "Xavier.truncatedNormal()"));
    }

    private BuiltIns() {}

    private static Flaw notANumber(String what, String ours) {
        return new Flaw(Severity.WARNING, "DL4J's " + what, "Activations.get(\"" + ours + "\") in its place");
    }

    private static Flaw variance(String what, String ours) {
        return new Flaw(Severity.WARNING, "DL4J's initialiser draws " + what, ours);
    }

    /** Of an activation; null if nothing is wrong with it. */
    static @Nullable Flaw of(IActivation activation) {
        return FLAWS.get(activation.getClass());
    }

    /** Of an initialiser; null if nothing is wrong with it. */
    static @Nullable Flaw of(IWeightInit initializer) {
        return isOrthogonal(initializer) ? ORTHOGONAL : FLAWS.get(initializer.getClass());
    }

    /** Whether it is DL4J's orthogonal distribution, which nobody should sample; it shows what it holds by its JSON alone. */
    static boolean isOrthogonal(IWeightInit initializer) {
        try {
            return initializer instanceof WeightInitDistribution
                    && NeuralNetConfiguration.mapper()
                            .writeValueAsString(initializer)
                            .contains(OrthogonalDistribution.class.getSimpleName());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
