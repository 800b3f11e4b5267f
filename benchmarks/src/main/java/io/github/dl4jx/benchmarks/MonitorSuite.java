package io.github.dl4jx.benchmarks;

import io.github.dl4jx.init.health.SignalMonitor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.dataset.DataSet;
import picocli.CommandLine.Command;

/** What {@link SignalMonitor} adds to the training of the network of {@link ConvolutionTraining}. */
@Command(
        name = "monitor",
        description = "What the signal monitor costs a training.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class MonitorSuite extends StepSuite {
    private static final int PAIRS = 2;
    private static final int WARMUP_STEPS = 30;
    private static final double LIMIT = 1.03;
    private static final String WITHOUT = "step without";
    private static final String WITH = "step with monitor";
    private static final String MEASURED = "measured step";

    /** What is timed of each activation. */
    static final List<String> PARTS = List.of(WITHOUT, WITH, MEASURED);

    @Override
    String name() {
        return "monitor";
    }

    @Override
    List<String> all() {
        return List.of("relu", "swish");
    }

    @Override
    List<Implementation> implementations() {
        return List.of(Implementation.VECTOR);
    }

    @Override
    Session session(Task task, List<DataSet> batches) {
        int steps = task.quick() ? 10 : SignalMonitor.DEFAULT_EVERY;
        return (of, result) -> {
            try (Steps without = Dl4jSteps.training(Subject.of(of.subject()).ofPack());
                    Steps with = Dl4jSteps.training(
                            Subject.of(of.subject()).ofPack(),
                            SignalMonitor.builder().every(steps).build())) {
                without.time(batches, WARMUP_STEPS, 0);
                with.time(batches, steps, 0); // the first of which is measured too
                List<Double> plain = new ArrayList<>();
                List<Double> monitored = new ArrayList<>();
                List<Double> measured = new ArrayList<>();
                // in turn, so that both meet the same machine
                for (int pair = 0; pair < (task.quick() ? 1 : PAIRS); pair++) {
                    plain.add(mean(without.time(batches, steps, 0)));
                    List<Double> nanos = with.time(batches, steps, 0);
                    monitored.add(mean(nanos));
                    measured.add(nanos.get(0));
                }
                result.accept(of(of.subject(), WITHOUT), plain);
                result.accept(of(of.subject(), WITH), monitored);
                result.accept(of(of.subject(), MEASURED), measured);
            }
        };
    }

    static Case of(String subject, String part) {
        return new Case(subject, part, ConvolutionTraining.BATCH);
    }

    @Override
    List<String> references() {
        return List.of();
    }

    @Override
    List<String> method() {
        return List.of(
                ConvolutionTraining.DESCRIPTION + ", with `OneDnn.enable`",
                "two networks in turn, " + SignalMonitor.DEFAULT_EVERY + " steps each, " + PAIRS
                        + " times, after " + WARMUP_STEPS + " steps or more to warm up and "
                        + (int) SECONDS_TO_SETTLE
                        + " s in each JVM before; one has a `SignalMonitor`, which measures the first of"
                        + " these steps; medians of the means over " + SignalMonitor.DEFAULT_EVERY
                        + " steps, in parentheses the lowest and highest of a round",
                "from the measured steps: what these take longer, by the time of " + SignalMonitor.DEFAULT_EVERY
                        + " steps without; it is surer, since the other steps do not come into it");
    }

    @Override
    String tables(Results results) {
        StringBuilder text = new StringBuilder("""
                Milliseconds:

                | activation | step without | step with monitor | measured step | with/without | from the measured steps |
                | --- | ---: | ---: | ---: | ---: | ---: |
                """);
        Map<String, Double> costs = new LinkedHashMap<>();
        for (String subject : subjects()) {
            Optional<Summary> without = get(results, subject, WITHOUT);
            Optional<Summary> with = get(results, subject, WITH);
            Optional<Summary> measured = get(results, subject, MEASURED);
            if (without.isEmpty() || with.isEmpty() || measured.isEmpty()) {
                continue;
            }
            double step = without.get().median();
            double cost = 1 + (measured.get().median() - step) / (SignalMonitor.DEFAULT_EVERY * step);
            costs.put(subject, cost);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %.4f | %.4f |%n",
                    subject,
                    without.get().millis(1),
                    with.get().millis(1),
                    measured.get().millis(1),
                    with.get().median() / step,
                    cost));
        }
        return text.append('\n')
                .append(Target.table(
                        List.of(Target.atMost(LIMIT, "training takes at most 3 % longer with a monitor", costs))))
                .toString();
    }

    private Optional<Summary> get(Results results, String subject, String part) {
        return results.get(of(subject, part), Implementation.VECTOR.name());
    }

    @Override
    BufferedImage chart(Results results) {
        return Charts.draw(
                subjects().stream()
                        .filter(subject -> get(results, subject, WITHOUT).isPresent())
                        .map(subject -> Charts.panel(
                                subject + ": milliseconds of a training step",
                                PARTS,
                                implementations(),
                                (row, implementation) ->
                                        get(results, subject, PARTS.get(row)).map(summary -> summary.median() / 1e6)))
                        .toList(),
                false);
    }
}
