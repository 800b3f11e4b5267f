package io.github.dl4jx.examples.signal;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * Whether a table of the lecture is one more draw of an experiment, and whether the experiment does what theory says.
 *
 * <p>A printed figure holds if it, with half a unit of its last digit, lies in the predictive interval of the draws:
 *
 * <pre>
 * |figure − mean of the draws| ≤ limit·sd of the draws·√(1 + 1/draws)
 * </pre>
 *
 * Standard deviations are judged by their logarithm, since those of deep layers multiply up. The limit is Student's for a
 * level of 0.1 % over all the table's figures together, by Bonferroni's rule. That rule asks nothing of how figures depend on
 * each other: neighbouring layers correlate, which makes a false alarm rarer than 0.1 %, never more frequent. As a check,
 * {@link #selfRejected} counts the draws that would be refused as a table.
 *
 * <p>Theory holds if the draws' mean second moment of each layer is within four standard errors of {@link MeanField} for this
 * width.
 *
 * @param figures all printed ones: mean and standard deviation of the input and each layer
 * @param limit of |z|
 * @param selfRejected draws that would not hold among the others
 * @param moments of the layers
 */
record Verdict(List<Figure> figures, double limit, int selfRejected, List<Moment> moments) {
    static final double STANDARD_ERRORS = 4;

    /** Fewer say nothing of how draws spread. */
    static final int LEAST_DRAWS = 20;

    private static final double FAMILY_WISE_LEVEL = 0.001;

    /**
     * A printed figure among the draws.
     *
     * @param layer 0 is the input
     * @param what mean or std
     * @param z by how many predictive standard deviations it misses the draws' mean
     * @param low where the predictive interval begins
     * @param high where it ends
     */
    record Figure(int layer, String what, double z, double low, double high) {}

    /**
     * A layer's second moment against theory.
     *
     * @param layer 0 is the input
     * @param mean over the draws
     * @param finite by how many standard errors it misses theory for this width
     * @param infinite the same for infinite width
     */
    record Moment(int layer, double mean, double finite, double infinite) {}

    static Verdict of(Ensemble ensemble, List<Printed> table) {
        int draws = ensemble.draws().size();
        List<Series> all = new ArrayList<>();
        for (int layer = 0; layer < table.size(); layer++) {
            all.add(new Series(
                    layer, "mean", ensemble.means(layer), table.get(layer).mean(), false));
            all.add(new Series(
                    layer, "std", ensemble.stds(layer), table.get(layer).std(), true));
        }
        double limit = limit(draws, all.size());
        double limitOfOne = limit(draws - 1, all.size());
        int selfRejected = 0;
        for (int draw = 0; draw < draws; draw++) {
            int one = draw;
            selfRejected += all.stream().anyMatch(series -> Math.abs(series.zOfDraw(one)) > limitOfOne) ? 1 : 0;
        }
        MeanField theory = MeanField.of(ensemble.experiment());
        List<Moment> moments = new ArrayList<>();
        for (int layer = 0; layer < table.size(); layer++) {
            SummaryStatistics statistics = statistics(ensemble.secondMoments(layer));
            double error = statistics.getStandardDeviation() / Math.sqrt(draws);
            moments.add(new Moment(
                    layer,
                    statistics.getMean(),
                    (statistics.getMean() - theory.finite().get(layer)) / error,
                    (statistics.getMean() - theory.infinite().get(layer)) / error));
        }
        return new Verdict(all.stream().map(series -> series.figure(limit)).toList(), limit, selfRejected, moments);
    }

    private static double limit(int draws, int figures) {
        return new TDistribution(draws - 1).inverseCumulativeProbability(1 - FAMILY_WISE_LEVEL / (2 * figures));
    }

    private static SummaryStatistics statistics(double[] values) {
        SummaryStatistics statistics = new SummaryStatistics();
        DoubleStream.of(values).forEach(statistics::addValue);
        return statistics;
    }

    /** The draws of one figure, on the scale on which they are judged. */
    private static final class Series {
        private final int layer;
        private final String what;
        private final boolean logarithmic;
        private final double[] draws;
        private final double mean;
        private final double deviation;
        private final double from;
        private final double to;

        Series(int layer, String what, double[] draws, BigDecimal printed, boolean logarithmic) {
            this.layer = layer;
            this.what = what;
            this.logarithmic = logarithmic;
            this.draws = DoubleStream.of(draws).map(this::scaled).toArray();
            SummaryStatistics statistics = statistics(this.draws);
            mean = statistics.getMean();
            deviation = statistics.getStandardDeviation();
            from = scaled(printed.doubleValue() - Printed.halfUnit(printed));
            to = scaled(printed.doubleValue() + Printed.halfUnit(printed));
        }

        private double scaled(double value) {
            return logarithmic ? Math.log(Math.max(0, value)) : value;
        }

        private double unscaled(double value) {
            return logarithmic ? Math.exp(value) : value;
        }

        Figure figure(double limit) {
            double predictive = deviation * Math.sqrt(1 + 1.0 / draws.length);
            double z = from > mean ? (from - mean) / predictive : to < mean ? (to - mean) / predictive : 0;
            return new Figure(layer, what, z, unscaled(mean - limit * predictive), unscaled(mean + limit * predictive));
        }

        /** Of a draw among the others: what leaves the draw out of mean and deviation. */
        double zOfDraw(int draw) {
            int others = draws.length - 1;
            double offset = draws[draw] - mean;
            double variance = (deviation * deviation * others - offset * offset * draws.length / others) / (others - 1);
            return offset * draws.length / others / Math.sqrt(variance * (1 + 1.0 / others));
        }
    }

    Figure worstFigure() {
        return figures.stream()
                .max(Comparator.comparingDouble(figure -> Math.abs(figure.z())))
                .orElseThrow();
    }

    Moment worstMoment() {
        return moments.stream()
                .max(Comparator.comparingDouble(moment -> Math.abs(moment.finite())))
                .orElseThrow();
    }

    boolean figuresHold() {
        return figures.stream().allMatch(figure -> Math.abs(figure.z()) <= limit);
    }

    boolean theoryHolds() {
        return moments.stream().allMatch(moment -> Math.abs(moment.finite()) <= STANDARD_ERRORS);
    }
}
