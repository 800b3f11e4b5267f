package io.github.dl4jx.init.health;

import io.github.dl4jx.activations.dropout.AlphaDropout;
import io.github.dl4jx.init.ConfigurationNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/** Whether dropout and activation fit, and whether it drops anything. */
final class DropoutRule {
    private static final String RULE = "dropout";

    private DropoutRule() {}

    static List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        List<ConfigurationNode> dropping = subject.nodes().stream()
                .filter(node -> Dropouts.of(node) != null)
                .toList();
        boolean lost = dropping.stream().allMatch(Dropouts::ignoring);
        for (ConfigurationNode node : dropping) {
            if (Dropouts.ignoring(node)) {
                findings.add(ignored(node, lost));
            } else {
                check(subject, node, Objects.requireNonNull(Dropouts.of(node)), findings);
            }
        }
        return findings;
    }

    /** On the global builder it is set on every layer, and what others make of it may be all that was wanted. */
    private static Finding ignored(ConfigurationNode node, boolean lost) {
        return new Finding(
                lost ? Severity.WARNING : Severity.NOTE,
                RULE,
                node.label(),
                "a " + node.part().getClass().getSimpleName() + " ignores its "
                        + Objects.requireNonNull(Dropouts.of(node)).getClass().getSimpleName()
                        + (lost ? ", and no other layer drops anything" : ""),
                "a DropoutLayer before it, if something shall be dropped there");
    }

    private static void check(Subject subject, ConfigurationNode node, IDropout dropout, List<Finding> findings) {
        boolean alpha =
                dropout instanceof AlphaDropout || dropout instanceof org.deeplearning4j.nn.conf.dropout.AlphaDropout;
        String name = dropout.getClass().getSimpleName();
        IActivation before = activationBefore(subject, node);
        if (ConfigurationNode.isSelu(before) && !alpha) {
            findings.add(new Finding(
                    Severity.WARNING,
                    RULE,
                    node.label(),
                    "its " + name
                            + " drops what comes from SELU to 0 and scales the rest, so mean 0 and variance 1 are gone",
                    "AlphaDropout.dropping(0.05), or SelfNormalizing.dropping(0.05).apply for the whole network"));
        } else if (alpha && before != null && !ConfigurationNode.isSelu(before)) {
            findings.add(new Finding(
                    Severity.WARNING,
                    RULE,
                    node.label(),
                    "its " + name + " sets " + before
                            + "'s values to -1.76, SELU's lower limit, which means nothing there",
                    "Dropout, or SELU before it"));
        } else if (subject.first(node)) {
            findings.add(new Finding(
                    Severity.NOTE,
                    RULE,
                    node.label(),
                    "its " + name
                            + " drops the network's own input: dropOut on the global builder sets it on every layer",
                    "set dropout on the layers that need it, unless the inputs shall be dropped"));
        }
    }

    private static @Nullable IActivation activationBefore(Subject subject, ConfigurationNode node) {
        List<ConfigurationNode> before = subject.before(node);
        if (before.isEmpty()) {
            return null;
        }
        ConfigurationNode source = before.get(0);
        return source.part() instanceof DropoutLayer ? activationBefore(subject, source) : Subject.activation(source);
    }
}
