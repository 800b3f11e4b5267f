package io.github.dl4jx.init.health;

/**
 * A layer that is ill.
 *
 * @param condition what is wrong
 * @param layer its name; in a {@code MultiLayerNetwork} its index
 * @param type the class of its configuration
 * @param detail with numbers, as "412 of 500 units give one value for all 64 examples"
 * @param remedy what helps
 */
public record Trouble(Condition condition, String layer, String type, String detail, String remedy) {
    /** On one line. */
    @Override
    public String toString() {
        return "layer " + layer + " (" + type + ") " + condition.verb() + ": " + detail + "; " + remedy;
    }
}
