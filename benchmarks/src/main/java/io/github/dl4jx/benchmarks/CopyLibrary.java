package io.github.dl4jx.benchmarks;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What memory allows: the C library's memcpy, each of two threads a half. Forwards an activation reads n floats and writes
 * n, as a copy of n does; backwards it reads 2n and writes n, as much as a copy of 1.5n moves. It is measured beside each
 * function, so that both meet the same machine.
 */
final class CopyLibrary implements Library {
    /** Fewer bytes than this are copied by one thread, several times a run. */
    private static final long WORTH_TWO = 1 << 18;

    private static final int SMALL_REPEATS = 16;

    @Override
    public boolean has(String function, String part) {
        return true;
    }

    @Override
    public double tolerance(String function) {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public Operation open(Case of, Inputs inputs) {
        return new Copy(of.part().equals(Case.FORWARD) ? of.size() : of.size() * 3 / 2);
    }

    static final class Copy implements Operation {
        private final INDArray original;
        private final INDArray from;
        private final INDArray to;
        private final long bytes;

        Copy(int size) {
            original = Nd4j.randn(DataType.FLOAT, size);
            from = original.dup();
            to = Nd4j.zeros(DataType.FLOAT, size);
            bytes = (long) Float.BYTES * size;
        }

        /** As for the activations: the input has just been written. */
        @Override
        public void restore() {
            ActivationLibrary.copy(original, from);
        }

        @Override
        public int repeats() {
            return bytes < WORTH_TWO ? SMALL_REPEATS : 1;
        }

        @Override
        public void run() {
            if (bytes < WORTH_TWO) {
                for (int i = 0; i < SMALL_REPEATS; i++) {
                    copy(0, bytes);
                }
            } else {
                ForkJoinTask<?> secondHalf = ForkJoinPool.commonPool().submit(() -> copy(bytes / 2, bytes - bytes / 2));
                copy(0, bytes / 2);
                secondHalf.join();
            }
        }

        private void copy(long offset, long count) {
            Pointer source = new BytePointer(from.data().addressPointer()).position(offset);
            Pointer target = new BytePointer(to.data().addressPointer()).position(offset);
            Pointer.memcpy(target, source, count);
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
}
