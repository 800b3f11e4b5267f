package io.github.dl4jx.activations.formula;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What a stretch of memory has before its first and after its last whole vector. Both go through a little memory of the
 * thread's own, and so through the very loop that runs over the vectors: a loop of their own, one vector long, would
 * remain in the interpreter for thousands of calls.
 */
final class Edges {
    private static final ThreadLocal<Edges> OF_THREAD = ThreadLocal.withInitial(Edges::new);

    private final int vector = Lanes.FLOATS.vectorByteSize();
    private final ByteBuffer x = threeVectors();
    private final ByteBuffer g = threeVectors();
    private final Object xs = VectorMemory.wrap(x);
    private final Object gs = VectorMemory.wrap(g);

    private Edges() {}

    static Edges ofThread() {
        return OF_THREAD.get();
    }

    private ByteBuffer threeVectors() {
        return ByteBuffer.allocateDirect(4 * vector).alignedSlice(vector).order(ByteOrder.nativeOrder());
    }

    /** Computes the first {@code head} bytes and those from {@code tail} on, and keeps the results until {@link #put}. */
    void run(ArrayLoop loop, Precision precision, ByteBuffer from, @Nullable ByteBuffer upstream, int head, int tail)
            throws Throwable {
        int bytes = head + from.capacity() - tail;
        join(from, head, tail, x);
        if (upstream != null) {
            join(upstream, head, tail, g);
        }
        loop.run(xs, gs, xs, 0, (bytes + vector - 1) / vector * vector / precision.bytes);
    }

    private static void join(ByteBuffer memory, int head, int tail, ByteBuffer inside) {
        inside.put(0, memory, 0, head);
        inside.put(head, memory, tail, memory.capacity() - tail);
    }

    void put(ByteBuffer to, int head, int tail) {
        to.put(0, x, 0, head);
        to.put(tail, x, head, to.capacity() - tail);
    }
}
