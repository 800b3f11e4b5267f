package io.github.dl4jx.init.data;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads an array on the heap, a cache's worth at a time and in double: ND4J's own sums of a million floats may be some per cent
 * off.
 */
final class Chunks {
    /** Values that are read at once: they stay in the processor's cache. */
    private static final int CHUNK = 1 << 13;

    private Chunks() {}

    /** What is done with the values. */
    @FunctionalInterface
    interface Sink {
        /** Takes the next {@code length} values, which are the first of {@code chunk}. */
        void take(double[] chunk, int length);
    }

    /** All values, of any type, shape and order, in whatever order they lie in memory. */
    static void read(INDArray array, Sink sink) {
        INDArray real = real(array);
        readDense(real.elementWiseStride() == 1 ? real : real.dup(), sink);
    }

    /** The same array, or a copy, of floats or doubles that lie in memory by their shape and {@link INDArray#ordering}. */
    static INDArray ordered(INDArray array) {
        INDArray real = real(array);
        long[] strides = real.ordering() == 'c'
                ? ArrayUtil.calcStrides(real.shape())
                : ArrayUtil.calcStridesFortran(real.shape());
        return Arrays.equals(real.stride(), strides) ? real : real.dup('c');
    }

    /** As {@link #read}, of an array that {@link #ordered} returned: its values come in that order. */
    static void readDense(INDArray dense, Sink sink) {
        Nd4j.getAffinityManager().ensureLocation(dense, AffinityManager.Location.HOST);
        try {
            if (dense.dataType() == DataType.FLOAT) {
                readFloats(dense, sink);
            } else {
                readDoubles(dense, sink);
            }
        } finally {
            Reference.reachabilityFence(dense); // a pointer does not keep the memory
        }
    }

    /** By pointers, whose positions are longs: Java's own buffers end at 2 GiB. */
    private static void readFloats(INDArray dense, Sink sink) {
        FloatPointer memory = new FloatPointer(dense.data().pointer());
        float[] floats = new float[CHUNK];
        double[] chunk = new double[CHUNK];
        for (long at = 0; at < dense.length(); at += CHUNK) {
            int length = (int) Math.min(dense.length() - at, CHUNK);
            memory.position(dense.offset() + at).get(floats, 0, length);
            for (int i = 0; i < length; i++) {
                chunk[i] = floats[i];
            }
            sink.take(chunk, length);
        }
    }

    private static void readDoubles(INDArray dense, Sink sink) {
        DoublePointer memory = new DoublePointer(dense.data().pointer());
        double[] chunk = new double[CHUNK];
        for (long at = 0; at < dense.length(); at += CHUNK) {
            int length = (int) Math.min(dense.length() - at, CHUNK);
            memory.position(dense.offset() + at).get(chunk, 0, length);
            sink.take(chunk, length);
        }
    }

    private static INDArray real(INDArray array) {
        return array.dataType() == DataType.FLOAT ? array : array.castTo(DataType.DOUBLE);
    }
}
