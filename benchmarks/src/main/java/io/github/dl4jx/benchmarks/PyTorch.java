package io.github.dl4jx.benchmarks;

import java.util.Optional;
import java.util.ServiceLoader;

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

    /** The network of {@link ConvolutionTraining} with the given activation. */
    Training training(String activation);

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
