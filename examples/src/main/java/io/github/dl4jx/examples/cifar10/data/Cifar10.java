package io.github.dl4jx.examples.cifar10.data;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The data set in memory: 50,000 images to train with and 10,000 to test with, equally many of each class.
 *
 * @param source where the images came from
 * @param location the same in more detail, for the user: a folder as a rule
 */
public record Cifar10(Images train, Images test, Source source, String location) {
    /** The names of the classes, in the order of the labels. */
    public static final List<String> CLASS_NAMES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    private static final int MAX_VALIDATION = 10_000;

    /** @throws IllegalArgumentException if the classes of the training images differ in size */
    public Cifar10 {
        int[] counts = train.counts();
        if (Arrays.stream(counts).distinct().count() != 1) {
            throw new IllegalArgumentException(
                    "train: must hold equally many images of each class, not " + Arrays.toString(counts));
        }
    }

    /** The training images in two parts without a common image; the test images are neither. */
    public record Split(Images train, Images validation) {}

    /**
     * Loads the data from where {@link Cifar10Files} finds it.
     *
     * @param data the folder that the user names, or null
     * @param notices where notices and progress go
     * @throws DataException if the data cannot be used
     */
    public static Cifar10 load(@Nullable Path data, PrintWriter notices) {
        return load(new Cifar10Files(data, notices), BatchFile.OFFICIAL);
    }

    static Cifar10 load(Cifar10Files files, List<BatchFile> names) {
        Cifar10Files.Located located = files.locate();
        Path folder = located.folder();
        if (folder == null) {
            return Sample.read();
        }
        int last = names.size() - 1;
        try {
            return new Cifar10(
                    read(folder, names.subList(0, last)),
                    read(folder, names.subList(last, last + 1)),
                    located.source(),
                    folder.toString());
        } catch (IOException e) {
            throw new DataException("cannot read the images in " + folder + " (" + e + ")", e);
        }
    }

    private static Images read(Path folder, List<BatchFile> files) throws IOException {
        long length = 0;
        for (BatchFile file : files) {
            length += Files.size(file.in(folder));
        }
        ByteBuffer records = ByteBuffer.allocate(Math.toIntExact(length));
        for (BatchFile file : files) {
            records.put(Files.readAllBytes(file.in(folder)));
        }
        return Images.ofRecords(records.array());
    }

    /** How many images {@link #split(long)} leaves to train with, the largest value that a train size can have. */
    public int maxTrainSize() {
        return train.size() - Images.CLASSES * validationOfAClass();
    }

    private int validationOfAClass() {
        return Math.min(MAX_VALIDATION, train.size() / 10) / Images.CLASSES;
    }

    /** Splits off the validation images and keeps all others to train with. */
    public Split split(long seed) {
        return split(seed, maxTrainSize());
    }

    /**
     * Splits off a tenth of the training images (10,000 at most) to validate with, then chooses among the others. Both
     * take the same number from each class; if {@code trainSize} is no multiple of ten, the first classes give one image
     * more. The validation images depend on the seed alone, and with one seed a smaller choice is part of a larger one.
     *
     * @param trainSize how many images to train with, from 1 to {@link #maxTrainSize()}
     * @throws IllegalArgumentException if {@code trainSize} is outside that range
     */
    public Split split(long seed, int trainSize) {
        if (trainSize < 1 || trainSize > maxTrainSize()) {
            throw new IllegalArgumentException("trainSize is " + trainSize + "; valid: 1 to " + maxTrainSize());
        }
        int[] shuffled = shuffledIndices(train.size(), new Random(seed));
        int[] validationLeft = new int[Images.CLASSES];
        Arrays.fill(validationLeft, validationOfAClass());
        int[] trainLeft = new int[Images.CLASSES];
        Arrays.setAll(trainLeft, c -> trainSize / Images.CLASSES + (c < trainSize % Images.CLASSES ? 1 : 0));

        int[] chosenForValidation = new int[Images.CLASSES * validationOfAClass()];
        int[] chosenForTraining = new int[trainSize];
        int validation = 0;
        int training = 0;
        for (int i : shuffled) {
            int label = train.label(i);
            if (validationLeft[label] > 0) {
                validationLeft[label]--;
                chosenForValidation[validation++] = i;
            } else if (trainLeft[label] > 0) {
                trainLeft[label]--;
                chosenForTraining[training++] = i;
            }
        }
        return new Split(train.select(chosenForTraining), train.select(chosenForValidation));
    }

    private static int[] shuffledIndices(int size, Random random) {
        int[] indices = new int[size];
        Arrays.setAll(indices, i -> i);
        shuffle(indices, random);
        return indices;
    }

    /** Fisher and Yates' shuffle. The Java specification fixes what {@link Random} draws, so every machine agrees. */
    static void shuffle(int[] values, Random random) {
        for (int i = values.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[other];
            values[other] = value;
        }
    }
}
