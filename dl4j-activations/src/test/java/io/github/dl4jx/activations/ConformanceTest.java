package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.conformance.ActivationConformance;
import io.github.dl4jx.activations.conformance.Reference;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The conformance test over the catalogue; an entry is covered by being there. */
class ConformanceTest extends ActivationConformance {

    @Override
    protected Map<String, Reference> references() {
        return References.BY_SPECIFICATION;
    }

    @Test
    void everyEntryIsCovered() {
        List<String> covered = References.BY_SPECIFICATION.keySet().stream()
                .map(specification -> Activations.entry(specification).name())
                .distinct()
                .sorted()
                .toList();
        assertThat(covered).isEqualTo(Activations.names());
    }
}
