package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.data.DataInitializers;
import java.util.List;
import java.util.stream.Stream;

/**
 * One training of the study.
 *
 * @param activation canonical specification of the activation
 * @param initializer canonical specification of the initialiser
 * @param seed of weights and of the order of the images
 */
record Run(String activation, String initializer, long seed) {
    /** With aliases and {@link ActivationChoice#RECOMMENDED} resolved. */
    static Run of(String activation, String initializer, long seed) {
        ActivationChoice choice = new ActivationChoice(activation);
        return new Run(
                choice.canonical(),
                DataInitializers.contains(initializer)
                        ? DataInitializers.canonical(initializer)
                        : choice.initializer(initializer),
                seed);
    }

    /** The canonical names of all initialisers, sorted. */
    static List<String> initializers() {
        return Stream.concat(Initializers.names().stream(), DataInitializers.names().stream())
                .sorted()
                .toList();
    }

    /**
     * Checks what {@link #of} takes as an initialiser.
     *
     * @throws IllegalArgumentException if it is none, listing what is
     */
    static void checkInitializer(String initializer) {
        if (DataInitializers.contains(initializer)) {
            DataInitializers.get(initializer);
        } else {
            ActivationChoice.checkInitializer(initializer);
        }
    }

    /** Whether the network's weights come from data. */
    boolean initializedFromData() {
        return DataInitializers.contains(initializer);
    }

    /** A file name without an ending: {@code relu_he_seed-1}. */
    String fileName() {
        return WholeFile.safeName(activation + "_" + initializer + "_seed-" + seed);
    }

    @Override
    public String toString() {
        return activation + ", " + initializer + ", seed " + seed;
    }
}
