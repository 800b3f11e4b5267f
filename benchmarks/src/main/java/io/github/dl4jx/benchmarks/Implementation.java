package io.github.dl4jx.benchmarks;

import java.util.List;
import java.util.Map;

/**
 * One of those that are compared, and what its JVM is started with.
 *
 * @param name in the results
 * @param label in the chart
 * @param flags of the JVM, besides those that all have
 * @param environment of the JVM, besides the threads that all have
 */
record Implementation(String name, String label, List<String> flags, Map<String, String> environment) {
    /** As many as there are cores, for ND4J and PyTorch alike. */
    static final int THREADS = Runtime.getRuntime().availableProcessors();

    /** Glibc keeps what was freed, so that no page faults of fresh memory are charged to who allocates in each step. */
    private static final Map<String, String> KEPT_MEMORY =
            Map.of("MALLOC_ARENA_MAX", "1", "MALLOC_MMAP_MAX_", "0", "MALLOC_TRIM_THRESHOLD_", "8589934592");

    static final Implementation DL4J = plain("dl4j", "DL4J");

    /** What users get who start Java without the flag of {@link #VECTOR}. */
    static final Implementation LOOPS =
            new Implementation("loops", "dl4jx without the flag", List.of("-Dio.github.dl4jx.kernels=loops"), Map.of());

    static final Implementation VECTOR = new Implementation(
            "vector",
            "dl4jx",
            List.of("--add-modules", "jdk.incubator.vector", "-Dio.github.dl4jx.kernels=vector"),
            Map.of());

    /** DJL must not look for the library on the network, nor report its use, nor unpack into the user's home. */
    static final Implementation PYTORCH = new Implementation(
            "pytorch",
            "PyTorch",
            List.of(
                    "-Dai.djl.offline=true",
                    "-DOPT_OUT_TRACKING=true",
                    "-Dai.djl.pytorch.num_threads=" + THREADS,
                    "-DENGINE_CACHE_DIR=benchmarks/pytorch/target/djl"),
            KEPT_MEMORY);

    /** As {@link #PYTORCH}, in the memory format that its documentation recommends on CPUs. */
    static final Implementation PYTORCH_CHANNELS_LAST =
            new Implementation("pytorch-channels-last", "PyTorch channels-last", PYTORCH.flags(), KEPT_MEMORY);

    /** Whether it is PyTorch, in whatever form. */
    boolean isPyTorch() {
        return name.startsWith(PYTORCH.name());
    }

    static Implementation plain(String name, String label) {
        return new Implementation(name, label, List.of(), Map.of());
    }

    /** The same where freed memory is kept, as PyTorch always has it here. */
    Implementation withKeptMemory() {
        return new Implementation(name, label, flags, KEPT_MEMORY);
    }
}
