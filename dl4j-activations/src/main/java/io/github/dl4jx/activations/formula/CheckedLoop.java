package io.github.dl4jx.activations.formula;

import static java.lang.invoke.MethodType.methodType;

import com.sun.management.ThreadMXBean;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A compiled loop that is watched until it runs as it should: C2 may put vectors on the heap, ten times slower, without a
 * word. A loop whose calls still allocate after so much time that C2 must have compiled it is replaced.
 *
 * <p>A method handle calls it, which is no constant to C2, so that C2 does not inline it into its caller: with two loops in
 * one compilation it runs out of nodes within the second.
 */
final class CheckedLoop implements ArrayLoop {
    /** Of the calls that allocate, together. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Bytes of a call that has no vector on the heap. */
    private static final long NEXT_TO_NOTHING = 1000;

    private static final int CALM_CALLS = 10;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long patience;
    private final Supplier<@Nullable ArrayLoop> next;
    private MethodHandle run;
    private volatile boolean settled;
    private volatile boolean failed;
    private long spent;
    private int calm;

    /**
     * @param next the loop to take instead, asked when one fails; null, or a null one, if there is none
     */
    CheckedLoop(ArrayLoop loop, Duration patience, Supplier<@Nullable ArrayLoop> next) {
        run = handle(loop);
        this.patience = patience.toNanos();
        this.next = next;
    }

    private static MethodHandle handle(ArrayLoop loop) {
        Class<?> array = Object.class;
        try {
            return MethodHandles.lookup()
                    .findVirtual(
                            ArrayLoop.class, "run", methodType(void.class, array, array, array, int.class, int.class))
                    .bindTo(loop);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("ArrayLoop is another one", e);
        }
    }

    /** Whether this loop allocates, and there is no other to take instead. */
    boolean hasFailed() {
        return failed;
    }

    @Override
    public void run(Object x, Object g, Object y, int from, int to) throws Throwable {
        if (settled) {
            run.invokeExact(x, g, y, from, to);
            return;
        }
        long start = System.nanoTime();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        run.invokeExact(x, g, y, from, to);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        judge(allocated, System.nanoTime() - start);
    }

    private synchronized void judge(long allocated, long nanos) {
        if (allocated < NEXT_TO_NOTHING) {
            settled |= ++calm >= CALM_CALLS;
            return;
        }
        calm = 0;
        spent += nanos;
        if (spent > patience && !settled) {
            spent = 0;
            ArrayLoop other = next.get();
            settled = other == null;
            failed = other == null;
            if (other != null) {
                run = handle(other);
            }
        }
    }
}
