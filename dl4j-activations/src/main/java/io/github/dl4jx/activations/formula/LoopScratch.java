package io.github.dl4jx.activations.formula;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What the code of {@link LoopsCompiler} works with: arrays of this thread for intermediate results, and the way between
 * numbers and their bits, which is a copy through memory, since C2 of JDK 17 makes no vectors of a conversion.
 */
final class LoopScratch {
    /** The most numbers of a block, few enough for the first-level cache. */
    static final int LENGTH = 1 << 10;

    private static final ThreadLocal<LoopScratch> OF_THREAD = ThreadLocal.withInitial(LoopScratch::new);

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(LENGTH * Double.BYTES).order(ByteOrder.nativeOrder());
    private float[][] floats = {};
    private double[][] doubles = {};
    private int[][] ints = {};
    private long[][] longs = {};

    private LoopScratch() {}

    static LoopScratch ofThread() {
        return OF_THREAD.get();
    }

    float[][] floats(int count) {
        int known = floats.length;
        if (known < count) {
            floats = Arrays.copyOf(floats, count);
            Arrays.setAll(floats, k -> k < known ? floats[k] : new float[LENGTH]);
        }
        return floats;
    }

    double[][] doubles(int count) {
        int known = doubles.length;
        if (known < count) {
            doubles = Arrays.copyOf(doubles, count);
            Arrays.setAll(doubles, k -> k < known ? doubles[k] : new double[LENGTH]);
        }
        return doubles;
    }

    int[][] ints(int count) {
        int known = ints.length;
        if (known < count) {
            ints = Arrays.copyOf(ints, count);
            Arrays.setAll(ints, k -> k < known ? ints[k] : new int[LENGTH]);
        }
        return ints;
    }

    long[][] longs(int count) {
        int known = longs.length;
        if (known < count) {
            longs = Arrays.copyOf(longs, count);
            Arrays.setAll(longs, k -> k < known ? longs[k] : new long[LENGTH]);
        }
        return longs;
    }

    void toBits(float[] numbers, int[] bits, int count) {
        memory.asFloatBuffer().put(0, numbers, 0, count);
        memory.asIntBuffer().get(0, bits, 0, count);
    }

    void toNumbers(int[] bits, float[] numbers, int count) {
        memory.asIntBuffer().put(0, bits, 0, count);
        memory.asFloatBuffer().get(0, numbers, 0, count);
    }

    void toBits(double[] numbers, long[] bits, int count) {
        memory.asDoubleBuffer().put(0, numbers, 0, count);
        memory.asLongBuffer().get(0, bits, 0, count);
    }

    void toNumbers(long[] bits, double[] numbers, int count) {
        memory.asLongBuffer().put(0, bits, 0, count);
        memory.asDoubleBuffer().get(0, numbers, 0, count);
    }
}
