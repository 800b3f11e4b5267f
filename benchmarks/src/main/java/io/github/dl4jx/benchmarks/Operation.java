package io.github.dl4jx.benchmarks;

/** One function, in one direction, on arrays of one size. */
public interface Operation extends AutoCloseable {
    /** How often one {@link #run} computes it: more than once where calling would cost as much as computing. */
    int repeats();

    /** Gives the input its values back, outside of the timed part. */
    void restore();

    /** The timed part. */
    void run();

    /** What it computes. */
    float[] result();

    @Override
    void close();
}
