package io.github.dl4jx.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetTest {
    @Test
    void metNamesTheOneNearestTheLimit() {
        Target target = Target.atMost(1.3, "", Map.of("relu", 1.1, "step", 1.3));

        assertThat(target.missed()).isEmpty();
        assertThat(target.verdict()).isEqualTo("met by all 2, nearest the limit step 1.30");
    }

    @Test
    void missedNamesWhatMissesItWorstFirstAndByHowMuch() {
        Target most = Target.atMost(2, "", Map.of("relu", 1.0, "tanh", 2.2, "gelu", 3.0));
        Target least = Target.atLeast(8, "", Map.of("geometric mean", 4.0));

        assertThat(most.verdict()).isEqualTo("**missed** by 2 of 3: gelu 3.00 (by 50 %), tanh 2.20 (by 10 %)");
        assertThat(least.verdict()).isEqualTo("**missed** by 1 of 1: geometric mean 4.00 (by 100 %)");
    }

    @Test
    void whatIsNoNumberMisses() {
        assertThat(Target.atLeast(1, "", Map.of("relu", Double.NaN)).missed()).hasSize(1);
    }

    @Test
    void nothingMeasuredIsNeitherMetNorMissed() {
        assertThat(Target.atMost(1, "", Map.of()).verdict()).isEqualTo("not measured");
    }

    @Test
    void activationsAreJudgedAtTheSizesThatTheTargetsName() {
        List<Raw> raw = new ArrayList<>();
        for (String part : List.of(Case.FORWARD, Case.BACKWARD)) {
            List.of("relu", "swish", "softmax").forEach(subject -> add(raw, subject, "copy", part, 100));
            add(raw, "swish", "vector", part, 170);
            add(raw, "swish", "pytorch", part, 160);
            add(raw, "swish", "dl4j", part, 1700);
            add(raw, "swish", "loops", part, 1800);
            add(raw, "relu", "vector", part, 131);
            add(raw, "relu", "dl4j", part, 1310);
            add(raw, "softmax", "vector", part, 900);
            add(raw, "softmax", "pytorch", part, 300);
        }

        assertThat(ActivationSuite.targets(new Results(raw, List.of("relu", "swish", "softmax"))))
                .extracting(Target::verdict)
                .satisfiesExactly(
                        pytorch -> assertThat(pytorch).startsWith("**missed** by 2 of 2: swish forward 4Mi 1.06"),
                        mean -> assertThat(mean).isEqualTo("met by geometric mean 10.00"),
                        dl4j -> assertThat(dl4j).startsWith("met by all 4"),
                        small -> assertThat(small).isEqualTo("not measured"),
                        loops -> assertThat(loops).startsWith("**missed** by 2 of 2: swish forward 4Mi 0.94"),
                        cheap -> assertThat(cheap).startsWith("**missed** by 2 of 2: relu forward 4Mi 1.31"),
                        others -> assertThat(others)
                                .startsWith("met by all 2, nearest the limit swish forward 4Mi 1.70"));
    }

    private static void add(List<Raw> raw, String subject, String implementation, String part, double nanos) {
        raw.add(new Raw(1, implementation, new Case(subject, part, ActivationSuite.LARGE), List.of(nanos), null));
    }
}
