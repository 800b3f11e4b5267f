package io.github.dl4jx.examples.cifar10.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.AsyncDataSetIterator;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

class Cifar10IteratorTest {
    private static final int BATCH = 32;

    private final Images images = Sample.read().train();
    private final FittedPreprocessing preprocessing = Preprocessing.CHANNEL_MEAN.fit(images);

    private Cifar10Iterator iterator(long seed) {
        return new Cifar10Iterator(images, preprocessing, BATCH, seed);
    }

    /** One number an image, in the order of the epoch; the sample has no two alike. */
    private static List<Float> epoch(DataSetIterator iterator) {
        List<Float> values = new ArrayList<>();
        while (iterator.hasNext()) {
            DataSet dataSet = iterator.next();
            for (long i = 0; i < dataSet.getFeatures().size(0); i++) {
                values.add(dataSet.getFeatures().slice(i).reshape(3072).getFloat(1000)
                        + 10 * dataSet.getLabels().slice(i).argMax().getInt(0)
                        + dataSet.getFeatures().slice(i).sumNumber().floatValue() * 100);
            }
        }
        return values;
    }

    @Test
    void fillsTheArraysInTheOrderThatDl4jExpects() {
        DataSet first = iterator(1).next();
        INDArray features = first.getFeatures();
        assertThat(features.shape()).containsExactly(BATCH, 3, 32, 32);
        assertThat(features.ordering()).isEqualTo('c');
        assertThat(features.dataType()).isEqualTo(DataType.FLOAT);
        assertThat(first.getLabels().shape()).containsExactly(BATCH, 10);
        assertThat(first.getLabels().dataType()).isEqualTo(DataType.FLOAT);
        for (int b = 0; b < BATCH; b++) {
            int image = find(features.slice(b).dup('c').data().asFloat());
            float[] expected = preprocessing.apply(images, image);
            assertThat(features.getFloat(b, 2, 7, 19)).isEqualTo(expected[2 * 1024 + 7 * 32 + 19]);
            assertThat(features.getFloat(b, 1, 30, 0)).isEqualTo(expected[1024 + 30 * 32]);
            assertThat(first.getLabels().getRow(b).sumNumber().floatValue()).isEqualTo(1);
            assertThat(first.getLabels().getFloat(b, images.label(image))).isEqualTo(1);
        }
    }

    private int find(float[] values) {
        for (int i = 0; i < images.size(); i++) {
            if (Arrays.equals(values, preprocessing.apply(images, i))) {
                return i;
            }
        }
        throw new AssertionError("no such image");
    }

    @Test
    void isFloatWhateverTheDefaultType() {
        DataType before = Nd4j.defaultFloatingPointType();
        try {
            Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
            assertThat(iterator(1).next().getFeatures().dataType()).isEqualTo(DataType.FLOAT);
        } finally {
            Nd4j.setDefaultDataTypes(before, before);
        }
    }

    @Test
    void showsEachImageOnceAnEpochAndEndsWithASmallerBatch() {
        Cifar10Iterator iterator = iterator(1);
        List<Long> sizes = new ArrayList<>();
        while (iterator.hasNext()) {
            sizes.add(iterator.next().getFeatures().size(0));
        }
        assertThat(sizes).containsExactly(32L, 32L, 32L, 32L, 32L, 32L, 8L);
        iterator.reset();
        assertThat(epoch(iterator)).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void orderDependsOnSeedAndEpochAlone() {
        Cifar10Iterator one = iterator(1);
        Cifar10Iterator two = iterator(1);
        List<Float> firstEpoch = epoch(one);
        assertThat(epoch(two)).isEqualTo(firstEpoch);
        one.reset();
        two.reset();
        List<Float> secondEpoch = epoch(one);
        assertThat(secondEpoch).isNotEqualTo(firstEpoch).containsExactlyInAnyOrderElementsOf(firstEpoch);
        two.next();
        two.reset();
        one.reset();
        assertThat(epoch(two)).as("an epoch broken off changes nothing").isEqualTo(epoch(one));
        assertThat(epoch(iterator(2))).isNotEqualTo(firstEpoch);
    }

    @Test
    void givesTheSameWhenDl4jPrefetches() {
        Cifar10Iterator plain = iterator(1);
        AsyncDataSetIterator async = new AsyncDataSetIterator(iterator(1), 4);
        try {
            for (int epoch = 0; epoch < 3; epoch++) {
                assertThat(epoch(async)).as("epoch %s", epoch).isEqualTo(epoch(plain));
                async.reset();
                plain.reset();
            }
            async.next();
            async.reset();
            plain.reset();
            assertThat(epoch(async)).as("after a broken epoch").isEqualTo(epoch(plain));
        } finally {
            async.shutdown();
        }
    }

    @Test
    void givesBatchesOfOtherSizesWhenAsked() {
        Cifar10Iterator iterator = iterator(1);
        assertThat(iterator.next(7).getFeatures().size(0)).isEqualTo(7);
        assertThat(iterator.next(1000).getFeatures().size(0)).isEqualTo(193);
        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void honoursAPreProcessor() {
        Cifar10Iterator iterator = iterator(1);
        assertThat(iterator.getPreProcessor()).isNull();
        iterator.setPreProcessor(dataSet -> dataSet.getFeatures().assign(42));
        assertThat(iterator.next().getFeatures().maxNumber().floatValue()).isEqualTo(42);
    }

    @Test
    void describesItself() {
        Cifar10Iterator iterator = iterator(1);
        assertThat(iterator.batch()).isEqualTo(BATCH);
        assertThat(iterator.inputColumns()).isEqualTo(3072);
        assertThat(iterator.totalOutcomes()).isEqualTo(10);
        assertThat(iterator.asyncSupported()).isTrue();
        assertThat(iterator.resetSupported()).isTrue();
        assertThat(iterator.getLabels()).hasSize(10).startsWith("airplane").endsWith("truck");
    }

    @Test
    void refusesABatchOfNothing() {
        assertThatThrownBy(() -> new Cifar10Iterator(images, preprocessing, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batch: must be at least 1, not 0");
        assertThatThrownBy(() -> iterator(1).next(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number: must be at least 1, not 0");
    }
}
