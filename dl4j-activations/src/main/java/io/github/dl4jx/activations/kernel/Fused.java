package io.github.dl4jx.activations.kernel;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs a kernel over float arrays in one pass, on all threads that ND4J may use. Arrays that lie dense and alike are one
 * stretch of memory, whatever their shape; others are gone through in the order in which the first one lies.
 */
final class Fused {
    /** Elements between two calls of a loop: few enough for HotSpot to have the loop compiled soon. */
    private static final int BLOCK = 1 << 13;

    /** Elements of a stretch: a buffer counts its bytes in an int. */
    static final long LONGEST = 1 << 28;

    private Fused() {}

    /**
     * Overwrites {@code in} with f(in), if there is a kernel of the kind that runs here and it can run over this array.
     *
     * @return whether it did
     */
    static boolean forward(Supplier<@Nullable Kernel> kernel, Supplier<@Nullable BlockKernel> blocks, INDArray in) {
        return run(kernel, blocks, in, null, in);
    }

    /** Overwrites {@code in} with f′(in)·epsilon, as {@link #forward}. */
    static boolean backward(
            Supplier<@Nullable Kernel> kernel, Supplier<@Nullable BlockKernel> blocks, INDArray in, INDArray epsilon) {
        return run(kernel, blocks, in, epsilon, in);
    }

    /**
     * Fills {@code out} with f(in), or with f′(in)·epsilon if there is an upstream gradient; only arrays that lie dense
     * and alike. A block is copied and then overwritten while it is in the cache: the memory sees one pass.
     *
     * @return whether it did
     */
    static boolean into(
            Supplier<@Nullable Kernel> kernel,
            Supplier<@Nullable BlockKernel> blocks,
            INDArray in,
            @Nullable INDArray epsilon,
            INDArray out) {
        return out.dataType() == DataType.FLOAT
                && Strides.of(in.shape(), in.stride(), out.stride(), (epsilon == null ? in : epsilon).stride())
                        .areFlat()
                && run(kernel, blocks, in, epsilon, out);
    }

    private static boolean run(
            Supplier<@Nullable Kernel> kernels,
            Supplier<@Nullable BlockKernel> blocks,
            INDArray in,
            @Nullable INDArray epsilon,
            INDArray out) {
        if (in.dataType() != DataType.FLOAT || (epsilon != null && epsilon.dataType() != DataType.FLOAT)) {
            return false;
        }
        return switch (KernelChoice.path()) {
            case VECTOR -> runVectors(kernels.get(), in, epsilon, out);
            case LOOPS -> runLoops(blocks.get(), in, epsilon, out);
            case ND4J -> false;
        };
    }

    private static boolean runVectors(@Nullable Kernel kernel, INDArray in, @Nullable INDArray epsilon, INDArray out) {
        if (kernel == null) {
            return false;
        }
        Strides strides = strides(in, epsilon);
        if (!strides.areFlat()) {
            return walk(strides, in, epsilon, (x, g, from, to) -> rows(kernel, strides, x, g, from, to));
        }
        try {
            long source = address(in);
            long x = address(out);
            long g = epsilon == null ? 0 : address(epsilon);
            Parallel.run(in.length(), (from, to) -> stretches(kernel, source, x, g, from, to));
        } finally {
            Reference.reachabilityFence(in); // an address does not keep the memory
            Reference.reachabilityFence(epsilon);
            Reference.reachabilityFence(out);
        }
        return true;
    }

    private static boolean runLoops(
            @Nullable BlockKernel kernel, INDArray in, @Nullable INDArray epsilon, INDArray out) {
        if (kernel == null || in.length() > (epsilon == null ? kernel.longestForward() : kernel.longestBackward())) {
            return false;
        }
        Strides strides = strides(in, epsilon);
        if (out == in) {
            return walk(strides, in, epsilon, (x, g, from, to) -> blocks(kernel, strides, x, g, x, from, to));
        }
        try {
            FloatBuffer y = floats(address(out), strides.span(strides.first()));
            return walk(strides, in, epsilon, (x, g, from, to) -> blocks(kernel, strides, x, g, y, from, to));
        } finally {
            Reference.reachabilityFence(out);
        }
    }

    private static Strides strides(INDArray in, @Nullable INDArray epsilon) {
        return Strides.of(in.shape(), in.stride(), (epsilon == null ? in : epsilon).stride());
    }

    /** Elements from, …, to − 1 in the order of the strides. */
    private interface Walk {
        void run(FloatBuffer x, @Nullable FloatBuffer g, long from, long to) throws Throwable;
    }

    private static boolean walk(Strides strides, INDArray in, @Nullable INDArray epsilon, Walk body) {
        if (!canBeWalked(strides)) {
            return false;
        }
        try {
            FloatBuffer x = floats(address(in), strides.span(strides.first()));
            FloatBuffer g = epsilon == null ? null : floats(address(epsilon), strides.span(strides.second()));
            Parallel.run(in.length(), (from, to) -> body.run(x, g, from, to));
        } finally {
            Reference.reachabilityFence(in); // an address does not keep the memory
            Reference.reachabilityFence(epsilon);
        }
        return true;
    }

    private static boolean canBeWalked(Strides strides) {
        return strides.areOrderly()
                && strides.span(strides.first()) <= LONGEST
                && strides.span(strides.second()) <= LONGEST;
    }

    private static void stretches(Kernel kernel, long source, long x, long g, long from, long to) throws Throwable {
        for (long at = from; at < to; at += LONGEST) {
            long offset = at * Float.BYTES;
            stretch(kernel, source + offset, x + offset, g == 0 ? 0 : g + offset, (int) Math.min(LONGEST, to - at));
        }
    }

    /** Whole vectors from the first aligned place on; then the {@link Edges}. */
    private static void stretch(Kernel kernel, long source, long x, long g, int count) throws Throwable {
        Loop loop = Loops.of(kernel);
        int lanes = VectorMath.SPECIES.length();
        int bytes = VectorMath.SPECIES.vectorByteSize();
        int head = Math.min(count, (int) (-x & (bytes - 1)) / Float.BYTES);
        int tail = head + (count - head) / lanes * lanes;
        ByteBuffer xb = bytes(x, count); // made once: that costs more than a thousand elements of ReLU
        ByteBuffer gb = g == 0 ? null : bytes(g, count);
        if (source != x) {
            copy(source, x, 0, head);
            copy(source, x, tail, count);
        }
        Edges.run(loop, kernel, xb, gb, head, tail);
        Object xs = VectorMemory.wrap(xb);
        Object gs = gb == null ? xs : VectorMemory.wrap(gb);
        for (int from = head; from < tail; from += BLOCK) {
            int to = Math.min(tail, from + BLOCK);
            if (source != x) {
                copy(source, x, from, to);
            }
            if (gb == null) {
                loop.forward(kernel, xs, from, to);
            } else {
                loop.backward(kernel, xs, gs, from, to);
            }
        }
    }

    /** Elements from, …, to − 1. */
    private static void copy(long source, long x, int from, int to) {
        long offset = (long) from * Float.BYTES;
        long bytes = (long) (to - from) * Float.BYTES;
        if (bytes > 0) {
            Pointer.memcpy(new Memory(x + offset, bytes), new Memory(source + offset, bytes), bytes);
        }
    }

    /** Elements from, …, to − 1 in the order of the strides, gathered into heap arrays block by block. */
    private static void rows(Kernel kernel, Strides strides, FloatBuffer x, @Nullable FloatBuffer g, long from, long to)
            throws Throwable {
        Loop loop = Loops.of(kernel);
        int lanes = VectorMath.SPECIES.length();
        int length = (int) Math.min(BLOCK, (to - from + lanes - 1) / lanes * lanes);
        float[] xs = new float[length];
        float[] gs = new float[length];
        for (long at = from; at < to; at += length) {
            int count = (int) Math.min(length, to - at);
            gather(strides, strides.first(), x, at, xs, count);
            if (g == null) {
                loop.forward(kernel, xs, length);
            } else {
                gather(strides, strides.second(), g, at, gs, count);
                loop.backward(kernel, xs, gs, length);
            }
            scatter(strides, x, at, xs, count);
        }
    }

    /** The same in plain loops. */
    private static void blocks(
            BlockKernel kernel,
            Strides strides,
            FloatBuffer x,
            @Nullable FloatBuffer g,
            FloatBuffer y,
            long from,
            long to) {
        for (long at = from; at < to; at += Block.LENGTH) {
            int count = (int) Math.min(Block.LENGTH, to - at);
            Block block = Block.first(count);
            gather(strides, strides.first(), x, at, block.values(), count);
            Block result;
            if (g == null) {
                result = kernel.value(block);
            } else {
                Block upstream = block.another();
                gather(strides, strides.second(), g, at, upstream.values(), count);
                result = kernel.slope(block).times(upstream);
            }
            scatter(strides, y, at, result.values(), count);
        }
    }

    private static void gather(Strides strides, long[] side, FloatBuffer memory, long at, float[] block, int count) {
        for (int done = 0; done < count; ) {
            int run = (int) Math.min(count - done, strides.restOfRow(at + done));
            read(memory, strides.place(at + done, side), strides.step(side), block, done, run);
            done += run;
        }
    }

    private static void scatter(Strides strides, FloatBuffer memory, long at, float[] block, int count) {
        long[] side = strides.first();
        for (int done = 0; done < count; ) {
            int run = (int) Math.min(count - done, strides.restOfRow(at + done));
            write(block, done, memory, strides.place(at + done, side), strides.step(side), run);
            done += run;
        }
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

    static long address(INDArray array) {
        return array.data().pointer().address() + array.offset() * Float.BYTES;
    }

    static FloatBuffer floats(long address, long count) {
        return bytes(address, count).asFloatBuffer();
    }

    static ByteBuffer bytes(long address, long count) {
        return new Memory(address, count * Float.BYTES).asByteBuffer();
    }

    /** Memory that ND4J owns, by its address. */
    private static final class Memory extends Pointer {
        Memory(long address, long bytes) {
            this.address = address;
            limit = bytes;
            capacity = bytes;
        }

        @Override
        public int sizeof() {
            return 1;
        }
    }
}
