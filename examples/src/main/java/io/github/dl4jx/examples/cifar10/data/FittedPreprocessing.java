package io.github.dl4jx.examples.cifar10.data;

import java.util.function.IntToDoubleFunction;

/** A {@link Preprocessing} with the means and deviations that it learned. Immutable; any number of threads may use it. */
public final class FittedPreprocessing {
    private static final float WHITE = 255;

    private final Preprocessing kind;
    private final float[] mean = new float[Images.VALUES];
    private final float[] factor = new float[Images.VALUES];

    FittedPreprocessing(Preprocessing kind, IntToDoubleFunction mean, IntToDoubleFunction deviation) {
        this.kind = kind;
        for (int i = 0; i < Images.VALUES; i++) {
            this.mean[i] = (float) mean.applyAsDouble(i);
            // Images of one colour have no deviation: centred, they are zero already.
            double d = deviation.applyAsDouble(i);
            factor[i] = d == 0 ? 1 : (float) (1 / d);
        }
    }

    public Preprocessing kind() {
        return kind;
    }

    /** The values of one image, ready for a network: channel × 1024 + row × 32 + column. */
    public float[] apply(Images images, int index) {
        float[] values = new float[Images.VALUES];
        apply(images, index, values, 0);
        return values;
    }

    /** Writes the values of one image into an array, from {@code offset} on. */
    void apply(Images images, int index, float[] out, int offset) {
        byte[] pixels = images.pixels();
        int from = index * Images.VALUES;
        for (int i = 0; i < Images.VALUES; i++) {
            out[offset + i] = ((pixels[from + i] & 0xFF) / WHITE - mean[i]) * factor[i];
        }
    }
}
