package io.github.dl4jx.examples.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jx.init.Gaussian;
import io.github.dl4jx.init.data.Moments;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.random.JDKRandomGenerator;
import org.apache.commons.math3.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The lecture's tables hold, and would not if the weights were drawn otherwise. */
class LectureTableTest {
    private static final int DRAWS = Verdict.LEAST_DRAWS;

    static List<Experiment> experiments() {
        return Experiment.LECTURE;
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void lectureIsRepeated(Experiment experiment) {
        LectureTable table = LectureTable.of(experiment, DRAWS, 1, () -> {});
        assertThat(table.holds()).as(table.text()).isTrue();
        assertThat(table.text()).contains("HOLD;").contains("HOLDS;");
        assertThat(table.ensemble().histograms()).hasSize(Experiment.LAYERS);
    }

    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("experiments")
    void aStandardDeviationThreePerCentOffIsNoticed(Experiment experiment) {
        double std = experiment.standardDeviation();
        Experiment wrong =
                new Experiment(experiment.table(), "wrong", experiment.activation(), new Gaussian(1.03 * std), std);
        LectureTable table = LectureTable.of(wrong, DRAWS, 1, () -> {});
        assertThat(table.verdict().figuresHold()).as(table.text()).isFalse();
        assertThat(table.verdict().theoryHolds()).as(table.text()).isFalse();
        assertThat(table.text()).contains("DO NOT HOLD;").contains("DOES NOT HOLD;");
    }

    /** The figures of theory that the mathematics of the project settled by other means. */
    @ParameterizedTest
    @CsvSource({
        "1, 0.21355, 2.97e-7",
        "2, 0.98201, 0.98167",
        "3, 0.62793, 0.22847",
        "4, 0.58382, 0.02580",
        "5, 0.82565, 0.82565"
    })
    void theoryOfInfiniteWidth(int table, double first, double tenth) {
        Experiment experiment = Experiment.LECTURE.get(table - 1);
        MeanField theory = MeanField.of(experiment);
        assertThat(theory.infinite()).hasSize(1 + Experiment.LAYERS);
        for (int layer : new int[] {1, Experiment.LAYERS}) {
            double expected = layer == 1 ? first : tenth;
            double mean = experiment.activation().equals("tanh")
                    ? 0
                    : Math.sqrt(theory.infinite().get(layer) / Math.PI); // of ReLU: E f² = s²/2, E f = s/√(2π)
            assertThat(Math.sqrt(theory.infinite().get(layer) - mean * mean))
                    .isCloseTo(expected, within(expected * 3e-3));
        }
    }

    /** By Monte Carlo in double, at a width where the correction is large: see {@link MeanField}. */
    @Test
    void finiteWidthShiftsTanhAndNotRelu() {
        MeanField tanh = MeanField.of(Experiment.LECTURE.get(2));
        MeanField relu = MeanField.of(Experiment.LECTURE.get(4));
        for (int layer = 1; layer <= Experiment.LAYERS; layer++) {
            assertThat(relu.finite().get(layer)).isCloseTo(relu.infinite().get(layer), within(1e-6));
        }
        // E g(q) for q = χ²(500)/500, the input's mean square, by a plain average
        RandomGenerator random = new JDKRandomGenerator(1);
        double sum = 0;
        int draws = 2_000_000;
        for (int i = 0; i < draws; i++) {
            double q = 1 + random.nextGaussian() * Math.sqrt(2.0 / Experiment.WIDTH);
            double f = Math.tanh(Math.sqrt(q) * random.nextGaussian());
            sum += f * f;
        }
        double shift = tanh.finite().get(1) - tanh.infinite().get(1);
        assertThat(shift).isCloseTo(-3.43e-4, within(2e-6)); // g″(1)/500
        assertThat(sum / draws).isCloseTo(tanh.finite().get(1), within(8e-4));
    }

    /** One draw far from the others is refused, and counted. */
    @Test
    void verdictKnowsTheOddOneOut() {
        Experiment experiment = Experiment.LECTURE.get(4);
        List<Printed> printed = Printed.table(5);
        RandomGenerator random = new JDKRandomGenerator(1);
        List<List<Moments>> draws = new ArrayList<>();
        for (int draw = 0; draw < 50; draw++) {
            List<Moments> layers = new ArrayList<>();
            for (Printed layer : printed) {
                double scale = Math.exp(0.01 * random.nextGaussian() + (draw == 7 ? 0.1 : 0));
                double mean = layer.mean().doubleValue() * scale;
                double std = layer.std().doubleValue() * scale;
                layers.add(new Moments(mean, std * std, 0));
            }
            draws.add(layers);
        }
        Verdict verdict = Verdict.of(new Ensemble(experiment, draws, List.of()), printed);
        assertThat(verdict.selfRejected()).isEqualTo(1);
        // Student's t of 49 degrees of freedom at 1 − 0.001/(2·22), by SciPy
        assertThat(verdict.limit()).isCloseTo(4.4756648895992, within(1e-9));
        assertThat(verdict.figuresHold()).isTrue();
        assertThat(verdict.figures()).hasSize(22).allSatisfy(figure -> assertThat(figure.low())
                .isLessThan(figure.high()));
    }

    @Test
    void digitsAreTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            String text = LectureTable.of(Experiment.LECTURE.get(0), Verdict.LEAST_DRAWS, 1, () -> {})
                    .text();
            assertThat(text.chars().filter(Character::isDigit)).isNotEmpty().allMatch(c -> c <= '9');
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void sameSeedSameDraws() {
        Experiment experiment = Experiment.LECTURE.get(3);
        Ensemble two = Ensemble.of(experiment, 2, 5, () -> {});
        assertThat(Ensemble.of(experiment, 1, 5, () -> {}).draws().get(0))
                .isEqualTo(two.draws().get(0));
        assertThat(two.draws().get(1)).isNotEqualTo(two.draws().get(0));
        assertThat(Ensemble.of(experiment, 1, 6, () -> {}).draws().get(0))
                .isNotEqualTo(two.draws().get(0));
    }
}
