package io.github.dl4jx.init.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The doctor before 1,000 right networks, each with 20 seeds, and 1,000 wrong ones, or other numbers of them. {@code
 * dl4j-init/prove doctor} runs it, and not the build.
 */
@Tag("long")
class DoctorLongTrialTest {
    private static final int NETWORKS = Integer.getInteger("prove.networks", 1_000);
    private static final int SEEDS = Integer.getInteger("prove.seeds", 20);

    @Test
    void noFalseAlarmAndNoneMissed() throws IOException {
        Trial trial = new Trial().right(NETWORKS, SEEDS).wrong(NETWORKS);
        Path page = Path.of("results", "doctor.md");
        Files.createDirectories(page.getParent());
        Files.writeString(
                page,
                "# The doctor before networks of which is known whether they are right\n\n"
                        + "- command: `dl4j-init/prove doctor " + NETWORKS + " " + SEEDS + "`\n- Java "
                        + Runtime.version() + ", "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", commit "
                        + System.getProperty("prove.commit", "unknown") + "\n- " + SEEDS
                        + " seeds of each right network, a batch of " + Case.EXAMPLES + " examples of N(0, 1)\n\n"
                        + trial.page());
        assertThat(trial.falseAlarms()).isEmpty();
        assertThat(trial.missed()).isEmpty();
        assertThat(trial.unsteady()).isEmpty();
    }
}
