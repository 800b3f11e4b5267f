package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.conformance.ActivationConformance;
import io.github.dl4jx.activations.conformance.Reference;
import java.io.IOException;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Whether the conformance test can fail: each activation with its value 1e-5 off, then with its gradient 1 % off, and
 * as it is. {@code dl4j-activations/prove mutations} runs it, and not the build.
 */
@Tag("long")
class MutationsTest {
    /** What is done to the activation under test. */
    private enum Mutation {
        NONE("as it is"),
        VALUE("f + 1e-5"),
        GRADIENT("gradient + 1 %");

        private final String words;

        Mutation(String words) {
            this.words = words;
        }
    }

    private static String specification = "";
    private static Mutation mutation = Mutation.NONE;

    @Test
    void everyMutantIsCaught() throws IOException {
        StringBuilder page = new StringBuilder("# Mutations of the activations under the conformance test\n\n"
                + Proofs.conditions("mutations")
                + "The activations of the catalogue; those that are layers are in layer-mutations.md. A gradient that is zero everywhere (step) gets 1 % of the upstream gradient added instead.\n\n"
                + "| activation | mutation | tests | failed | in |\n| --- | --- | ---: | ---: | --- |\n");
        int survivors = 0;
        for (String name :
                References.BY_SPECIFICATION.keySet().stream().sorted().toList()) {
            for (Mutation each : Mutation.values()) {
                specification = name;
                mutation = each;
                TestExecutionSummary summary = Proofs.run(Mutant.class);
                long failed = summary.getTotalFailureCount(); // of containers too
                page.append("| %s | %s | %d | %d | %s |\n"
                        .formatted(name, each.words, summary.getTestsFoundCount(), failed, failedMethods(summary)));
                survivors += (failed == 0) == (each == Mutation.NONE) ? 0 : 1;
            }
        }
        page.append("\nMutants not caught, or activations that failed as they are: ")
                .append(survivors)
                .append('\n');
        Proofs.write("mutations.md", page.toString());
        assertThat(survivors).isZero();
    }

    private static String failedMethods(TestExecutionSummary summary) {
        return summary.getFailures().stream()
                .map(TestExecutionSummary.Failure::getTestIdentifier)
                .map(TestIdentifier::getLegacyReportingName)
                .map(name -> name.replaceAll("\\(.*", ""))
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining(", "));
    }

    static final class Mutant extends ActivationConformance {
        @Override
        protected Map<String, Reference> references() {
            return Map.of(specification, References.of(specification));
        }

        @Override
        protected IActivation activation(String name) {
            IActivation original = super.activation(name);
            return mutation == Mutation.NONE ? original : new Perturbed(original, mutation);
        }
    }

    private static final class Perturbed extends BaseActivationFunction {
        private static final long serialVersionUID = 1L;

        private final IActivation original;
        private final Mutation kind;

        Perturbed(IActivation original, Mutation kind) {
            this.original = original;
            this.kind = kind;
        }

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            INDArray y = original.getActivation(in, training);
            return kind == Mutation.VALUE && !in.isEmpty() ? y.addi(1e-5) : y;
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            Pair<INDArray, INDArray> result = original.backprop(in, epsilon);
            if (kind == Mutation.GRADIENT && !in.isEmpty()) {
                if (original.equals(new Step())) {
                    in.addi(epsilon.mul(0.01));
                } else {
                    in.muli(1.01);
                }
            }
            return result;
        }
    }
}
