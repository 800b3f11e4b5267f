package io.github.dl4jx.init.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A small part of what {@code dl4j-init/prove doctor} does. */
class DoctorTrialTest {
    @Test
    void rightNetworksAreCalledRight() {
        Trial trial = new Trial().right(60, 2);
        assertThat(trial.falseAlarms()).isEmpty();
        assertThat(trial.unsteady()).isEmpty();
    }

    @Test
    void wrongNetworksAreCalledWrong() {
        Trial trial = new Trial().wrong(2 * WrongNetworks.KINDS.size());
        assertThat(WrongNetworks.KINDS).hasSize(25);
        assertThat(trial.missed()).isEmpty();
        assertThat(trial.unsteady()).isEmpty();
    }
}
