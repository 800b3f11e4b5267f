package io.github.dl4jx.examples.cifar10.data;

import java.util.Random;

/** Noise in the form of the data set. */
public final class MadeUpData {
    private MadeUpData() {}

    /**
     * 500 images to train with and 100 to test with.
     *
     * @param testSeed of the test images and their labels alone
     * @param brightest of the test images' values
     */
    public static Cifar10 of(long testSeed, int brightest) {
        return new Cifar10(
                images(500, new Random(1), 256, false),
                images(100, new Random(testSeed), brightest + 1, true),
                Source.SAMPLE,
                "a test");
    }

    private static Images images(int count, Random random, int values, boolean randomLabels) {
        byte[] records = new byte[count * Images.RECORD];
        for (int i = 0; i < records.length; i++) {
            records[i] = (byte) random.nextInt(values);
        }
        for (int i = 0; i < count; i++) {
            records[i * Images.RECORD] = (byte) (randomLabels ? random.nextInt(Images.CLASSES) : i % Images.CLASSES);
        }
        return Images.ofRecords(records);
    }
}
