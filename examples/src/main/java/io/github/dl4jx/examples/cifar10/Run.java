package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.WholeFile;

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
        return new Run(choice.canonical(), choice.initializer(initializer), seed);
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
