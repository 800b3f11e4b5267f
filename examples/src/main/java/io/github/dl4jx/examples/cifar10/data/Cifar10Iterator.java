package io.github.dl4jx.examples.cifar10.data;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batches of preprocessed images: features [batch, 3, 32, 32] in c order and one-hot labels [batch, 10], both float. The
 * last batch of an epoch may be smaller.
 *
 * <p>Each epoch has an order of its own, which depends on the seed and on how often {@link #reset()} was called, and on
 * nothing else: a reader that prefetches, as DL4J's does, changes nothing by having read ahead. One thread at a time may
 * use an iterator; iterators may share their images.
 */
@SuppressWarnings("serial") // the interface asks for Serializable; nothing here or in DL4J's fit writes one
public final class Cifar10Iterator implements DataSetIterator {
    private static final long serialVersionUID = 1L;

    private final Images images;
    private final FittedPreprocessing preprocessing;
    private final int batch;
    private final Random random;
    private final int[] order;
    private int position;
    private @Nullable DataSetPreProcessor preProcessor;

    /**
     * @param batch images in a batch, at least 1
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    public Cifar10Iterator(Images images, FittedPreprocessing preprocessing, int batch, long seed) {
        this.images = images;
        this.preprocessing = preprocessing;
        this.batch = atLeastOne("batch", batch);
        random = new Random(seed);
        order = new int[images.size()];
        Arrays.setAll(order, i -> i);
        Cifar10.shuffle(order, random);
    }

    @Override
    public boolean hasNext() {
        return position < order.length;
    }

    @Override
    public DataSet next() {
        return next(batch);
    }

    @Override
    public DataSet next(int number) {
        if (!hasNext()) {
            throw new NoSuchElementException("the epoch has no more images; call reset()");
        }
        int size = Math.min(atLeastOne("number", number), order.length - position);
        float[] features = new float[size * Images.VALUES];
        float[] labels = new float[size * Images.CLASSES];
        for (int i = 0; i < size; i++) {
            int image = order[position++];
            preprocessing.apply(images, image, features, i * Images.VALUES);
            labels[i * Images.CLASSES + images.label(image)] = 1;
        }
        DataSet dataSet = new DataSet(
                array(features, size, Images.CHANNELS, Images.SIDE, Images.SIDE), array(labels, size, Images.CLASSES));
        if (preProcessor != null) {
            preProcessor.preProcess(dataSet);
        }
        return dataSet;
    }

    private static INDArray array(float[] values, long... shape) {
        return Nd4j.create(values, shape, DataType.FLOAT);
    }

    private static int atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": must be at least 1, not " + value);
        }
        return value;
    }

    /** Starts the next epoch, in an order of its own. */
    @Override
    public void reset() {
        position = 0;
        Cifar10.shuffle(order, random);
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public boolean asyncSupported() {
        return true;
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public int inputColumns() {
        return Images.VALUES;
    }

    @Override
    public int totalOutcomes() {
        return Images.CLASSES;
    }

    @Override
    public List<String> getLabels() {
        return Cifar10.CLASS_NAMES;
    }

    @Override
    public void setPreProcessor(@Nullable DataSetPreProcessor preProcessor) {
        this.preProcessor = preProcessor;
    }

    @Override
    public @Nullable DataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }
}
