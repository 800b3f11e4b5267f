package io.github.dl4jx.activations.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class ParallelTest {
    private final int threads = Nd4j.getEnvironment().maxMasterThreads();

    @AfterEach
    void restore() {
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
    }

    @Test
    void everyPositionOnceWhateverTheLengthAndTheThreads() {
        for (int count : new int[] {1, 2, 3, 5, 8}) {
            Nd4j.getEnvironment().setMaxMasterThreads(count);
            for (int length : new int[] {0, 1, 4095, 131_071, 131_072, 131_073, 1_000_003}) {
                AtomicIntegerArray visits = new AtomicIntegerArray(length);
                Parallel.run(length, (from, to) -> {
                    for (long i = from; i < to; i++) {
                        visits.incrementAndGet((int) i);
                    }
                });
                for (int i = 0; i < length; i++) {
                    assertThat(visits.get(i)).as("position %s of %s", i, length).isOne();
                }
            }
        }
    }

    @Test
    void smallArraysWakeNoThread() {
        Nd4j.getEnvironment().setMaxMasterThreads(8);
        assertThat(threadsThatRan(100_000)).containsExactly(Thread.currentThread());
    }

    @Test
    void oneThreadStaysOne() {
        Nd4j.getEnvironment().setMaxMasterThreads(1);
        assertThat(threadsThatRan(4 << 20)).containsExactly(Thread.currentThread());
    }

    @Test
    void anExceptionReachesTheCaller() {
        Nd4j.getEnvironment().setMaxMasterThreads(2);
        assertThatThrownBy(() -> Parallel.run(1 << 20, (from, to) -> {
                    throw new IllegalStateException("from " + from);
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Set<Thread> threadsThatRan(long length) {
        Set<Thread> result = ConcurrentHashMap.newKeySet();
        Parallel.run(length, (from, to) -> result.add(Thread.currentThread()));
        return result;
    }
}
