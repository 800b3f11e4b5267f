package io.github.dl4jx.examples.cifar10.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PreprocessingTest {
    private final Cifar10 sample = Sample.read();
    private final Images train = sample.split(3, 100).train();

    /** The value by the definition, with plain loops over all values of the images to learn from. */
    private double expected(Preprocessing kind, Images images, int image, int position) {
        double sum = 0;
        double squares = 0;
        int n = 0;
        for (int i = 0; i < train.size(); i++) {
            int first = kind == Preprocessing.MEAN_IMAGE ? position : position / 1024 * 1024;
            int last = kind == Preprocessing.MEAN_IMAGE ? position : first + 1023;
            for (int p = first; p <= last; p++) {
                double value = train.value(i, p) / 255.0;
                sum += value;
                squares += value * value;
                n++;
            }
        }
        double mean = sum / n;
        double deviation = Math.sqrt(squares / n - mean * mean);
        double value = images.value(image, position) / 255.0;
        return switch (kind) {
            case NONE -> value;
            case CHANNEL_MEAN, MEAN_IMAGE -> value - mean;
            case STANDARDISE -> (value - mean) / deviation;
        };
    }

    @ParameterizedTest
    @EnumSource
    void followsTheDefinition(Preprocessing kind) {
        FittedPreprocessing fitted = kind.fit(train);
        assertThat(fitted.kind()).isEqualTo(kind);
        for (Images images : new Images[] {train, sample.test()}) {
            float[] values = fitted.apply(images, 5);
            for (int position : new int[] {0, 33, 1023, 1024, 1700, 2048, 3071}) {
                assertThat((double) values[position]).isCloseTo(expected(kind, images, 5, position), within(2e-6));
            }
        }
    }

    @Test
    void noneGivesExactlyTheBounds() {
        byte[] record = new byte[3073];
        record[1] = (byte) 255;
        float[] values = Preprocessing.NONE.fit(train).apply(Images.ofRecords(record), 0);
        assertThat(values[0]).isEqualTo(1);
        assertThat(values[1]).isEqualTo(0);
    }

    @Test
    void imagesOfOneColourStayFinite() {
        byte[] record = new byte[3073];
        Arrays.fill(record, 1, record.length, (byte) 100);
        Images grey = Images.ofRecords(record);
        assertThat(Preprocessing.STANDARDISE.fit(grey).apply(grey, 0)).containsOnly(new float[] {0}, within(1e-6f));
    }

    @Test
    void nothingLearnsFromNoImage() {
        Images none = train.select();
        assertThatThrownBy(() -> Preprocessing.CHANNEL_MEAN.fit(none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("images: at least 1 is needed, but there are 0");
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByItsName(Preprocessing kind) {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr")); // lower-cases I to a dotless i
            assertThat(Preprocessing.parse(kind.toString())).isEqualTo(kind);
            assertThat(Preprocessing.parse(kind.name())).isEqualTo(kind);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void listsTheNamesWhenThereIsNoSuchKind() {
        assertThatThrownBy(() -> Preprocessing.parse("whiten"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown preprocessing 'whiten'; valid: channel-mean, mean-image, standardise, none");
    }
}
