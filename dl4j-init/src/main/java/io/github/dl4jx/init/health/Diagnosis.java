package io.github.dl4jx.init.health;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * What the doctor found.
 *
 * @param findings the worst first
 */
public record Diagnosis(List<Finding> findings) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Sorts by severity and keeps the order within. */
    public Diagnosis {
        List<Finding> sorted = new ArrayList<>(findings);
        sorted.sort(Comparator.comparing(Finding::severity));
        findings = List.copyOf(sorted);
    }

    /** Whether there is neither an error nor a warning. */
    public boolean healthy() {
        return findings.stream().allMatch(finding -> finding.severity() == Severity.NOTE);
    }

    /**
     * Healthy or not and all findings, as
     *
     * <pre>{@code
     * {"healthy": false, "findings": [
     *   {"severity": "error", "rule": "output-activation", "layer": "...", "message": "...", "suggestion": "..."}]}
     * }</pre>
     */
    public String toJson() {
        List<Map<String, String>> all = findings.stream().map(Diagnosis::json).toList();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("healthy", healthy());
        document.put("findings", all);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> json(Finding finding) {
        Map<String, String> json = new LinkedHashMap<>();
        json.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        json.put("rule", finding.rule());
        json.put("layer", finding.layer());
        json.put("message", finding.message());
        json.put("suggestion", finding.suggestion());
        return json;
    }

    /** A line each; "healthy" where there is none. */
    @Override
    public String toString() {
        return findings.isEmpty()
                ? "healthy"
                : findings.stream().map(Finding::toString).collect(Collectors.joining("\n"));
    }
}
