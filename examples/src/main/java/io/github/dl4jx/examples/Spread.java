package io.github.dl4jx.examples;

import java.util.Locale;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/** Several values of one quantity, such as those of several seeds, as text. */
public final class Spread {
    private Spread() {}

    /**
     * The mean, and of more than one value the standard deviation: {@code 40.6 ± 0.7}.
     *
     * @param values one or more
     * @param digits behind the point
     */
    public static String of(double[] values, int digits) {
        DescriptiveStatistics statistics = new DescriptiveStatistics(values);
        String mean = number(statistics.getMean(), digits);
        return values.length == 1 ? mean : mean + " ± " + number(statistics.getStandardDeviation(), digits);
    }

    /** With so many digits behind the point. */
    public static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
