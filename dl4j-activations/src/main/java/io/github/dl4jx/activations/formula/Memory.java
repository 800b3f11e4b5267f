package io.github.dl4jx.activations.formula;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Memory that ND4J owns, by its address; whoever uses it keeps the array reachable meanwhile. */
final class Memory extends Pointer {
    /** Bytes of a stretch: a buffer counts them in an int. */
    static final long LONGEST = 1 << 30;

    private Memory(long address, long bytes) {
        this.address = address;
        limit = bytes;
        capacity = bytes;
    }

    static long address(INDArray array) {
        return array.data().pointer().address() + array.offset() * array.data().getElementSize();
    }

    static FloatBuffer floats(long address, long count) {
        return bytes(address, count * Float.BYTES).asFloatBuffer();
    }

    static ByteBuffer bytes(long address, long bytes) {
        return new Memory(address, bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** The numbers at place, place + step, …, to the block from {@code at} on. */
    static void read(FloatBuffer memory, int place, int step, float[] block, int at, int count) {
        if (step == 1) {
            memory.get(place, block, at, count);
        } else {
            for (int i = 0; i < count; i++) {
                block[at + i] = memory.get(place + i * step);
            }
        }
    }

    /** The way back. */
    static void write(float[] block, int at, FloatBuffer memory, int place, int step, int count) {
        if (step == 1) {
            memory.put(place, block, at, count);
        } else {
            for (int i = 0; i < count; i++) {
                memory.put(place + i * step, block[at + i]);
            }
        }
    }

    /** The same for doubles. */
    static void read(DoubleBuffer memory, int place, int step, double[] block, int at, int count) {
        if (step == 1) {
            memory.get(place, block, at, count);
        } else {
            for (int i = 0; i < count; i++) {
                block[at + i] = memory.get(place + i * step);
            }
        }
    }

    /** The way back. */
    static void write(double[] block, int at, DoubleBuffer memory, int place, int step, int count) {
        if (step == 1) {
            memory.put(place, block, at, count);
        } else {
            for (int i = 0; i < count; i++) {
                memory.put(place + i * step, block[at + i]);
            }
        }
    }

    @Override
    public int sizeof() {
        return 1;
    }
}
