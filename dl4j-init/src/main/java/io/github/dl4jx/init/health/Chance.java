package io.github.dl4jx.init.health;

import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * What happens to a layer whose weights were drawn well, by bad luck alone: whatever is more likely than {@value #RARE}. The
 * weights are independent and as likely negative as positive.
 */
final class Chance {
    /** Once in a million layers. */
    static final double RARE = 1e-6;

    private static final int WIDE = 8;

    private Chance() {}

    /**
     * Whether chance shuts so many rectifiers of a layer, but not all. If a unit is shut for the whole batch, the one with
     * opposite weights is open, so that each is shut with a probability of at most ½, independently of the others.
     */
    static boolean shuts(long shut, long units) {
        return shut < units
                && 1 - new BinomialDistribution((int) units, 0.5).cumulativeProbability((int) shut - 1) > RARE;
    }

    /** Whether all units of a layer are by chance on the side where their activation is flat by design. */
    static boolean isOnOneSide(long units, double flatPart) {
        return Math.pow(flatPart, (double) units) > RARE;
    }

    /**
     * What is left of a signal's standard deviation, by that of a wide layer: a unit's draw sums up n squares, whose mean is a
     * chi-square variable of n degrees of freedom by n. From {@value #WIDE} units on it is more than a tenth, and taken as 1.
     */
    static double leastPart(long units) {
        return units >= WIDE
                ? 1
                : Math.sqrt(new ChiSquaredDistribution((double) units).inverseCumulativeProbability(RARE) / units);
    }
}
