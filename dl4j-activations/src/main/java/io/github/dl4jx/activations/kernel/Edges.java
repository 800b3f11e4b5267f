package io.github.dl4jx.activations.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a stretch of memory has before its first and after its last whole vector. Both go through a little memory of the
 * thread's own, and so through the very loop that runs over the vectors: a loop of their own, one vector long, would
 * remain in the interpreter for thousands of calls.
 */
final class Edges {
    private static final ThreadLocal<Edges> OF_THREAD = ThreadLocal.withInitial(Edges::new);

    private final ByteBuffer x = twoVectors();
    private final ByteBuffer g = twoVectors();
    private final Object xs = VectorMemory.wrap(x);
    private final Object gs = VectorMemory.wrap(g);

    private Edges() {}

    private static ByteBuffer twoVectors() {
        int bytes = VectorMath.SPECIES.vectorByteSize();
        return ByteBuffer.allocateDirect(3 * bytes).alignedSlice(bytes).order(ByteOrder.nativeOrder());
    }

    /** Overwrites the first {@code head} numbers of {@code x}, and those from {@code tail} on. */
    static void run(Loop loop, Kernel kernel, ByteBuffer x, @Nullable ByteBuffer g, int head, int tail)
            throws Throwable {
        FloatBuffer xf = x.asFloatBuffer();
        int rest = xf.capacity() - tail;
        if (head + rest == 0) {
            return;
        }
        Edges edges = OF_THREAD.get();
        FloatBuffer inside = edges.x.asFloatBuffer();
        int lanes = VectorMath.SPECIES.length();
        int end = head + rest > lanes ? 2 * lanes : lanes;
        join(xf, head, tail, inside);
        if (g == null) {
            loop.forward(kernel, edges.xs, 0, end);
        } else {
            join(g.asFloatBuffer(), head, tail, edges.g.asFloatBuffer());
            loop.backward(kernel, edges.xs, edges.gs, 0, end);
        }
        xf.put(0, inside, 0, head);
        xf.put(tail, inside, head, rest);
    }

    private static void join(FloatBuffer memory, int head, int tail, FloatBuffer inside) {
        inside.put(0, memory, 0, head);
        inside.put(head, memory, tail, memory.capacity() - tail);
    }
}
