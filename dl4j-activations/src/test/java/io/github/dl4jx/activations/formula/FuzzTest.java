package io.github.dl4jx.activations.formula;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.dl4jx.activations.Proofs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random formulas of up to 60 operations, forwards and backwards: are they right, and does C2 keep all vectors off the heap?
 * {@code dl4j-activations/prove fuzz} runs it, and not the build.
 */
@Tag("long")
class FuzzTest {
    private static final int FORMULAS = Integer.getInteger("fuzz.formulas", 2000);
    private static final int LARGEST = 60;
    private static final int LENGTH = 1 << 13;
    private static final int CHECKED = 256;
    private static final long NEXT_TO_NOTHING = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ByteBuffer x = memory();
    private final ByteBuffer g = memory();
    private final ByteBuffer y = memory();

    private static ByteBuffer memory() {
        return ByteBuffer.allocateDirect(LENGTH * Float.BYTES + 64)
                .alignedSlice(64)
                .order(ByteOrder.nativeOrder());
    }

    @Test
    void randomFormulas() throws IOException {
        Random random = new Random(11);
        for (int i = 0; i < LENGTH; i++) {
            x.putFloat(4 * i, (float) (random.nextGaussian() * (i % 4 == 0 ? 20 : 2)));
            g.putFloat(4 * i, (float) random.nextGaussian());
        }
        StringBuilder findings = new StringBuilder();
        int allocating = 0;
        int wrong = 0;
        for (int seed = 0; seed < FORMULAS; seed++) {
            Formula f = Samples.random(new Random(seed), 1 + seed % LARGEST);
            for (boolean isGradient : new boolean[] {false, true}) {
                Formula part = isGradient ? f.derivative() : f;
                ArrayLoop loop = new CheckedLoop(
                        Engine.MEMORY.loop(part, Precision.FLOAT, isGradient), PATIENCE.multipliedBy(2), () -> null);
                long bytes = settled(loop);
                String objection = objection(isGradient ? part.timesUpstream() : part);
                allocating += bytes > NEXT_TO_NOTHING ? 1 : 0;
                wrong += objection.isEmpty() ? 0 : 1;
                if (bytes > NEXT_TO_NOTHING || !objection.isEmpty()) {
                    findings.append("- %d%s: %d bytes a call; %s `%s`%n"
                            .formatted(seed, isGradient ? " backwards" : "", bytes, objection, f));
                }
            }
        }
        Proofs.write(
                "fuzz-" + Runtime.version().feature() + ".md",
                "# Random formulas, forwards and backwards, on vectors of floats\n\n" + Proofs.conditions("fuzz")
                        + "%d formulas of 1 to %d operations, %d loops; %d allocate after warm-up, %d are wrong.%n%n"
                                .formatted(FORMULAS, LARGEST, 2 * FORMULAS, allocating, wrong)
                        + findings);
        assertThat(allocating + wrong).isZero();
    }

    /** The bytes of a call in the end. */
    private long settled(ArrayLoop loop) {
        Object xs = VectorMemory.wrap(x);
        Object gs = VectorMemory.wrap(g);
        Object ys = VectorMemory.wrap(y);
        long end = System.nanoTime() + PATIENCE.toNanos();
        long bytes = Long.MAX_VALUE;
        for (int calm = 0; calm < 20 && System.nanoTime() < end; ) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                loop.run(xs, gs, ys, 0, LENGTH);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
            bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            calm = bytes <= NEXT_TO_NOTHING ? calm + 1 : 0;
        }
        return bytes;
    }

    private String objection(Formula f) {
        Oracle oracle = new Oracle(f, Precision.FLOAT, 4);
        for (int i = 0; i < CHECKED; i++) {
            String objection = oracle.objection(y.getFloat(4 * i), x.getFloat(4 * i), g.getFloat(4 * i));
            if (!objection.isEmpty()) {
                return objection;
            }
        }
        return "";
    }
}
