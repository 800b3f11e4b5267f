package io.github.dl4jx.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A claim about measured ratios, and whether they bear it out.
 *
 * @param claim in words
 * @param bound which side of the limit is good
 * @param limit what no ratio may pass
 * @param ratios by what was measured
 */
record Target(String claim, Bound bound, double limit, Map<String, Double> ratios) {

    /** How many misses a verdict names, the worst. */
    private static final int SHOWN = 8;

    /** Which side of the limit is good. */
    enum Bound {
        AT_MOST,
        AT_LEAST
    }

    static Target atMost(double limit, String claim, Map<String, Double> ratios) {
        return new Target(claim, Bound.AT_MOST, limit, ratios);
    }

    static Target atLeast(double limit, String claim, Map<String, Double> ratios) {
        return new Target(claim, Bound.AT_LEAST, limit, ratios);
    }

    /** What misses it, worst first. */
    List<Map.Entry<String, Double>> missed() {
        return ratios.entrySet().stream()
                .filter(e -> shortfall(e.getValue()) > 1 || Double.isNaN(e.getValue()))
                .sorted(worstFirst())
                .toList();
    }

    /** How many times as far from zero as allowed, or as near: above 1 is bad. */
    private double shortfall(double ratio) {
        return bound == Bound.AT_MOST ? ratio / limit : limit / ratio;
    }

    private Comparator<Map.Entry<String, Double>> worstFirst() {
        return Comparator.comparingDouble(e -> -shortfall(e.getValue()));
    }

    /** Met or missed, by what and by how much. */
    String verdict() {
        if (ratios.isEmpty()) {
            return "not measured";
        }
        List<Map.Entry<String, Double>> missed = missed();
        if (missed.isEmpty()) {
            Map.Entry<String, Double> worst =
                    ratios.entrySet().stream().sorted(worstFirst()).findFirst().orElseThrow();
            return "met by " + (ratios.size() == 1 ? "" : "all " + ratios.size() + ", nearest the limit ")
                    + words(worst);
        }
        return "**missed** by " + missed.size() + " of " + ratios.size() + ": "
                + missed.stream().limit(SHOWN).map(this::wordsOfMiss).collect(Collectors.joining(", "))
                + (missed.size() > SHOWN ? ", ..." : "");
    }

    private static String words(Map.Entry<String, Double> entry) {
        return String.format(Locale.ROOT, "%s %.2f", entry.getKey(), entry.getValue());
    }

    private String wordsOfMiss(Map.Entry<String, Double> entry) {
        return String.format(Locale.ROOT, "%s (by %.0f %%)", words(entry), 100 * (shortfall(entry.getValue()) - 1));
    }

    /** All of them as a Markdown table. */
    static String table(List<Target> targets) {
        StringBuilder table = new StringBuilder("| target | verdict |\n| --- | --- |\n");
        for (Target target : targets) {
            table.append("| ")
                    .append(target.claim())
                    .append(" | ")
                    .append(target.verdict())
                    .append(" |\n");
        }
        return table.toString();
    }
}
