package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import io.github.dl4jx.init.data.LayerSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/** What a batch did, by {@link Health}. */
final class SignalRule {
    private static final String RULE = "signal";

    private SignalRule() {}

    static List<Finding> check(Subject subject) {
        Subject.Batch batch = subject.batch();
        if (batch == null) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        RuntimeException failure = batch.passes().failure();
        if (failure != null) {
            findings.add(new Finding(
                    Severity.ERROR,
                    RULE,
                    "the network",
                    "it runs forwards, and its backward pass throws " + failure,
                    "fit will throw it too: look at the first of the network's own classes in its stack trace"));
        }
        for (Trouble trouble : Health.of(
                layers(subject, batch.passes().layers()),
                batch.examples(),
                batch.thresholds(),
                name -> activation(subject, name),
                subject.untouched())) {
            ConfigurationNode node = node(subject, trouble.layer());
            findings.add(new Finding(
                    trouble.condition() == Condition.NAN ? Severity.ERROR : Severity.WARNING,
                    RULE,
                    node == null ? trouble.layer() : node.label(),
                    trouble.condition().verb() + ": " + trouble.detail(),
                    trouble.remedy()));
        }
        return findings;
    }

    private static List<MonitoredLayer> layers(Subject subject, List<LayerSignal> signals) {
        return signals.stream()
                .filter(signal -> {
                    ConfigurationNode node = node(subject, signal.name());
                    // an output's values are the task's: a sure classifier saturates, and rightly so
                    return node == null || !Subject.loss(node);
                })
                .map(signal -> new MonitoredLayer(
                        signal, OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty()))
                .toList();
    }

    /** By a signal's name, which of a network is its layer's number. */
    private static @Nullable ConfigurationNode node(Subject subject, String name) {
        ConfigurationNode node = subject.node(name);
        return node == null ? subject.node("layer " + name) : node;
    }

    private static @Nullable IActivation activation(Subject subject, String name) {
        ConfigurationNode node = node(subject, name);
        return node == null ? null : Subject.activation(node);
    }
}
