package io.github.dl4jx.examples.cifar10.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {
    private final Cifar10 sample = Sample.read();

    /** Images as values, so that sets of them can be compared; the sample has no two alike. */
    private static Set<List<Byte>> set(Images images) {
        Set<List<Byte>> set = new HashSet<>();
        for (int i = 0; i < images.size(); i++) {
            Byte[] boxed = new Byte[3072];
            byte[] image = images.image(i);
            Arrays.setAll(boxed, k -> image[k]);
            set.add(List.of(boxed));
        }
        return set;
    }

    private static int[] tenTimes(int count) {
        int[] counts = new int[10];
        Arrays.fill(counts, count);
        return counts;
    }

    private static int[] shares(int total) {
        int[] shares = tenTimes(total / 10);
        for (int c = 0; c < total % 10; c++) {
            shares[c]++;
        }
        return shares;
    }

    @Test
    void sampleIsBalanced() {
        assertThat(sample.source()).isEqualTo(Source.SAMPLE);
        assertThat(sample.train().counts()).containsExactly(tenTimes(20));
        assertThat(sample.test().counts()).containsExactly(tenTimes(10));
        assertThat(set(sample.train())).hasSize(200);
    }

    /** From the official files: the first two images to train with are a frog and a truck, the first to test a cat. */
    @Test
    void sampleHoldsRealImages() {
        assertThat(sample.train().label(0)).isEqualTo(6);
        assertThat(sample.train().label(1)).isEqualTo(9);
        assertThat(sample.test().label(0)).isEqualTo(3);
        assertThat(sample.train().value(0, 0)).isEqualTo(59);
        assertThat(sample.train().value(0, 1024)).isEqualTo(62);
        assertThat(sample.train().value(0, 2048)).isEqualTo(63);
    }

    @Test
    void readsTheOfficialLayout() {
        byte[] records = new byte[2 * 3073];
        records[0] = 7;
        records[1] = (byte) 200; // red, row 0, column 0
        records[1 + 1024 + 32 + 5] = 100; // green, row 1, column 5
        records[3073] = 9;
        records[2 * 3073 - 1] = 50; // blue, row 31, column 31
        Images images = Images.ofRecords(records);
        assertThat(images.size()).isEqualTo(2);
        assertThat(images.label(0)).isEqualTo(7);
        assertThat(images.label(1)).isEqualTo(9);
        assertThat(images.value(0, 0)).isEqualTo(200);
        assertThat(images.value(0, 1024 + 37)).isEqualTo(100);
        assertThat(images.value(1, 3071)).isEqualTo(50);
    }

    @Test
    void refusesWhatIsNotTheOfficialLayout() {
        assertThatThrownBy(() -> Images.ofRecords(new byte[3072]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("records: 3072 bytes are no multiple of 3073");
        byte[] wrongLabel = new byte[3073];
        wrongLabel[0] = 10;
        assertThatThrownBy(() -> Images.ofRecords(wrongLabel))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("records: label of image 0 must be from 0 to 9, not 10");
    }

    @Test
    void loadsTrainingFilesInTheirOrderAndTheTestFileApart(@TempDir Path folder) throws IOException {
        TinyData data = new TinyData();
        data.writeTo(folder);
        Cifar10Files files = new Cifar10Files(
                folder, folder.resolve("cache"), data.files, List.of(), TinyData.progress(new StringWriter()));
        Cifar10 loaded = Cifar10.load(files, data.files);
        assertThat(loaded.source()).isEqualTo(Source.FOLDER);
        assertThat(loaded.location()).isEqualTo(folder.toString());
        assertThat(loaded.train().size()).isEqualTo(10);
        assertThat(loaded.test().size()).isEqualTo(2);
        for (int f = 0; f < 6; f++) {
            Images images = f < 5 ? loaded.train() : loaded.test();
            for (int row = 0; row < TinyData.ROWS; row++) {
                int i = f % 5 * TinyData.ROWS + row;
                assertThat(images.label(i)).isEqualTo(TinyData.label(f, row));
                assertThat(images.value(i, 2500)).isEqualTo(TinyData.value(f, row, 2500));
            }
        }
    }

    @Test
    void holdsOutATenthOfEachClass() {
        Cifar10.Split split = sample.split(1);
        assertThat(split.validation().counts()).containsExactly(tenTimes(2));
        assertThat(split.train().counts()).containsExactly(tenTimes(18));
        Set<List<Byte>> all = set(split.train());
        all.addAll(set(split.validation()));
        assertThat(all).isEqualTo(set(sample.train()));
    }

    /** As large as the real training set, all labels and no picture worth seeing. */
    @Test
    void holdsOutFiveThousandOfFiftyThousand() {
        byte[] records = new byte[50_000 * 3073];
        for (int i = 0; i < 50_000; i++) {
            records[i * 3073] = (byte) (i % 10);
        }
        Cifar10 large = new Cifar10(Images.ofRecords(records), sample.test(), Source.CACHE, "");
        assertThat(large.maxTrainSize()).isEqualTo(45_000);
        assertThat(large.split(1, 1000).validation().counts()).containsExactly(tenTimes(500));
    }

    @Property(tries = 30)
    void splitIsStratifiedDisjointAndNested(@ForAll long seed, @ForAll @IntRange(min = 1, max = 180) int trainSize) {
        Cifar10.Split split = sample.split(seed, trainSize);
        assertThat(split.train().size()).isEqualTo(trainSize);
        assertThat(split.train().counts()).containsExactly(shares(trainSize));
        assertThat(split.validation().counts()).containsExactly(tenTimes(2));
        assertThat(set(split.validation())).isEqualTo(set(sample.split(seed).validation()));
        assertThat(set(split.train())).hasSize(trainSize).doesNotContainAnyElementsOf(set(split.validation()));
        assertThat(set(sample.split(seed, Math.min(180, trainSize + 7)).train()))
                .containsAll(set(split.train()));
    }

    @Test
    void seedDecidesTheSplit() {
        Cifar10.Split split = sample.split(1, 50);
        Cifar10.Split same = sample.split(1, 50);
        Cifar10.Split other = sample.split(2, 50);
        assertThat(same.train().pixels()).isEqualTo(split.train().pixels());
        assertThat(set(other.train())).isNotEqualTo(set(split.train()));
        assertThat(set(other.validation())).isNotEqualTo(set(split.validation()));
    }

    @Test
    void refusesATrainSizeOutOfRange() {
        for (int trainSize : new int[] {-1, 0, 181}) {
            assertThatThrownBy(() -> sample.split(1, trainSize))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("trainSize is " + trainSize + "; valid: 1 to 180");
        }
    }

    @Test
    void refusesUnbalancedTrainingImages() {
        assertThatThrownBy(() -> new Cifar10(sample.train().select(0), sample.test(), Source.CACHE, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("train: must hold equally many images of each class, not [0, 0, 0, 0, 0, 0, 1, 0, 0, 0]");
    }

    /** All orders alike: an element may stay where it is. */
    @Test
    void shuffleDrawsAllOrdersAlike() {
        Random random = new Random(3);
        Map<List<Integer>, Integer> counts = new HashMap<>();
        int trials = 6_000;
        for (int trial = 0; trial < trials; trial++) {
            int[] values = {0, 1, 2};
            Cifar10.shuffle(values, random);
            counts.merge(Arrays.stream(values).boxed().toList(), 1, Integer::sum);
        }
        assertThat(counts).hasSize(6);
        // five standard deviations of a binomial count
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isCloseTo(trials / 6, within(145)));
    }
}
