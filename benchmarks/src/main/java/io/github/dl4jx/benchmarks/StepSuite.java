package io.github.dl4jx.benchmarks;

import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.dataset.DataSet;

/** Compares training steps of the network of {@link ConvolutionTraining}. */
abstract class StepSuite extends Suite {
    /** Of training, until HotSpot has compiled what a step runs and the steps stop getting shorter; 4 to 7 were seen. */
    static final double SECONDS_TO_SETTLE = 8;

    private static final int BATCHES = 8;

    @Override
    final List<Case> cases(boolean quick) {
        return subjects().stream()
                .map(subject -> new Case(subject, "step", ConvolutionTraining.BATCH))
                .toList();
    }

    @Override
    final Session open(Task task) {
        List<DataSet> batches = ConvolutionTraining.batches(BATCHES);
        if (!task.quick()) {
            training(task.implementation(), task.subjects().get(0)).ifPresent(training -> {
                try (training) {
                    training.train(batches, 1, SECONDS_TO_SETTLE);
                }
            });
        }
        return session(task, batches);
    }

    /** The network in an implementation; empty if that lacks the activation. */
    Optional<Training> training(String implementation, String subject) {
        return Optional.of(Dl4jTraining.ofPack(subject));
    }

    /** What a JVM measures after it has settled. */
    abstract Session session(Task task, List<DataSet> batches);

    static double mean(List<Double> nanos) {
        return nanos.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
