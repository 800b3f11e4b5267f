package io.github.dl4jx.activations.formula;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop that allocates is replaced, once; one that does not stays. */
class CheckedLoopTest {
    private final List<String> ran = new ArrayList<>(1000);
    private byte[] garbage = {};

    private ArrayLoop loop(String name, int bytes) {
        return (x, g, y, from, to) -> {
            ran.add(name);
            if (bytes > 0) {
                garbage = new byte[bytes];
            }
        };
    }

    private static void run(ArrayLoop loop, int times) {
        try {
            for (int i = 0; i < times; i++) {
                loop.run("", "", "", 0, 1);
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneThatAllocatesIsReplaced() {
        CheckedLoop loop = new CheckedLoop(loop("first", 5000), Duration.ZERO, () -> loop("second", 0));
        run(loop, 100);
        assertThat(ran.get(0)).isEqualTo("first");
        assertThat(ran.subList(1, 100)).containsOnly("second");
        assertThat(loop.hasFailed()).isFalse();
        assertThat(garbage).hasSize(5000);
    }

    @Test
    void whereThereIsNoOtherItSaysSo() {
        CheckedLoop loop = new CheckedLoop(loop("first", 5000), Duration.ZERO, () -> null);
        run(loop, 100);
        assertThat(loop.hasFailed()).isTrue();
    }

    @Test
    void oneThatDoesNotAllocateStays() {
        CheckedLoop loop = new CheckedLoop(loop("first", 0), Duration.ZERO, () -> loop("second", 0));
        run(loop, 500);
        assertThat(ran).containsOnly("first");
    }

    /** C2 has time to compile before a loop is judged. */
    @Test
    void patienceIsAsked() {
        CheckedLoop loop = new CheckedLoop(loop("first", 5000), Duration.ofHours(1), () -> loop("second", 0));
        run(loop, 500);
        assertThat(ran).containsOnly("first");
    }
}
