package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.init.Initializers;

/**
 * One training of the study.
 *
 * @param activation canonical specification of the activation
 * @param initializer canonical specification of the initialiser
 * @param seed of weights and of the order of the images
 */
record Run(String activation, String initializer, long seed) {
    /** Stands for the initialiser that {@link Initializers#recommendedFor} names. */
    static final String RECOMMENDED = "recommended";

    /** With aliases and {@link #RECOMMENDED} resolved. */
    static Run of(String activation, String initializer, long seed) {
        ActivationChoice choice = new ActivationChoice(activation);
        String resolved = initializer.equalsIgnoreCase(RECOMMENDED)
                ? choice.recommended().initializer().toString()
                : initializer;
        return new Run(choice.canonical(), Initializers.canonical(resolved), seed);
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
