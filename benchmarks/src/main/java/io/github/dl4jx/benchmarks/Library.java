package io.github.dl4jx.benchmarks;

/** An implementation of activations. */
public interface Library {
    /** Whether it has the function, in the given part. */
    boolean has(String function, String part);

    /** How far it may be from the pack, relative to max(1, |value|); infinite for what is no activation. */
    default double tolerance(String function) {
        return 1e-4;
    }

    /** Gets the arrays ready. */
    Operation open(Case of, Inputs inputs);
}
