package io.github.dl4jx.init.health;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.factory.Nd4j;

/** Puts networks of which is known whether they are right before the doctor, and counts its errors. */
final class Trial {
    private static final int MOST_EXAMPLES = 20;

    private final Map<String, Integer> rightByKind = new LinkedHashMap<>();
    private final Map<String, Integer> wrongByKind = new LinkedHashMap<>();
    private final List<String> falseAlarms = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();
    private final List<String> unsteady = new ArrayList<>();
    private int examinations;

    /** Each network of {@link RightNetworks}, as often as there are seeds. */
    Trial right(int networks, int seeds) {
        for (int number = 0; number < networks; number++) {
            Case one = RightNetworks.get(number);
            rightByKind.merge(one.kind().replaceAll("example: .*", "DL4J's examples"), 1, Integer::sum);
            alarm(number, one.kind(), "configuration", one.byConfiguration());
            for (long seed = 1; seed <= seeds; seed++) {
                Diagnosis diagnosis = one.byBatch(seed);
                alarm(number, one.kind(), "seed " + seed, diagnosis);
                if (seed == 1) {
                    steady(one, seed, diagnosis);
                }
            }
        }
        return this;
    }

    /** Each network of {@link WrongNetworks}, once: the rule of its fault has to find it, by error or warning. */
    Trial wrong(int networks) {
        for (int number = 0; number < networks; number++) {
            WrongNetworks.Kind kind = WrongNetworks.kind(number);
            wrongByKind.merge(kind.name(), 1, Integer::sum);
            Case one = WrongNetworks.get(number);
            examinations++;
            Diagnosis diagnosis = one.byBatch(number);
            boolean found = diagnosis.findings().stream()
                    .anyMatch(finding -> finding.rule().equals(kind.rule()) && finding.severity() != Severity.NOTE);
            if (!found) {
                missed.add("network " + number + ", " + kind.name() + ": " + diagnosis);
            }
            if (number < WrongNetworks.KINDS.size()) {
                steady(one, number, diagnosis);
            }
        }
        return this;
    }

    private void alarm(int number, String kind, String which, Diagnosis diagnosis) {
        examinations++;
        if (!diagnosis.healthy()) {
            falseAlarms.add("network " + number + ", " + kind + ", " + which + ": " + diagnosis);
        }
    }

    /** The same again, after other draws of the user's. */
    private void steady(Case one, long seed, Diagnosis before) {
        Nd4j.getRandom().setSeed(seed + 17);
        Nd4j.getRandom().nextDouble();
        Diagnosis again = one.byBatch(seed);
        if (!again.equals(before)) {
            unsteady.add(one.kind() + ": " + before + " and " + again);
        }
    }

    List<String> falseAlarms() {
        return List.copyOf(falseAlarms);
    }

    List<String> missed() {
        return List.copyOf(missed);
    }

    List<String> unsteady() {
        return List.copyOf(unsteady);
    }

    /** As Markdown. */
    String page() {
        return "| | networks | |\n| --- | ---: | --- |\n"
                + "| right | " + sum(rightByKind) + " | false alarms: " + falseAlarms.size() + " |\n"
                + "| wrong | " + sum(wrongByKind) + " | missed: " + missed.size() + " |\n"
                + "| the same again | | another verdict: " + unsteady.size() + " |\n"
                + "| diagnoses | " + examinations + " | |\n\n"
                + examples("False alarms", falseAlarms)
                + examples("Missed", missed)
                + examples("Another verdict", unsteady)
                + table("Right networks", rightByKind)
                + table("Wrong networks, by their fault", wrongByKind);
    }

    private static int sum(Map<String, Integer> kinds) {
        return kinds.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static String examples(String title, List<String> all) {
        return all.isEmpty()
                ? ""
                : "## " + title + "\n\n```\n"
                        + all.stream().limit(MOST_EXAMPLES).collect(Collectors.joining("\n")) + "\n```\n\n";
    }

    private static String table(String title, Map<String, Integer> kinds) {
        return kinds.entrySet().stream()
                .map(kind -> "| " + kind.getKey() + " | " + kind.getValue() + " |\n")
                .collect(Collectors.joining("", "## " + title + "\n\n| | networks |\n| --- | ---: |\n", "\n"));
    }
}
