package io.github.dl4jx.init.health;

import io.github.dl4jx.activations.dropout.AlphaDropout;
import io.github.dl4jx.init.ConfigurationNode;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/** Whether dropout and activation fit, and what else breaks a self-normalising network. */
final class DropoutRule {
    private static final String RULE = "dropout";

    private DropoutRule() {}

    /** @param obstacles of the same configuration, each beginning with its layer and a colon */
    static List<Finding> check(Configuration configuration, List<String> obstacles) {
        List<Finding> findings = new ArrayList<>();
        configuration.nodes().forEach(node -> {
            IDropout dropout = node.part() instanceof Layer layer ? layer.getIDropout() : null;
            if (dropout != null && !(node.part() instanceof ActivationLayer)) { // which ignores it
                check(configuration, node, dropout, findings);
            }
        });
        List<IActivation> hidden = configuration.nodes().stream()
                .filter(configuration::hidden)
                .map(Configuration::activation)
                .filter(activation -> activation != null && !ConfigurationNode.isIdentity(activation))
                .toList();
        if (hidden.stream().filter(ConfigurationNode::isSelu).count() * 2 > hidden.size()) {
            for (String obstacle : obstacles) {
                int colon = obstacle.indexOf(": ");
                findings.add(new Finding(
                        Severity.NOTE,
                        "self-normalisation",
                        obstacle.substring(0, colon),
                        obstacle.substring(colon + 2),
                        "SELU keeps mean 0 and variance 1 only where nothing else changes them"));
            }
        }
        return findings;
    }

    private static void check(
            Configuration configuration, ConfigurationNode node, IDropout dropout, List<Finding> findings) {
        boolean alpha =
                dropout instanceof AlphaDropout || dropout instanceof org.deeplearning4j.nn.conf.dropout.AlphaDropout;
        String name = dropout.getClass().getSimpleName();
        IActivation before = activationBefore(configuration, node);
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
        } else if (configuration.first(node)) {
            findings.add(new Finding(
                    Severity.NOTE,
                    RULE,
                    node.label(),
                    "its " + name
                            + " drops the network's own input: dropOut on the global builder sets it on every layer",
                    "set dropout on the layers that need it, unless the inputs shall be dropped"));
        }
    }

    private static @Nullable IActivation activationBefore(Configuration configuration, ConfigurationNode node) {
        List<ConfigurationNode> before = configuration.before(node);
        if (before.isEmpty()) {
            return null;
        }
        ConfigurationNode source = before.get(0);
        return source.part() instanceof DropoutLayer
                ? activationBefore(configuration, source)
                : Configuration.activation(source);
    }
}
