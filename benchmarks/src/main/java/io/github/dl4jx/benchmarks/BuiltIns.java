package io.github.dl4jx.benchmarks;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * DL4J's own activations, by the pack's names for the same functions. DL4J has no abrelu, celu, hard-swish,
 * shifted-softplus or step, and its hard sigmoid is another function, 0.2x + 0.5.
 */
final class BuiltIns {
    private static final Map<String, Supplier<IActivation>> BY_NAME = Map.ofEntries(
            Map.entry("elu", ActivationELU::new),
            // what a DL4J user gets for either form, though neither is right: x·σ(1.702x), and tanh of a wrong cubic
            Map.entry("gelu", () -> new ActivationGELU(false)),
            Map.entry("gelu(form=tanh)", () -> new ActivationGELU(true)),
            Map.entry("identity", ActivationIdentity::new),
            Map.entry("leakyrelu", ActivationLReLU::new),
            Map.entry("mish", ActivationMish::new),
            Map.entry("relu", ActivationReLU::new),
            Map.entry("relu6", ActivationReLU6::new),
            Map.entry("selu", ActivationSELU::new),
            Map.entry("sigmoid", ActivationSigmoid::new),
            Map.entry("softmax", ActivationSoftmax::new),
            Map.entry("softplus", ActivationSoftPlus::new),
            Map.entry("softsign", ActivationSoftSign::new),
            Map.entry("swish", ActivationSwish::new),
            Map.entry("tanh", ActivationTanH::new));

    private BuiltIns() {}

    static Optional<IActivation> get(String specification) {
        return Optional.ofNullable(BY_NAME.get(specification)).map(Supplier::get);
    }

    /** As {@link Library#tolerance}. */
    static double tolerance(String specification) {
        return specification.startsWith("gelu") ? 0.2 : 1e-4;
    }
}
