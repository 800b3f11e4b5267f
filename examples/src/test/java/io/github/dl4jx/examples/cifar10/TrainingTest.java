package io.github.dl4jx.examples.cifar10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.MadeUpData;
import io.github.dl4jx.examples.cifar10.data.Preprocessing;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run may see of which images, and what its figures are. */
class TrainingTest {
    private static final int BATCH = 10;

    private static RunResult run(Cifar10 data, double learningRate) {
        StudyConfiguration configuration = new StudyConfiguration(
                ComparisonNetwork.parse("standard"),
                List.of("relu"),
                List.of("recommended"),
                List.of(1L),
                1,
                200,
                BATCH,
                learningRate,
                Preprocessing.STANDARDISE,
                "noise");
        return new Training(configuration, data).run(configuration.runs().get(0), images -> {});
    }

    /** Without a step of the seconds, which differ. */
    private static List<List<Object>> curve(RunResult run) {
        return run.curve().stream()
                .map(m -> List.<Object>of(m.images(), m.trainLoss(), m.validation()))
                .toList();
    }

    /** Test images are for the score at the end: neither training nor preprocessing nor validation sees them. */
    @Test
    void testImagesChangeNothingButTheTestScore() {
        RunResult one = run(MadeUpData.of(2, 255), 1e-3);
        RunResult other = run(MadeUpData.of(3, 40), 1e-3);
        assertThat(curve(other)).isEqualTo(curve(one));
        assertThat(other.test().loss()).isNotEqualTo(one.test().loss());
        assertThat(one.test()).isNotEqualTo(one.last().validation());
    }

    /** A network that learns nothing has the same loss at each step, whose mean is about that of other images; five are a measurement's. */
    @Test
    void trainingLossIsTheMeanOfTheSteps() {
        RunResult run = run(MadeUpData.of(2, 255), 1e-30);
        assertThat(run.curve()).hasSize(Training.MEASUREMENTS_AN_EPOCH);
        for (Measurement measurement : run.curve()) {
            assertThat(measurement.trainLoss())
                    .isCloseTo(measurement.validation().loss(), withinPercentage(50));
        }
    }
}
