package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.nd4j.linalg.activations.IActivation;

/** What stands before and behind batch normalisation. Networks train in either order, so these are notes. */
final class BatchNormRule {
    private BatchNormRule() {}

    static List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        for (ConfigurationNode node : subject.nodes()) {
            if (node.part() instanceof BatchNormalization) {
                subject.before(node).forEach(before -> before(node, before, findings));
                boolean linear = subject.before(node).stream()
                        .anyMatch(before ->
                                Subject.weighted(before) && ConfigurationNode.isIdentity(Subject.activation(before)));
                for (ConfigurationNode after : subject.after(node)) {
                    if (linear && Subject.weighted(after)) {
                        findings.add(note(
                                node,
                                "no activation stands between the linear layer before it and " + after.label()
                                        + ": the two compute no more than one",
                                "put an ActivationLayer behind the normalisation"));
                    }
                }
            }
        }
        return findings;
    }

    private static void before(ConfigurationNode node, ConfigurationNode before, List<Finding> findings) {
        IActivation activation = Subject.activation(before);
        if (before.part() instanceof DropoutLayer && Dropouts.of(before) != null) {
            findings.add(dropout(node));
        } else if (activation != null && !ConfigurationNode.isIdentity(activation)) {
            findings.add(note(
                    node,
                    "it comes after " + activation + " of " + before.label()
                            + "; its authors put it before the activation, which then meets mean 0 and variance 1",
                    "either order trains; before the activation it also keeps saturating ones out of saturation and"
                            + " rectifiers alive"));
        } else if (hasBias(before.part())) {
            findings.add(note(
                    node,
                    "the biases of " + before.label() + " are taken off again with the mean",
                    "hasBias(false) there saves them"));
        }
    }

    private static boolean hasBias(Object part) {
        return part instanceof DenseLayer dense
                ? dense.hasBias()
                : part instanceof ConvolutionLayer convolution && convolution.hasBias();
    }

    private static Finding dropout(ConfigurationNode node) {
        return note(
                node,
                "its input is dropped in training and not in use, so the variance that it has learnt is too large then"
                        + " (Li et al. 2019, arXiv:1801.05134)",
                "drop behind the last normalisation");
    }

    private static Finding note(ConfigurationNode node, String message, String suggestion) {
        return new Finding(Severity.NOTE, "batch-norm", node.label(), message, suggestion);
    }
}
