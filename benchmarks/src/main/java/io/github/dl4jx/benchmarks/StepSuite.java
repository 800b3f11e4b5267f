package io.github.dl4jx.benchmarks;

import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.dataset.DataSet;

/** Measures steps of networks: a subject is a {@link Subject}. */
abstract class StepSuite extends Suite {
    /** Of steps, until HotSpot has compiled what one runs and they stop getting shorter; 4 to 7 were seen. */
    static final double SECONDS_TO_SETTLE = 8;

    private static final int BATCHES = 8;

    @Override
    final List<Case> cases(boolean quick) {
        return subjects().stream()
                .map(subject ->
                        new Case(subject, "step", Subject.of(subject).network().batch()))
                .toList();
    }

    @Override
    final Session open(Task task) {
        Subject first = Subject.of(task.subjects().get(0));
        List<DataSet> batches =
                ConvolutionTraining.batches(BATCHES, first.network().batch());
        if (!task.quick()) {
            steps(task.implementation(), first).ifPresent(steps -> {
                try (steps) {
                    steps.time(batches, 1, SECONDS_TO_SETTLE);
                }
            });
        }
        return session(task, batches);
    }

    /** The network in an implementation; empty if that lacks it. */
    Optional<Steps> steps(String implementation, Subject subject) {
        return Optional.of(Dl4jSteps.training(subject.ofPack()));
    }

    /** What a JVM measures after it has settled. */
    abstract Session session(Task task, List<DataSet> batches);

    static double mean(List<Double> nanos) {
        return nanos.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
