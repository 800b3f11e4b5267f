package io.github.dl4jx.benchmarks;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * What all rounds say of a case, in nanoseconds an operation.
 *
 * @param median over all iterations of all rounds
 * @param low the smallest of the rounds' medians
 * @param high the largest of them
 */
record Summary(double median, double low, double high) {
    private static final double MILLISECOND = 1e6;

    /** @param raw of one case and implementation, at least one */
    static Summary of(Collection<Raw> raw) {
        List<Double> rounds = raw.stream()
                .collect(Collectors.groupingBy(Raw::round, TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(Summary::median)
                .toList();
        return new Summary(
                median(raw),
                rounds.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                rounds.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    }

    /** The median and, in parentheses, the rounds' range, in milliseconds. */
    String millis(int digits) {
        String number = "%." + digits + "f";
        return String.format(
                Locale.ROOT,
                number + " (" + number + "–" + number + ")",
                median / MILLISECOND,
                low / MILLISECOND,
                high / MILLISECOND);
    }

    private static double median(Collection<Raw> raw) {
        return new Median()
                .evaluate(raw.stream()
                        .flatMap(r -> r.nanos().stream())
                        .mapToDouble(Double::doubleValue)
                        .toArray());
    }
}
