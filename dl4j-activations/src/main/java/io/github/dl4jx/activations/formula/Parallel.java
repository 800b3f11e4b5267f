package io.github.dl4jx.activations.formula;

import java.util.concurrent.RecursiveAction;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/** Splits a range among as many threads as ND4J uses. The others are those of Java's common pool. */
final class Parallel {
    /** Waking a thread costs as much as some ten thousand elements. */
    private static final long WORTH_A_THREAD = 1 << 16;

    /** Pieces begin at multiples of this, so that they begin at whole vectors and cache lines. */
    private static final long GRAIN = 1 << 10;

    private Parallel() {}

    /** Something to do for part of a range. */
    interface Body {
        /** For the positions from, …, to − 1. It throws what method handles declare: nothing that is checked. */
        void run(long from, long to) throws Throwable;
    }

    /** Runs the body for all of 0, …, length − 1; returns when all is done. */
    static void run(long length, Body body) {
        run(length, pieces(length), GRAIN, body);
    }

    /** The same for positions that are some elements each. */
    static void run(long length, long elements, Body body) {
        run(length, Math.min(length, pieces(length * elements)), 1, body);
    }

    private static void run(long length, long pieces, long grain, Body body) {
        if (pieces == 1) {
            run(body, 0, length);
        } else {
            new Range(0, length, pieces, grain, body).invoke();
        }
    }

    private static void run(Body body, long from, long to) {
        try {
            body.run(from, to);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** What a method handle threw, which declares anything. */
    static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }

    /** How often {@link #run} calls the body. */
    static int pieces(long length) {
        return (int) Math.max(1, Math.min(threads(), length / WORTH_A_THREAD));
    }

    /** In M2.1 only the master threads can be set; the others stay what OMP_NUM_THREADS or the machine says. */
    private static int threads() {
        Environment environment = Nd4j.getEnvironment();
        return Math.min(environment.maxThreads(), environment.maxMasterThreads());
    }

    private static final class Range extends RecursiveAction {
        private static final long serialVersionUID = 1L;

        private final long from;
        private final long to;
        private final long pieces;
        private final long grain;
        private final transient Body body;

        Range(long from, long to, long pieces, long grain, Body body) {
            this.from = from;
            this.to = to;
            this.pieces = pieces;
            this.grain = grain;
            this.body = body;
        }

        @Override
        protected void compute() {
            if (pieces == 1) {
                Parallel.run(body, from, to);
            } else {
                long left = pieces / 2;
                long middle = from + (to - from) * left / pieces / grain * grain;
                invokeAll(
                        new Range(from, middle, left, grain, body), new Range(middle, to, pieces - left, grain, body));
            }
        }
    }
}
