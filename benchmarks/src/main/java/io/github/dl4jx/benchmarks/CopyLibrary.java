package io.github.dl4jx.benchmarks;

import java.util.concurrent.locks.LockSupport;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What memory allows: {@code copy} by the C library's memcpy, each of two threads a half, and {@code assign}, ND4J's own.
 * Forwards an activation reads n floats and writes n, as a copy of n does; backwards it reads 2n and writes n, as much as
 * a copy of 1.5n moves.
 */
final class CopyLibrary implements Library {
    /** Fewer bytes than this are copied by one thread. */
    private static final long WORTH_TWO = 1 << 18;

    @Override
    public boolean has(String function, String part) {
        return function.equals("copy") || (function.equals("assign") && part.equals(Case.FORWARD));
    }

    @Override
    public double tolerance(String function) {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public Operation open(Case of, Inputs inputs) {
        return onArrays(of);
    }

    static OnArrays onArrays(Case of) {
        int size = of.part().equals(Case.FORWARD) ? of.size() : of.size() * 3 / 2;
        return of.subject().equals("assign") ? new Assign(size) : new Copy(size);
    }

    /** Two arrays, and one to restore from. */
    abstract static class OnArrays implements Operation {
        final INDArray original;
        final INDArray from;
        final INDArray to;

        OnArrays(int size) {
            original = Nd4j.randn(DataType.FLOAT, size);
            from = original.dup();
            to = original.dup();
        }

        /** As for the activations: the input has just been written. */
        @Override
        public void restore() {
            ActivationLibrary.copy(original, from);
        }

        @Override
        public float[] result() {
            restore();
            run();
            return to.data().asFloat();
        }

        @Override
        public void close() {
            original.close();
            from.close();
            to.close();
        }
    }

    private static final class Assign extends OnArrays {
        Assign(int size) {
            super(size);
        }

        @Override
        public int repeats() {
            return 1;
        }

        @Override
        public void run() {
            to.assign(from);
        }
    }

    private static final class Copy extends OnArrays {
        private static final int SMALL_REPEATS = 16;
        private final Pointer source;
        private final Pointer target;
        private final Pointer secondSource;
        private final Pointer secondTarget;
        private final long bytes;
        private final long first;
        private final Thread helper;

        /** What the helper is to do, and says when it has begun to: the next copy may then be ordered. */
        private volatile State state = State.ASLEEP;

        Copy(int size) {
            super(size);
            bytes = (long) Float.BYTES * size;
            first = bytes < WORTH_TWO ? bytes : bytes / 2;
            source = from.data().addressPointer();
            target = to.data().addressPointer();
            secondSource = new BytePointer(source).position(first);
            secondTarget = new BytePointer(target).position(first);
            helper = new Thread(this::copySecondHalves, "copy");
            helper.setDaemon(true);
            if (first < bytes) {
                helper.start();
            }
        }

        private enum State {
            ASLEEP,
            WAKING,
            AWAKE,
            COPYING,
            ENDED
        }

        /**
         * It is woken before the timed part, since waking takes as long as to copy a good part of the middle size, and
         * sleeps between, or the scheduler would make it pay for its waiting when it is needed.
         */
        private void copySecondHalves() {
            while (state != State.ENDED) {
                if (state == State.ASLEEP) {
                    LockSupport.park();
                } else if (state == State.WAKING) {
                    state = State.AWAKE;
                } else if (state == State.COPYING) {
                    Pointer.memcpy(secondTarget, secondSource, bytes - first);
                    state = State.ASLEEP;
                } else {
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public void restore() {
            super.restore();
            if (first < bytes) {
                state = State.WAKING;
                LockSupport.unpark(helper);
                await(State.AWAKE);
            }
        }

        private void await(State awaited) {
            while (state != awaited) {
                Thread.onSpinWait();
            }
        }

        @Override
        public int repeats() {
            return first < bytes ? 1 : SMALL_REPEATS;
        }

        @Override
        public void run() {
            if (first == bytes) {
                for (int i = 0; i < SMALL_REPEATS; i++) {
                    Pointer.memcpy(target, source, bytes);
                }
                return;
            }
            state = State.COPYING;
            Pointer.memcpy(target, source, first);
            await(State.ASLEEP);
        }

        @Override
        public void close() {
            state = State.ENDED;
            LockSupport.unpark(helper);
            try {
                helper.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            super.close();
        }
    }
}
