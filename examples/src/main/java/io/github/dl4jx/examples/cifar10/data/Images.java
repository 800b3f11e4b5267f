package io.github.dl4jx.examples.cifar10.data;

import java.util.Arrays;

/** Labelled images in memory, three bytes a pixel: 32 × 32, planes red, green and blue, rows from the top. Immutable. */
public final class Images {
    public static final int CHANNELS = 3;
    public static final int SIDE = 32;
    public static final int CLASSES = 10;

    static final int PLANE = SIDE * SIDE;

    /** Values in one image. */
    static final int VALUES = CHANNELS * PLANE;

    /** Bytes of one image in a file: a label and its values. */
    static final int RECORD = 1 + VALUES;

    private final byte[] pixels;
    private final byte[] labels;

    private Images(byte[] pixels, byte[] labels) {
        this.pixels = pixels;
        this.labels = labels;
    }

    /**
     * Reads records of the binary layout: a label byte, then 3,072 pixel bytes.
     *
     * @throws IllegalArgumentException if the length is no multiple of 3,073 or a label is not from 0 to 9
     */
    static Images ofRecords(byte[] records) {
        if (records.length % RECORD != 0) {
            throw new IllegalArgumentException("records: " + records.length + " bytes are no multiple of " + RECORD);
        }
        int size = records.length / RECORD;
        byte[] pixels = new byte[size * VALUES];
        byte[] labels = new byte[size];
        for (int i = 0; i < size; i++) {
            labels[i] = records[i * RECORD];
            if (labels[i] < 0 || labels[i] >= CLASSES) {
                throw new IllegalArgumentException(
                        "records: label of image " + i + " must be from 0 to 9, not " + labels[i]);
            }
            System.arraycopy(records, i * RECORD + 1, pixels, i * VALUES, VALUES);
        }
        return new Images(pixels, labels);
    }

    public int size() {
        return labels.length;
    }

    /** The class of image i, from 0 to 9. */
    public int label(int i) {
        return labels[i];
    }

    /**
     * One value of image i, from 0 to 255.
     *
     * @param position channel × 1024 + row × 32 + column
     */
    public int value(int i, int position) {
        return pixels[i * VALUES + position] & 0xFF;
    }

    /** A copy of the values of image i, unsigned. */
    public byte[] image(int i) {
        return Arrays.copyOfRange(pixels, i * VALUES, (i + 1) * VALUES);
    }

    /** How many images each of the ten classes has. */
    public int[] counts() {
        int[] counts = new int[CLASSES];
        for (byte label : labels) {
            counts[label]++;
        }
        return counts;
    }

    /** The images at the given indices, in their order. */
    public Images select(int... indices) {
        byte[] chosenPixels = new byte[indices.length * VALUES];
        byte[] chosenLabels = new byte[indices.length];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(pixels, indices[i] * VALUES, chosenPixels, i * VALUES, VALUES);
            chosenLabels[i] = labels[indices[i]];
        }
        return new Images(chosenPixels, chosenLabels);
    }

    /** All values, image after image, unsigned; not a copy. */
    byte[] pixels() {
        return pixels;
    }
}
