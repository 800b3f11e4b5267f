package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;

/** Whether an embedding can be fitted where it stands: M2.1's hand no gradient on, and what waits for one throws. */
final class EmbeddingRule {
    private EmbeddingRule() {}

    static List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        for (ConfigurationNode node : subject.nodes()) {
            boolean single = node.part() instanceof EmbeddingLayer;
            if (!single && !(node.part() instanceof EmbeddingSequenceLayer)) {
                continue;
            }
            if (((FeedForwardLayer) node.part()).getNIn() == 1) {
                findings.add(finding(
                        node,
                        "it has a single row, for index 0: setInputType(InputType.recurrent(n)) makes n of its nIn, whatever it"
                                + " was set to",
                        "setInputType(InputType.recurrent(size of the vocabulary)), or none"));
            } else if (node.preProcessor() != null) {
                findings.add(finding(
                        node,
                        "its " + node.preProcessor().getClass().getSimpleName()
                                + " waits for a gradient that the embedding does not return: fit throws"
                                + " NullPointerException",
                        single
                                ? "EmbeddingSequenceLayer for sequences, of indices in [examples, steps]"
                                : "feed it indices in [examples, steps] as they are"));
            } else if (subject.before(node).stream().anyMatch(ConfigurationNode::hasWeights)) {
                findings.add(finding(
                        node,
                        "it takes indices and returns no gradient, and layers with weights stand before it: they cannot"
                                + " learn",
                        "an embedding is a network's first layer"));
            }
        }
        return findings;
    }

    private static Finding finding(ConfigurationNode node, String message, String suggestion) {
        return new Finding(Severity.ERROR, "embedding", node.label(), message, suggestion);
    }
}
