package io.github.dl4jx.benchmarks;

import io.github.dl4jx.examples.cifar10.Classifier;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network with one of its activations.
 *
 * @param network which one
 * @param activation canonical specification
 */
record Subject(Architecture network, String activation) {
    private static final Pattern OF_NETWORK = Pattern.compile("([\\w-]+) (.+)");

    /** What {@link #toString} writes; of an activation alone the small network with it. */
    static Subject of(String text) {
        Matcher parts = OF_NETWORK.matcher(text);
        return parts.matches()
                ? new Subject(Architecture.parse(parts.group(1), List.of(Architecture.values())), parts.group(2))
                : new Subject(Architecture.SMALL, text);
    }

    /** With the pack's activation and oneDNN. */
    Classifier ofPack() {
        Classifier classifier = network.build(activation);
        if (!classifier.enableOneDnn().enabled()) {
            throw new IllegalStateException("oneDNN cannot be enabled here; see the warning above");
        }
        return classifier;
    }

    @Override
    public String toString() {
        return network + " " + activation;
    }
}
