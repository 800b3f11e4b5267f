package io.github.dl4jx.activations.formula;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/** Arrays of any layout, gathered block by block into arrays of Java, and the results put back. */
final class Blocks {
    private static final ThreadLocal<float[][]> FLOATS =
            ThreadLocal.withInitial(() -> new float[2][LoopScratch.LENGTH]);
    private static final ThreadLocal<double[][]> DOUBLES =
            ThreadLocal.withInitial(() -> new double[2][LoopScratch.LENGTH]);

    private final Precision precision;
    private final Strides strides;
    private final boolean readsUpstream;
    private final ByteBuffer x;
    private final ByteBuffer g;
    private final ByteBuffer y;

    /** @param strides of y, g and x */
    Blocks(Precision precision, Strides strides, long x, long g, long y, boolean readsUpstream) {
        this.precision = precision;
        this.strides = strides;
        this.readsUpstream = readsUpstream;
        this.x = Memory.bytes(x, strides.span(strides.side(2)) * precision.bytes);
        this.g = Memory.bytes(g, strides.span(strides.side(1)) * precision.bytes);
        this.y = Memory.bytes(y, strides.span(strides.side(0)) * precision.bytes);
    }

    /** Two arrays of this thread. */
    static float[][] floats() {
        return FLOATS.get();
    }

    /** Elements from, …, end − 1 in the order of the result. */
    void run(ArrayLoop loop, long from, long end) throws Throwable {
        if (precision == Precision.FLOAT) {
            runFloats(loop, from, end);
        } else {
            runDoubles(loop, from, end);
        }
    }

    private void runFloats(ArrayLoop loop, long from, long end) throws Throwable {
        FloatBuffer xs = x.asFloatBuffer();
        FloatBuffer gs = g.asFloatBuffer();
        FloatBuffer ys = y.asFloatBuffer();
        float[] v = floats()[0];
        float[] w = floats()[1];
        for (long at = from; at < end; at += v.length) {
            int count = (int) Math.min(v.length, end - at);
            for (int done = 0; done < count; ) {
                int run = run(at + done, count - done);
                Memory.read(xs, place(at + done, 2), step(2), v, done, run);
                if (readsUpstream) {
                    Memory.read(gs, place(at + done, 1), step(1), w, done, run);
                }
                done += run;
            }
            loop.run(v, w, v, 0, padded(count));
            for (int done = 0; done < count; ) {
                int run = run(at + done, count - done);
                Memory.write(v, done, ys, place(at + done, 0), step(0), run);
                done += run;
            }
        }
    }

    private void runDoubles(ArrayLoop loop, long from, long end) throws Throwable {
        DoubleBuffer xs = x.asDoubleBuffer();
        DoubleBuffer gs = g.asDoubleBuffer();
        DoubleBuffer ys = y.asDoubleBuffer();
        double[] v = DOUBLES.get()[0];
        double[] w = DOUBLES.get()[1];
        for (long at = from; at < end; at += v.length) {
            int count = (int) Math.min(v.length, end - at);
            for (int done = 0; done < count; ) {
                int run = run(at + done, count - done);
                Memory.read(xs, place(at + done, 2), step(2), v, done, run);
                if (readsUpstream) {
                    Memory.read(gs, place(at + done, 1), step(1), w, done, run);
                }
                done += run;
            }
            loop.run(v, w, v, 0, padded(count));
            for (int done = 0; done < count; ) {
                int run = run(at + done, count - done);
                Memory.write(v, done, ys, place(at + done, 0), step(0), run);
                done += run;
            }
        }
    }

    /** To whole vectors, whatever stands in the places behind. */
    private static int padded(int count) {
        return Math.min(LoopScratch.LENGTH, (count + 15) / 16 * 16);
    }

    private int run(long index, int most) {
        return (int) Math.min(most, strides.restOfRow(index));
    }

    private int place(long index, int side) {
        return strides.place(index, strides.side(side));
    }

    private int step(int side) {
        return strides.step(strides.side(side));
    }
}
