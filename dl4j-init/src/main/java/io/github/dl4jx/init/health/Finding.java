package io.github.dl4jx.init.health;

/**
 * One thing that the doctor found.
 *
 * @param severity how bad it is
 * @param rule which rule found it: {@code output-activation}, {@code initialiser}, {@code dropout}, {@code
 *     self-normalisation}, {@code batch-norm}, {@code built-in}, {@code parameters} or {@code signal}
 * @param layer as "layer 2 (DenseLayer)", or of a graph "'name' (DenseLayer)"
 * @param message what it is, with numbers
 * @param suggestion what to do
 */
public record Finding(Severity severity, String rule, String layer, String message, String suggestion) {
    /** On one line. */
    @Override
    public String toString() {
        return severity + " " + layer + ": " + message + "; " + suggestion + " [" + rule + "]";
    }
}
