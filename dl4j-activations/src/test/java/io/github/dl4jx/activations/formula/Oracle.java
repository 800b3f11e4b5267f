package io.github.dl4jx.activations.formula;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What engines are held against: evaluation in double, and how far rounding in the engine's type may lead away. */
final class Oracle {
    private static final int TRIALS = 6;

    private final Evaluation exact;
    private final List<Evaluation> disturbed = new ArrayList<>();
    private final Precision precision;
    private final double ulps;

    /** @param ulps allowed, in ulp(max(|f|, 1)), where f is well conditioned */
    Oracle(Formula f, Precision precision, double ulps) {
        this.ulps = ulps;
        this.precision = precision;
        exact = new Evaluation(f);
        for (int i = 0; i < TRIALS; i++) {
            Random random = new Random(i);
            disturbed.add(new Evaluation(f, v -> {
                double part = 2 * random.nextDouble() - 1;
                return v * (1 + 2 * unit() * part) + smallest() * part; // tails end sooner in float
            }));
        }
    }

    private double smallest() {
        return precision == Precision.FLOAT ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    }

    private double unit() {
        return Math.scalb(1.0, -precision.significandBits);
    }

    /** Why this is not f(x), or the empty text. */
    String objection(double y, double x, double g) {
        double f = exact.at(x, g);
        double size = Math.max(1, Math.abs(f));
        double spread = 0;
        for (Evaluation trial : disturbed) {
            double difference = Math.abs(trial.at(x, g) - f);
            spread = Math.max(spread, difference);
            if (Double.isNaN(difference)) {
                return "";
            }
        }
        // an argument of a step of the engines may be rounded too
        double allowed = ulps * size * unit() + 4 * spread;
        boolean isBeyond = size > 0.9 * precision.largest() || spread > 0.01 * size;
        return isBeyond || Math.abs(y - f) <= allowed
                ? ""
                : y + " at " + x + ", not " + f + ": " + Math.abs(y - f) / size / unit() + " ulp, allowed "
                        + allowed / size / unit();
    }
}
