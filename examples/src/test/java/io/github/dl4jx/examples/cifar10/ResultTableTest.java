package io.github.dl4jx.examples.cifar10;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the table and the curves make of runs. */
class ResultTableTest {
    /** @param losses of the measurements, one for each 100 images; a NaN ends a run */
    private static RunResult run(String activation, long seed, double testAccuracy, double... losses) {
        List<Measurement> curve = IntStream.range(0, losses.length)
                .mapToObj(i -> new Measurement(
                        100L * (i + 1), i + 1, losses[i], new Score(0.1, losses[i]), Double.isNaN(losses[i])))
                .toList();
        return new RunResult(new Run(activation, "he", seed), curve, new Score(testAccuracy, 1), "here");
    }

    @Test
    void bestMeanAccuracyComesFirst() {
        String table = ResultTable.of(
                List.of(
                        run("relu", 1, 0.5, 1),
                        run("mish", 1, 0.9, 1), // the best single run, and not the best mean
                        run("swish", 1, 0.7, 1),
                        run("relu", 2, 0.5, 1),
                        run("mish", 2, 0.3, 1),
                        run("swish", 2, 0.8, 1)),
                100,
                null);
        assertThat(table.lines()
                        .skip(2)
                        .map(line -> line.split("\\|", -1)[1].strip())
                        .toList())
                .containsExactly("swish", "mish", "relu");
    }

    @Test
    void stepsAreThoseToTheFirstLossThatIsLowEnough() {
        String table =
                ResultTable.of(List.of(run("relu", 1, 0.5, 3, 2, 1, 0.5), run("relu", 2, 0.5, 3, 3, 3, 1)), 50, 1.0);
        assertThat(table).containsPattern("\\| 7 +\\|\n"); // 300 and 400 images of 50 a step
    }

    /** Else the curve would become better where its worst seed is gone. */
    @Test
    void aMeanCurveEndsWhereItsFirstSeedDoes() {
        List<RunResult> runs = List.of(run("relu", 1, 0.5, 3, 2, 1, 1), run("relu", 2, 0.5, 5, 9, Double.NaN));
        assertThat(LearningCurves.mean(runs, Measurement::trainLoss))
                .hasSize(2)
                .containsEntry(100L, 4.0)
                .containsEntry(200L, 5.5);
    }
}
