package io.github.dl4jx.benchmarks;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The same for every implementation and round.
 *
 * @param x N(0, 1)·3: both signs, saturation on both sides
 * @param upstream the upstream gradient, N(0, 1)
 */
@SuppressWarnings("ArrayRecordComponent") // no one compares them
public record Inputs(float[] x, float[] upstream) {
    private static final Map<Integer, Inputs> MADE = new ConcurrentHashMap<>();

    /** Of the given length. */
    public static Inputs of(int size) {
        return MADE.computeIfAbsent(size, n -> new Inputs(normal(n, 1, 3), normal(n, 2, 1)));
    }

    private static float[] normal(int size, long seed, double scale) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }
}
