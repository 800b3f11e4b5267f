package io.github.dl4jx.init.health;

/** What may be wrong with a layer's signal. {@link Thresholds} say from where on. */
public enum Condition {
    /** Values, gradients or weights that are NaN or infinite. */
    NAN("has no numbers"),
    /** Units that give the same value whatever comes in. */
    DEAD("is dying"),
    /** Values where the activation's slope is so small that hardly any gradient passes. */
    SATURATED("is saturated"),
    /** Hardly anything is left of the differences between examples, or of the gradient. */
    VANISHING("vanishes"),
    /** Values, gradients or steps of the weights that are out of all proportion. */
    EXPLODING("explodes");

    private final String verb;

    Condition(String verb) {
        this.verb = verb;
    }

    /** What a layer does, as in "layer 3 vanishes". */
    String verb() {
        return verb;
    }
}
