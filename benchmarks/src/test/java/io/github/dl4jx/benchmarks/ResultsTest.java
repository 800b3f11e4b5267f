package io.github.dl4jx.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final Case SWISH = new Case("swish", Case.FORWARD, 4096);
    private static final Case TANH = new Case("tanh", Case.FORWARD, 4096);

    @Test
    void medianIsOverAllIterationsAndTheSpreadIsThatOfTheRounds() {
        Summary summary = Summary.of(List.of(
                new Raw(1, "dl4j", SWISH, List.of(1.0, 2.0, 30.0), null),
                new Raw(2, "dl4j", SWISH, List.of(4.0, 5.0, 6.0), null),
                new Raw(2, "dl4j", SWISH, List.of(7.0), null)));

        assertThat(summary).isEqualTo(new Summary(5, 2, 5.5));
    }

    @Test
    void ratiosAreOfTheMediansAndEmptyWhereOneIsMissing() {
        Results results = results();

        assertThat(results.ratio(SWISH, "dl4j", "vector")).hasValue(10);
        assertThat(results.ratio(TANH, "dl4j", "vector")).isEmpty();
        assertThat(results.ratios(of -> true, "dl4j", "vector")).isEqualTo(Map.of("swish forward 4Ki", 10.0));
    }

    @Test
    void casesComeInTheOrderOfTheSubjects() {
        assertThat(results().cases()).containsExactly(TANH, SWISH);
    }

    private static Results results() {
        return new Results(
                List.of(
                        new Raw(1, "dl4j", SWISH, List.of(20.0), null),
                        new Raw(1, "vector", SWISH, List.of(2.0), null),
                        new Raw(1, "dl4j", TANH, List.of(20.0), null)),
                List.of("tanh", "swish"));
    }

    @Test
    void peakOfMemoryIsTheLargestAndEmptyWhereNoneIsKnown() {
        Results results = new Results(
                List.of(
                        new Raw(1, "vector", SWISH, List.of(2.0), 5L),
                        new Raw(2, "vector", SWISH, List.of(2.0), 7L),
                        new Raw(1, "vector", TANH, List.of(2.0), 9L),
                        new Raw(1, "dl4j", SWISH, List.of(2.0), null)),
                List.of("tanh", "swish"));

        assertThat(results.peakBytes(SWISH::equals, "vector")).hasValue(7);
        assertThat(results.peakBytes(SWISH::equals, "dl4j")).isEmpty();
    }

    @Test
    void geometricMean() {
        assertThat(Results.geometricMean(Map.of("a", 2.0, "b", 8.0)).getAsDouble())
                .isCloseTo(4, within(1e-12));
        assertThat(Results.geometricMean(Map.of())).isEqualTo(OptionalDouble.empty());
    }
}
