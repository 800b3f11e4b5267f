package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.Spread;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table at the end of a study, in Markdown: a row for each activation and initialiser, best accuracy first. */
final class ResultTable {
    private ResultTable() {}

    /**
     * Of a study.
     *
     * @param batch images a step
     * @param targetLoss adds a column: the steps until the training loss, the mean between two measurements, was not above
     *     this; null for none
     */
    static String of(List<RunResult> results, int batch, @Nullable Double targetLoss) {
        StringBuilder table = new StringBuilder();
        Map<List<String>, List<RunResult>> groups = results.stream()
                .collect(Collectors.groupingBy(
                        r -> List.of(r.run().activation(), r.run().initializer()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        boolean steps = targetLoss != null;
        row(
                table,
                steps,
                "activation",
                "initialiser",
                "test accuracy %",
                "test loss",
                "NaN seen",
                "images/s",
                "seconds",
                "training loss",
                "steps to " + targetLoss);
        row(table, steps, "---", "---", "---:", "---:", "---", "---:", "---:", "---:", "---:");
        groups.values().stream()
                .sorted(Comparator.comparingDouble(
                        group -> -mean(group, r -> r.test().accuracy())))
                .forEach(group -> {
                    Run run = group.get(0).run();
                    long nan = group.stream().filter(r -> r.nanSeen()).count();
                    row(
                            table,
                            steps,
                            run.activation(),
                            run.initializer(),
                            spread(group, r -> 100 * r.test().accuracy(), 2),
                            spread(group, r -> r.test().loss(), 3),
                            nan == 0 ? "no" : group.size() == 1 ? "yes" : nan + " of " + group.size(),
                            Spread.number(mean(group, r -> r.last().imagesPerSecond()), 0),
                            Spread.number(mean(group, r -> r.last().seconds()), 0),
                            spread(group, r -> r.last().trainLoss(), 3),
                            targetLoss == null ? "" : steps(group, batch, targetLoss));
                });
        return table.toString();
    }

    private static void row(StringBuilder table, boolean steps, Object... cells) {
        String format = "| %-22s | %-22s | %-15s | %-13s | %-8s | %8s | %7s |" + (steps ? " %-13s | %-12s |\n" : "\n");
        table.append(String.format(Locale.ROOT, format, cells));
    }

    /** The mean over the seeds, and how many got there if not all did. */
    private static String steps(List<RunResult> group, int batch, double targetLoss) {
        List<Long> steps = group.stream()
                .flatMap(r -> r.curve().stream()
                        .filter(m -> m.trainLoss() <= targetLoss)
                        .limit(1)
                        .map(m -> (m.images() + batch - 1) / batch))
                .toList();
        if (steps.isEmpty()) {
            return "never";
        }
        String mean = Spread.number(
                steps.stream().mapToLong(Long::longValue).average().orElseThrow(), 0);
        return steps.size() == group.size() ? mean : mean + " (" + steps.size() + " of " + group.size() + ")";
    }

    /** Over the seeds. */
    private static String spread(List<RunResult> group, ToDoubleFunction<RunResult> value, int digits) {
        return Spread.of(group.stream().mapToDouble(value).toArray(), digits);
    }

    private static double mean(List<RunResult> group, ToDoubleFunction<RunResult> value) {
        return group.stream().mapToDouble(value).average().orElseThrow();
    }
}
