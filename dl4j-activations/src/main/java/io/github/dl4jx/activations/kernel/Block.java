package io.github.dl4jx.activations.kernel;

import static io.github.dl4jx.activations.kernel.Coefficients.EXP_2;
import static io.github.dl4jx.activations.kernel.Coefficients.EXP_3;
import static io.github.dl4jx.activations.kernel.Coefficients.EXP_4;
import static io.github.dl4jx.activations.kernel.Coefficients.EXP_5;
import static io.github.dl4jx.activations.kernel.Coefficients.EXP_6;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG2_E;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_10;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_2;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_3;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_4;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_5;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_6;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_7;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_8;
import static io.github.dl4jx.activations.kernel.Coefficients.LOG_9;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_0;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_1;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_2;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_3;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_4;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_BELOW_1;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_BELOW_2;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_BELOW_3;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_BELOW_4;
import static io.github.dl4jx.activations.kernel.Coefficients.MILLS_BELOW_5;
import static io.github.dl4jx.activations.kernel.Coefficients.MINUS_HALF;
import static io.github.dl4jx.activations.kernel.Coefficients.MINUS_LN2_HIGH;
import static io.github.dl4jx.activations.kernel.Coefficients.MINUS_LN2_LOW;
import static io.github.dl4jx.activations.kernel.Coefficients.ROUND;
import static io.github.dl4jx.activations.kernel.Coefficients.ROUND_SCALED;
import static io.github.dl4jx.activations.kernel.Coefficients.SIGNIFICAND_BITS;
import static io.github.dl4jx.activations.kernel.Coefficients.UNSCALE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A few floats on the heap, little enough for the first-level cache, and the operations that activations are made of
 * where the Vector API is not there. Each overwrites the block and returns it, so that one block passes through a chain;
 * {@link #copy()} starts a second one. NaN stays NaN. Error bounds are those of {@link VectorMath}, whose formulas these
 * are.
 *
 * <p>An operation is a loop so plain that C2 makes vectors of it by itself: arrays at the same index, and neither
 * conditions nor conversions, which JDK 17 leaves scalar.
 */
public final class Block {
    /** The most floats that a block holds. */
    static final int LENGTH = 1 << 10;

    private static final ThreadLocal<Pool> POOL = ThreadLocal.withInitial(Pool::new);

    /** e^v is finite, and 1/(1 + e^v) nothing beside 1, up to here. */
    public static final float SATURATED = 43;

    /** Applied twice, it takes every positive float beyond 1. */
    private static final float STEEP = 0x1p100f;

    private final Pool pool;
    private final float[] values = new float[LENGTH];
    private int count;

    private Block(Pool pool) {
        this.pool = pool;
    }

    /** The first block of this thread's next computation, which ends the last one: its blocks are used again. */
    static Block first(int count) {
        Pool pool = POOL.get();
        pool.used = 0;
        return pool.take(count);
    }

    /** Another block of the same length, whatever its numbers are. */
    Block another() {
        return pool.take(count);
    }

    /** The memory, as long as any block can be. */
    float[] values() {
        return values;
    }

    /** Another block with the same numbers. */
    public Block copy() {
        Block copy = another();
        System.arraycopy(values, 0, copy.values, 0, count);
        return copy;
    }

    /** The number everywhere, at NaN too. */
    public Block fill(float number) {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = number;
        }
        return this;
    }

    /** factor·v + number, rounded once. */
    public Block scaledPlus(float factor, float number) {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = Math.fma(v[i], factor, number);
        }
        return this;
    }

    /** v + number. */
    public Block plus(float number) {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = v[i] + number;
        }
        return this;
    }

    /** factor·v. */
    public Block times(float factor) {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = v[i] * factor;
        }
        return this;
    }

    /** v + other. */
    public Block plus(Block other) {
        float[] v = values;
        float[] w = other.values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = v[i] + w[i];
        }
        return this;
    }

    /** v·other. */
    public Block times(Block other) {
        float[] v = values;
        float[] w = other.values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = v[i] * w[i];
        }
        return this;
    }

    /** v − a·b, rounded once. */
    public Block minusProduct(Block a, Block b) {
        float[] v = values;
        float[] x = a.values;
        float[] y = b.values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = Math.fma(-x[i], y[i], v[i]);
        }
        return this;
    }

    /** v/other. */
    public Block over(Block other) {
        float[] v = values;
        float[] w = other.values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = v[i] / w[i];
        }
        return this;
    }

    /** 1/v. */
    public Block reciprocal() {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = 1 / v[i];
        }
        return this;
    }

    /** |v|. */
    public Block abs() {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = Math.abs(v[i]);
        }
        return this;
    }

    /** max(v, low). */
    public Block atLeast(float low) {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = Math.max(v[i], low);
        }
        return this;
    }

    /** min(v, high). */
    public Block atMost(float high) {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = Math.min(v[i], high);
        }
        return this;
    }

    /** v confined to [low, high]. */
    public Block clamp(float low, float high) {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = Math.min(Math.max(v[i], low), high);
        }
        return this;
    }

    /** 1 where v &gt; threshold, else 0. */
    public Block above(float threshold) {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = Math.min(Math.max((v[i] - threshold) * STEEP * STEEP, 0), 1);
        }
        return this;
    }

    /** 1 where v &lt; threshold, else 0. */
    public Block below(float threshold) {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = Math.min(Math.max((threshold - v[i]) * STEEP * STEEP, 0), 1);
        }
        return this;
    }

    /** v where {@code where} is 0, 1 − v where it is 1: the other half of a function with f(x) = 1 − f(−x). */
    public Block mirrored(Block where) {
        float[] v = values;
        float[] w = where.values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = Math.fma(v[i], 1 - 2 * w[i], w[i]);
        }
        return this;
    }

    /** e^−|factor·v|; 1 ulp, but for the rounding of factor·v. */
    public Block decay(float factor) {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            v[i] = -Math.min(Math.abs(v[i] * factor), VectorMath.EXHAUSTED);
        }
        return exp();
    }

    /** e^v for −105 ≤ v ≤ 43; 1 ulp, subnormal results included. */
    public Block exp() {
        float[] v = values;
        float[] rounded = pool.rounded;
        for (int i = 0, n = count; i < n; i++) {
            rounded[i] = Math.fma(v[i], LOG2_E, ROUND_SCALED);
        }
        float[] power = pool.powersOf2(count);
        for (int i = 0, n = count; i < n; i++) {
            float whole = rounded[i] - ROUND_SCALED;
            float r = Math.fma(whole, MINUS_LN2_LOW, Math.fma(whole, MINUS_LN2_HIGH, v[i]));
            float p = Math.fma(r, EXP_6, EXP_5);
            p = Math.fma(p, r, EXP_4);
            p = Math.fma(p, r, EXP_3);
            p = Math.fma(p, r, EXP_2);
            p = Math.fma(p, r, 1);
            v[i] = Math.fma(p, r, 1) * power[i] * UNSCALE;
        }
        return this;
    }

    /** e^v − 1 for −87 ≤ v ≤ 43, relative to the result at 0 too; 1.5 ulp. */
    public Block expm1() {
        float[] v = values;
        float[] rounded = pool.rounded;
        for (int i = 0, n = count; i < n; i++) {
            rounded[i] = Math.fma(v[i], LOG2_E, ROUND);
        }
        float[] power = pool.powersOf2(count);
        for (int i = 0, n = count; i < n; i++) {
            float whole = rounded[i] - ROUND;
            float r = Math.fma(whole, MINUS_LN2_LOW, Math.fma(whole, MINUS_LN2_HIGH, v[i]));
            float p = Math.fma(r, EXP_6, EXP_5);
            p = Math.fma(p, r, EXP_4);
            p = Math.fma(p, r, EXP_3);
            p = Math.fma(p, r, EXP_2);
            p = Math.fma(p * r, r, r);
            v[i] = Math.fma(p, power[i], power[i] - 1);
        }
        return this;
    }

    /** log(1 + v) for 0 ≤ v ≤ 1, relative to the result at 0 too; 2 ulp. */
    public Block log1p() {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            float u = v[i];
            float p = Math.fma(u, LOG_10, LOG_9);
            p = Math.fma(p, u, LOG_8);
            p = Math.fma(p, u, LOG_7);
            p = Math.fma(p, u, LOG_6);
            p = Math.fma(p, u, LOG_5);
            p = Math.fma(p, u, LOG_4);
            p = Math.fma(p, u, LOG_3);
            p = Math.fma(p, u, LOG_2);
            v[i] = Math.fma(p * u, u, u);
        }
        return this;
    }

    /** e^(−v²/2) for 0 ≤ v ≤ 14.5; 1.5 ulp. */
    public Block gaussian() {
        float[] v = values;
        float[] rounded = pool.rounded;
        for (int i = 0, n = count; i < n; i++) {
            rounded[i] = Math.fma(v[i] * v[i] * MINUS_HALF, LOG2_E, ROUND_SCALED);
        }
        float[] power = pool.powersOf2(count);
        for (int i = 0, n = count; i < n; i++) {
            float square = v[i] * v[i];
            float lost = Math.fma(v[i], v[i], -square); // what rounding has cut off the square
            float whole = rounded[i] - ROUND_SCALED;
            float r = Math.fma(whole, MINUS_LN2_LOW, Math.fma(whole, MINUS_LN2_HIGH, square * MINUS_HALF));
            r = Math.fma(lost, MINUS_HALF, r);
            float p = Math.fma(r, EXP_6, EXP_5);
            p = Math.fma(p, r, EXP_4);
            p = Math.fma(p, r, EXP_3);
            p = Math.fma(p, r, EXP_2);
            p = Math.fma(p, r, 1);
            v[i] = Math.fma(p, r, 1) * power[i] * UNSCALE;
        }
        return this;
    }

    /** Φ(−v)/e^(−v²/2) for 0 ≤ v ≤ 14.5, where Φ is the normal distribution function; 4 ulp. */
    public Block millsRatio() {
        float[] v = values;
        for (int i = 0, n = count; i < n; i++) {
            float a = v[i];
            float above = Math.fma(a, MILLS_4, MILLS_3);
            above = Math.fma(above, a, MILLS_2);
            above = Math.fma(above, a, MILLS_1);
            above = Math.fma(above, a, MILLS_0);
            float below = Math.fma(a, MILLS_BELOW_5, MILLS_BELOW_4);
            below = Math.fma(below, a, MILLS_BELOW_3);
            below = Math.fma(below, a, MILLS_BELOW_2);
            below = Math.fma(below, a, MILLS_BELOW_1);
            v[i] = above / Math.fma(below, a, 1);
        }
        return this;
    }

    /** The blocks of a thread, one after another as a computation asks for them. */
    private static final class Pool {
        private final List<Block> blocks = new ArrayList<>();
        private int used;

        private final float[] rounded = new float[LENGTH];
        private final int[] bits = new int[LENGTH];
        private final float[] powers = new float[LENGTH];

        /** Between floats and their bits lies a copy through memory: C2 converts a single float only. */
        private final FloatBuffer asFloats;

        private final IntBuffer asBits;

        Pool() {
            ByteBuffer memory = ByteBuffer.allocateDirect(LENGTH * Float.BYTES).order(ByteOrder.nativeOrder());
            asFloats = memory.asFloatBuffer();
            asBits = memory.asIntBuffer();
        }

        Block take(int count) {
            if (used == blocks.size()) {
                blocks.add(new Block(this));
            }
            Block block = blocks.get(used++);
            block.count = count;
            return block;
        }

        /** 2^n for the n that ROUND has left in the lowest bits of {@code rounded}: moved into the exponent's place. */
        float[] powersOf2(int count) {
            asFloats.put(0, rounded, 0, count);
            asBits.get(0, bits, 0, count);
            int[] b = bits;
            for (int i = 0; i < count; i++) {
                b[i] = b[i] << SIGNIFICAND_BITS;
            }
            asBits.put(0, b, 0, count);
            asFloats.get(0, powers, 0, count);
            return powers;
        }
    }
}
