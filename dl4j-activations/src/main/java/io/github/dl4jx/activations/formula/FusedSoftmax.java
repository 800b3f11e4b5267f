package io.github.dl4jx.activations.formula;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Softmax over float arrays of any layout, as many examples at a time as a {@link Block} holds. Sums are in double.
 * Elsewhere, and where an example has more features than a block, it says so and does nothing.
 */
public final class FusedSoftmax {
    /** The gradient of larger arrays is faster by ND4J's one operation, which oneDNN computes. */
    private static final long LONGEST_BACKWARD = 1 << 16;

    /** An array, and the distance of neighbouring features in it. */
    private record Side(FloatBuffer memory, int step) {}

    /** e^x for x ≤ 0; made when it is needed. */
    private static final class Exponential {
        static final ArrayLoop LOOP = FormulaKernel.define(LoopsCompiler.compile(
                Lowering.value(Formula.exp(Formula.min(Formula.X, 0)), Precision.FLOAT, false), Precision.FLOAT));

        private Exponential() {}
    }

    private FusedSoftmax() {}

    /**
     * Overwrites {@code x} with its softmax.
     *
     * @param axis of the features
     * @return whether it ran
     */
    public static boolean forward(INDArray x, int axis) {
        return run(x, null, axis);
    }

    /** Overwrites {@code x} with the gradient, as {@link #forward}. */
    public static boolean backward(INDArray x, INDArray epsilon, int axis) {
        return x.length() <= LONGEST_BACKWARD && run(x, epsilon, axis);
    }

    private static boolean run(INDArray x, @Nullable INDArray epsilon, int axis) {
        INDArray g = epsilon == null ? x : epsilon;
        int features = (int) Math.min(x.size(axis), LoopScratch.LENGTH + 1);
        if (x.dataType() != DataType.FLOAT
                || g.dataType() != DataType.FLOAT
                || x.isEmpty()
                || features > LoopScratch.LENGTH
                || KernelChoice.path() == KernelChoice.Path.ND4J) {
            return false;
        }
        Strides examples = Strides.of(without(axis, x.shape()), without(axis, x.stride()), without(axis, g.stride()));
        long spanX = examples.span(examples.first()) + (features - 1) * x.stride(axis);
        long spanG = examples.span(examples.second()) + (features - 1) * g.stride(axis);
        boolean isOrderly = examples.areOrderly() && x.stride(axis) > 0 && g.stride(axis) >= 0;
        if (!isOrderly || Math.max(spanX, spanG) > Memory.LONGEST / Float.BYTES) {
            return false;
        }
        try {
            Side in = new Side(Memory.floats(Memory.address(x), spanX), x.stride(axis));
            Side upstream = epsilon == null ? null : new Side(Memory.floats(Memory.address(g), spanG), g.stride(axis));
            Parallel.run(
                    x.length() / features, features, (from, to) -> blocks(examples, features, in, upstream, from, to));
        } finally {
            Reference.reachabilityFence(x); // an address does not keep the memory
            Reference.reachabilityFence(g);
        }
        return true;
    }

    private static long[] without(int axis, long[] values) {
        return IntStream.range(0, values.length)
                .filter(i -> i != axis)
                .mapToLong(i -> values[i])
                .toArray();
    }

    /** Examples from, …, to − 1, each a row of a block. */
    private static void blocks(Strides examples, int features, Side x, @Nullable Side upstream, long from, long to)
            throws Throwable {
        int most = LoopScratch.LENGTH / features;
        for (long at = from; at < to; at += most) {
            int rows = (int) Math.min(most, to - at);
            float[] s = Blocks.floats()[0];
            for (int row = 0; row < rows; row++) {
                int place = examples.place(at + row, examples.first());
                Memory.read(x.memory, place, x.step, s, row * features, features);
            }
            softmax(s, rows, features);
            if (upstream != null) {
                float[] g = Blocks.floats()[1];
                for (int row = 0; row < rows; row++) {
                    int place = examples.place(at + row, examples.second());
                    Memory.read(upstream.memory, place, upstream.step, g, row * features, features);
                }
                gradient(s, g, rows, features);
            }
            for (int row = 0; row < rows; row++) {
                int place = examples.place(at + row, examples.first());
                Memory.write(s, row * features, x.memory, place, x.step, features);
            }
        }
    }

    private static void softmax(float[] s, int rows, int features) throws Throwable {
        for (int row = 0, start = 0; row < rows; row++, start += features) {
            float largest = s[start];
            for (int i = start + 1; i < start + features; i++) {
                largest = s[i] > largest ? s[i] : largest; // NaN is found by the sum
            }
            for (int i = start; i < start + features; i++) {
                s[i] -= largest;
            }
        }
        Exponential.LOOP.run(s, s, s, 0, rows * features);
        for (int row = 0, start = 0; row < rows; row++, start += features) {
            double sum = 0;
            for (int i = start; i < start + features; i++) {
                sum += s[i];
            }
            float reciprocal = (float) (1 / sum);
            for (int i = start; i < start + features; i++) {
                s[i] *= reciprocal;
            }
        }
    }

    /** s(g − Σ g s), into s. */
    private static void gradient(float[] s, float[] g, int rows, int features) {
        for (int row = 0, start = 0; row < rows; row++, start += features) {
            double mean = 0;
            for (int i = start; i < start + features; i++) {
                mean += (double) s[i] * g[i];
            }
            float shift = (float) mean;
            for (int i = start; i < start + features; i++) {
                s[i] *= g[i] - shift;
            }
        }
    }
}
