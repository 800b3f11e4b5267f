package io.github.dl4jx.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A JVM that is started, asked and ended. */
class MeasurerTest {
    private static final Task TASK = new Task("activations", "loops", 1, true, List.of("relu", "step"));

    @Test
    void answersEachQuestion() throws Exception {
        try (Measurer measurer = Measurer.start(TASK, Implementation.LOOPS)) {
            for (String subject : TASK.subjects()) {
                Case of = new Case(subject, Case.BACKWARD, ActivationSuite.SMALL);

                assertThat(measurer.measure(of).raw()).singleElement().satisfies(raw -> {
                    assertThat(raw.of()).isEqualTo(of);
                    assertThat(raw.implementation()).isEqualTo("loops");
                    assertThat(raw.nanos()).isNotEmpty().allMatch(nanos -> nanos > 0);
                    if (Files.exists(Path.of("/proc/self/status"))) {
                        assertThat(raw.peakBytes()).isBetween(50L << 20, 4L << 30);
                    }
                });
            }
        }
    }

    @Test
    void whatAnImplementationLacksHasNoAnswer() throws Exception {
        Task task = new Task("activations", "dl4j", 1, true, List.of("relu"));
        try (Measurer measurer = Measurer.start(task, Implementation.DL4J)) {
            assertThat(measurer.measure(new Case("step", Case.FORWARD, ActivationSuite.SMALL))
                            .raw())
                    .isEmpty();
        }
    }

    @Test
    void anEndBeforeTheAnswerIsNoticed() throws Exception {
        try (Measurer measurer = Measurer.start(TASK, Implementation.LOOPS)) {
            Throwable thrown =
                    catchThrowable(() -> measurer.measure(new Case("wish", Case.FORWARD, ActivationSuite.SMALL)));

            assertThat(thrown).isInstanceOf(IOException.class).hasMessageContaining("loops has ended");
        }
    }
}
