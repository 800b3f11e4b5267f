package io.github.dl4jx.examples.cifar10;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/** The table at the end of a study, in Markdown: a row for each activation and initialiser, best accuracy first. */
final class ResultTable {
    private ResultTable() {}

    static String of(List<RunResult> results) {
        StringBuilder table = new StringBuilder();
        Map<List<String>, List<RunResult>> groups = results.stream()
                .collect(Collectors.groupingBy(
                        r -> List.of(r.run().activation(), r.run().initializer()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        row(table, "activation", "initialiser", "test accuracy %", "test loss", "NaN seen", "images/s", "seconds");
        row(table, "---", "---", "---:", "---:", "---", "---:", "---:");
        groups.values().stream()
                .sorted(Comparator.comparingDouble(
                        group -> -mean(group, r -> r.test().accuracy())))
                .forEach(group -> {
                    Run run = group.get(0).run();
                    long nan = group.stream().filter(r -> r.nanSeen()).count();
                    row(
                            table,
                            run.activation(),
                            run.initializer(),
                            spread(group, r -> 100 * r.test().accuracy(), 2),
                            spread(group, r -> r.test().loss(), 3),
                            nan == 0 ? "no" : group.size() == 1 ? "yes" : nan + " of " + group.size(),
                            number(mean(group, r -> r.last().imagesPerSecond()), 0),
                            number(mean(group, r -> r.last().seconds()), 0));
                });
        return table.toString();
    }

    private static void row(StringBuilder table, Object... cells) {
        table.append(String.format(Locale.ROOT, "| %-22s | %-22s | %-15s | %-13s | %-8s | %8s | %7s |\n", cells));
    }

    /** The mean, and over several seeds the standard deviation. */
    private static String spread(List<RunResult> group, ToDoubleFunction<RunResult> value, int digits) {
        DescriptiveStatistics statistics = statistics(group, value);
        String mean = number(statistics.getMean(), digits);
        return group.size() == 1 ? mean : mean + " ± " + number(statistics.getStandardDeviation(), digits);
    }

    private static double mean(List<RunResult> group, ToDoubleFunction<RunResult> value) {
        return statistics(group, value).getMean();
    }

    private static DescriptiveStatistics statistics(List<RunResult> group, ToDoubleFunction<RunResult> value) {
        return new DescriptiveStatistics(group.stream().mapToDouble(value).toArray());
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
