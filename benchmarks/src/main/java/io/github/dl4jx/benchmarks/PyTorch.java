package io.github.dl4jx.benchmarks;

import java.util.Optional;
import java.util.ServiceLoader;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** PyTorch's CPU operators. The module {@code benchmarks/pytorch}, which the profile of that name builds, has them. */
public interface PyTorch {

    /** Versions, for the record; loads no library. */
    String version();

    /** Why the native library cannot be had on this platform; empty if it can. */
    Optional<String> missing();

    /** The operators that compute the pack's activations. */
    Library activations();

    /** Whether {@link #activations} has it. */
    boolean has(String activation);

    /**
     * The same network in training, from its weights, with the loss and the updater of its output layer.
     *
     * @param channelsLast with images, weights and activations in that order in memory, and the updater in one operation;
     *     else as PyTorch comes
     */
    Steps training(ComputationGraph network, boolean channelsLast);

    /** The same network asked for its output, without gradients. */
    Steps inference(ComputationGraph network, boolean channelsLast);

    /** The one on the class path. */
    static Optional<PyTorch> find() {
        return ServiceLoader.load(PyTorch.class).findFirst();
    }

    /** Why there is none to compare with; empty if there is one. */
    static Optional<String> obstacle() {
        return find().map(PyTorch::missing)
                .orElse(Optional.of("not built; 'benchmarks/run -Ppytorch ...' downloads and uses it"));
    }
}
