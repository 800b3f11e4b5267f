package io.github.dl4jx.activations.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.Proofs;
import io.github.dl4jx.activations.layer.Bench.Mutation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Whether {@link LayerMathTest} can fail for each layer: its value 1e-5 off, then its gradient and the one of its parameters
 * 1 % off, and as it is. {@code dl4j-activations/prove mutations} runs it, and not the build.
 */
@Tag("long")
class LayerMutationsTest {

    @Test
    void everyMutantIsCaught() throws IOException {
        StringBuilder page = new StringBuilder("# Mutations of the activations that are layers\n\n"
                + Proofs.conditions("mutations")
                + "| layer | mutation | failed tests of LayerMathTest |\n| --- | --- | ---: |\n");
        List<String> wrong = new ArrayList<>();
        for (Mutation mutation : Mutation.values()) {
            Map<String, Integer> failures = failures(mutation);
            for (String name : ActivationLayers.names()) {
                boolean learned = ActivationLayers.get(name) instanceof LearnedLayer;
                if (mutation == Mutation.PARAMETER_GRADIENT && !learned) {
                    continue;
                }
                int failed = failures.getOrDefault(name, 0);
                page.append("| %s | %s | %d |\n".formatted(name, mutation.words, failed));
                if ((failed == 0) != (mutation == Mutation.NONE)) {
                    wrong.add(name + ": " + mutation.words);
                }
            }
        }
        page.append("\nMutants not caught, or layers that failed as they are: ")
                .append(wrong.size())
                .append('\n');
        Proofs.write("layer-mutations.md", page.toString());
        assertThat(wrong).isEmpty();
    }

    /** How many tests of each layer fail. */
    private static Map<String, Integer> failures(Mutation mutation) {
        Bench.mutation = mutation;
        try {
            Map<String, Integer> failures = new TreeMap<>();
            Proofs.run(LayerMathTest.class).getFailures().stream()
                    .map(TestExecutionSummary.Failure::getTestIdentifier)
                    .map(LayerMutationsTest::layer)
                    .forEach(name -> failures.merge(name, 1, Integer::sum));
            return failures;
        } finally {
            Bench.mutation = Mutation.NONE;
        }
    }

    /** The layer that a test is about: an argument, or what the name of the method begins with. */
    private static String layer(TestIdentifier test) {
        String name = (test.getDisplayName() + " " + test.getLegacyReportingName()).toLowerCase(Locale.ROOT);
        String found = ActivationLayers.names().stream()
                .filter(layer -> name.contains(layer))
                .findFirst()
                .orElse("");
        return found.isEmpty() && name.contains("parametricswish") ? "pswish" : found;
    }
}
