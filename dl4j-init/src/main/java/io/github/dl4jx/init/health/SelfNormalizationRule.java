package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import java.util.List;
import org.nd4j.linalg.activations.IActivation;

/** What keeps a network most of whose activations are SELU from mean 0 and variance 1, dropout aside. */
final class SelfNormalizationRule {
    private SelfNormalizationRule() {}

    static List<Finding> check(Subject subject) {
        List<IActivation> hidden = subject.hiddenActivations();
        if (hidden.stream().filter(ConfigurationNode::isSelu).count() * 2 <= hidden.size()) {
            return List.of();
        }
        return subject.obstacles().stream().map(SelfNormalizationRule::finding).toList();
    }

    private static Finding finding(String obstacle) {
        int colon = obstacle.indexOf(": ");
        return new Finding(
                Severity.NOTE,
                "self-normalisation",
                obstacle.substring(0, colon),
                obstacle.substring(colon + 2),
                "SELU keeps mean 0 and variance 1 only where nothing else changes them");
    }
}
