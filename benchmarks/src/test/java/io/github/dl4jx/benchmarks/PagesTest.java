package io.github.dl4jx.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages and charts are made after long measurements: they must cope with whatever was measured. */
class PagesTest {
    @Test
    void ofEverything() {
        for (Suite suite : Benchmarks.suites()) {
            List<Raw> raw = new ArrayList<>();
            for (Implementation implementation : suite.implementations()) {
                for (String subject : suite.all()) {
                    for (Case of : cases(suite, subject)) {
                        raw.add(new Raw(1, implementation.name(), of, List.of(1e6, 2e6), null));
                    }
                }
            }
            Results results = new Results(raw, suite.all());

            assertThat(suite.tables(results)).contains(suite.all()).doesNotContain("null");
            assertThat(suite.chart(results).getWidth()).isEqualTo(1200);
        }
    }

    @Test
    void ofOneFunctionOfThePackAlone() {
        for (Suite suite : Benchmarks.suites()) {
            String subject = suite.all().get(0);
            String pack = suite instanceof InitializerSuite ? "dl4jx" : "vector";
            List<Raw> raw = new ArrayList<>();
            for (Case of : cases(suite, subject)) {
                raw.add(new Raw(1, pack, of, List.of(3e-3), null));
                raw.add(new Raw(1, "copy", of, List.of(2e-3), null)); // which is always measured where it is asked for
            }
            Results results = new Results(raw, suite.all());

            assertThat(suite.tables(results)).contains(subject);
            assertThat(suite.chart(results).getHeight()).isPositive();
        }
    }

    @Test
    void primitivesAreSetAgainstTheFloor() {
        String subject = "small relu";
        String problem = "mb64_ic32oc64_ih16oh16kh3sh1dh0ph1_iw16ow16kw3sw1dw0pw1"; // 604 million operations
        Results results = new Results(
                List.of(
                        raw(new Case(subject, "convolution", 64), 20e6),
                        raw(
                                new Case(subject, "product of matrices", 2048),
                                2.0 * 2048 * 2048 * 2048 / 100), // 100 GFLOP/s
                        raw(new Case(subject, "primitive 2 convolution backward_data jit:avx2 " + problem, 64), 20e6)),
                List.of(subject));

        assertThat(new ProfileSuite().tables(results))
                .contains("| convolution 32→64, 3×3 at 16×16 | backward_data | jit:avx2 | 2 | 20.00 | 60 | 60 % |");
    }

    private static Raw raw(Case of, double nanos) {
        return new Raw(1, "vector", of, List.of(nanos), null);
    }

    @Test
    void ofNothingButThePackAndTheCopy() {
        List<Raw> raw = new ArrayList<>();
        for (String part : List.of(Case.FORWARD, Case.BACKWARD)) {
            Case of = new Case("step", part, ActivationSuite.LARGE);
            raw.add(new Raw(1, "copy", of, List.of(2e6), null));
            raw.add(new Raw(1, "vector", of, List.of(3e6), null));
        }
        Results results = new Results(raw, List.of("step"));
        String page = new ActivationSuite().tables(results);

        assertThat(page).contains("| step | 2.00 (2.00–2.00) |  |  | 3.00 (3.00–3.00) |  | 1.50 |  |  |");
        assertThat(page).contains("not measured").doesNotContain("\n| copy |");
    }

    @Test
    void whatComputesNothingIsInNoMean() {
        List<Raw> raw = new ArrayList<>();
        for (String part : List.of(Case.FORWARD, Case.BACKWARD)) {
            raw.add(new Raw(1, "dl4j", new Case("identity", part, ActivationSuite.LARGE), List.of(1.0), null));
            raw.add(new Raw(1, "vector", new Case("identity", part, ActivationSuite.LARGE), List.of(1e6), null));
            raw.add(new Raw(1, "dl4j", new Case("elu", part, ActivationSuite.LARGE), List.of(9e6), null));
            raw.add(new Raw(1, "vector", new Case("elu", part, ActivationSuite.LARGE), List.of(1e6), null));
        }

        assertThat(new ActivationSuite().tables(new Results(raw, List.of("identity", "elu"))))
                .contains("| 4,194,304 | forward | 9.00 |", "| 4,194,304 | backward | 9.00 |");
    }

    private static List<Case> cases(Suite suite, String subject) {
        if (suite instanceof ActivationSuite) {
            return List.of(
                    new Case(subject, Case.FORWARD, ActivationSuite.LARGE),
                    new Case(subject, Case.BACKWARD, ActivationSuite.LARGE));
        }
        if (suite instanceof MonitorSuite) {
            return MonitorSuite.PARTS.stream()
                    .map(part -> MonitorSuite.of(subject, part))
                    .toList();
        }
        if (suite instanceof ProfileSuite) {
            List<Case> cases = new ArrayList<>(ProfileSuite.parts(subject));
            cases.add(new Case(subject, "product of matrices", 2048));
            cases.add(new Case(subject, "primitive 3 reorder undef jit:uni 64x3x32x32", 64));
            return cases;
        }
        return List.of(new Case(subject, "step", 64));
    }
}
