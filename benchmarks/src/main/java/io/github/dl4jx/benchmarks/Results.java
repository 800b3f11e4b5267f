package io.github.dl4jx.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.StatUtils;

/** The summaries of all cases and implementations, and their ratios. */
final class Results {
    private final List<Raw> raw;
    private final Map<Case, Map<String, Summary>> summaries;

    /** @param subjects in the order in which they are to be listed */
    Results(List<Raw> raw, List<String> subjects) {
        this.raw = List.copyOf(raw);
        summaries = new LinkedHashMap<>();
        Map<Case, Map<String, List<Raw>>> groups = raw.stream()
                .collect(Collectors.groupingBy(
                        Raw::of,
                        LinkedHashMap::new,
                        Collectors.groupingBy(Raw::implementation, LinkedHashMap::new, Collectors.toList())));
        groups.entrySet().stream()
                .sorted(Map.Entry.comparingByKey((a, b) -> order(a, b, subjects)))
                .forEach(entry -> summaries.put(entry.getKey(), summaries(entry.getValue())));
    }

    /** The most bytes that were resident in a JVM of the implementation while it measured what matches; empty if unknown. */
    OptionalDouble peakBytes(Predicate<Case> matches, String implementation) {
        return raw.stream()
                .filter(r -> r.implementation().equals(implementation) && matches.test(r.of()))
                .map(Raw::peakBytes)
                .filter(Objects::nonNull)
                .mapToDouble(Long::doubleValue)
                .max();
    }

    private static Map<String, Summary> summaries(Map<String, List<Raw>> byImplementation) {
        Map<String, Summary> summaries = new LinkedHashMap<>();
        byImplementation.forEach((implementation, raw) -> summaries.put(implementation, Summary.of(raw)));
        return summaries;
    }

    /** The size, then forward before backward, then the subject. */
    private static int order(Case a, Case b, List<String> subjects) {
        int size = Integer.compare(a.size(), b.size());
        int part = b.part().compareTo(a.part());
        int subject = Integer.compare(subjects.indexOf(a.subject()), subjects.indexOf(b.subject()));
        return size != 0 ? size : part != 0 ? part : subject;
    }

    List<Case> cases() {
        return List.copyOf(summaries.keySet());
    }

    List<Case> cases(Predicate<Case> matches) {
        return cases().stream().filter(matches).toList();
    }

    Map<String, Summary> of(Case of) {
        return summaries.getOrDefault(of, Map.of());
    }

    Optional<Summary> get(Case of, String implementation) {
        return Optional.ofNullable(of(of).get(implementation));
    }

    /** How many times as long {@code one} takes as {@code other}; empty unless both were measured. */
    OptionalDouble ratio(Case of, String one, String other) {
        Optional<Summary> numerator = get(of, one);
        Optional<Summary> denominator = get(of, other);
        return numerator.isPresent() && denominator.isPresent()
                ? OptionalDouble.of(numerator.get().median() / denominator.get().median())
                : OptionalDouble.empty();
    }

    /** {@link #ratio} of the cases that match, by their words. */
    Map<String, Double> ratios(Predicate<Case> matches, String one, String other) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        cases(matches).forEach(of -> ratio(of, one, other).ifPresent(ratio -> ratios.put(words(of), ratio)));
        return ratios;
    }

    static String words(Case of) {
        int size = of.size();
        String elements =
                size % (1 << 20) == 0 ? (size >> 20) + "Mi" : size % 1024 == 0 ? (size >> 10) + "Ki" : "" + size;
        return of.subject() + " " + of.part() + " " + elements;
    }

    /** Empty of none. */
    static OptionalDouble geometricMean(Map<String, Double> ratios) {
        return ratios.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(StatUtils.geometricMean(ratios.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray()));
    }
}
