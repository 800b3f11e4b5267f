package io.github.dl4jx.examples.cifar10;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.learning.config.IUpdater;

/** A network that activations and initialisers are compared in. */
public sealed interface ComparisonNetwork permits PlainNetwork, NormalizedNetwork {
    /**
     * Finds a network by its name; case does not matter.
     *
     * @throws IllegalArgumentException if there is no such network; the message lists those that there are
     */
    static ComparisonNetwork parse(String name) {
        List<ComparisonNetwork> all = Stream.concat(
                        Stream.of(PlainNetwork.STANDARD, PlainNetwork.DEEP), Stream.of(NormalizedNetwork.values()))
                .toList();
        return all.stream()
                .filter(network -> network.toString().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown network '" + name + "'; valid: "
                        + all.stream().map(ComparisonNetwork::toString).collect(Collectors.joining(", "))));
    }

    /** What the study's folder says of it: a study does not go on with another network. */
    String description();

    /** Whether it can have this activation. */
    default boolean takes(ActivationChoice activation) {
        return true;
    }

    /**
     * Checks what {@link #build} takes.
     *
     * @throws IllegalArgumentException if the network cannot have this activation
     */
    default void require(ActivationChoice activation) {
        if (!takes(activation)) {
            throw new IllegalArgumentException(activation.canonical() + " changes the number of channels, which " + this
                    + " does not allow; the networks standard and deep do");
        }
    }

    /** The initialised network. */
    Classifier build(ActivationChoice activation, IWeightInit initializer, IUpdater updater, long seed);

    /** Its name on the command line. */
    @Override
    String toString();
}
