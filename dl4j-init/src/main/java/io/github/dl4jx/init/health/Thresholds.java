package io.github.dl4jx.init.health;

import io.github.dl4jx.catalogue.Require;

/**
 * From where on a layer is called ill.
 *
 * @param deadUnits the fraction of a layer's units that are dead, in (0, 1]
 * @param saturated the fraction of values, zeros not counted, where the activation's slope is below {@value
 *     io.github.dl4jx.init.data.LayerSignal#SATURATION}, in (0, 1]
 * @param vanishing how much is left of the input's spread, or of 1 where that is larger; and of the gradient of the layer
 *     nearest the output; in (0, 1]
 * @param exploding by how much the standard deviation of values exceeds that of the input, or 1 where that is smaller; and a
 *     gradient that of the layer nearest the output; at least 1
 * @param step the root mean square of a training step by that of the weights, &gt; 0
 */
public record Thresholds(double deadUnits, double saturated, double vanishing, double exploding, double step) {
    /**
     * "As much as 40 % of your network can be dead" is how the notes of Stanford's CS231n, <i>Neural networks part 1</i>,
     * put it of a learning rate that is too high.
     */
    public static final double DEAD_UNITS = 0.4;

    /**
     * More values block the gradient than let it pass, as only a rectifier does by design, with zeros, which do not count
     * here. Glorot and Bengio 2010 show such layers of sigmoid units stuck for many epochs.
     */
    public static final double SATURATED = 0.5;

    /**
     * Two powers of ten twice: the pack's heat map says of a pair of activation and initialiser that loses a hundred times
     * over 50 layers that it does not work, and an average over 32 × 32 positions divides a gradient by a thousand in all
     * innocence.
     */
    public static final double VANISHING = 1e-4;

    /** The same the other way round. */
    public static final double EXPLODING = 1e4;

    /** A step as large as the weights: what they had learnt is gone. The rule of thumb of CS231n is 0.001. */
    public static final double STEP = 1;

    /** The constants above. */
    public static final Thresholds DEFAULT = new Thresholds(DEAD_UNITS, SATURATED, VANISHING, EXPLODING, STEP);

    /**
     * Checks its arguments.
     *
     * @throws IllegalArgumentException if one is outside its range
     */
    public Thresholds {
        Require.halfOpenAbove("deadUnits", deadUnits, 0, 1);
        Require.halfOpenAbove("saturated", saturated, 0, 1);
        Require.halfOpenAbove("vanishing", vanishing, 0, 1);
        if (!(exploding >= 1)) {
            throw new IllegalArgumentException("exploding is " + exploding + "; valid: a number >= 1");
        }
        Require.positive("step", step);
    }

    /** With another fraction of dead units. */
    public Thresholds withDeadUnits(double fraction) {
        return new Thresholds(fraction, saturated, vanishing, exploding, step);
    }

    /** With another fraction of saturated values. */
    public Thresholds withSaturated(double fraction) {
        return new Thresholds(deadUnits, fraction, vanishing, exploding, step);
    }

    /** With another ratio from which down a signal or gradient vanishes. */
    public Thresholds withVanishing(double ratio) {
        return new Thresholds(deadUnits, saturated, ratio, exploding, step);
    }

    /** With another ratio from which up a signal or gradient explodes. */
    public Thresholds withExploding(double ratio) {
        return new Thresholds(deadUnits, saturated, vanishing, ratio, step);
    }

    /** With another size of a step by that of the weights. */
    public Thresholds withStep(double ratio) {
        return new Thresholds(deadUnits, saturated, vanishing, exploding, ratio);
    }
}
