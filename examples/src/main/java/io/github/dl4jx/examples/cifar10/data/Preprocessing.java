package io.github.dl4jx.examples.cifar10.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;

/** What happens to the values of an image before a network sees them. All kinds first divide by 255. */
public enum Preprocessing {
    /** Subtracts the mean of each channel. */
    CHANNEL_MEAN,
    /** Subtracts the mean image, which has a mean for each position of each channel. */
    MEAN_IMAGE,
    /** Subtracts the mean of each channel and divides by its standard deviation. */
    STANDARDISE,
    /** Leaves the values in [0, 1]. */
    NONE;

    /**
     * Finds a kind by its name, such as {@code channel-mean}; case and the choice of - or _ do not matter.
     *
     * @throws IllegalArgumentException if there is no such kind; the message lists those that there are
     */
    public static Preprocessing parse(String name) {
        String wanted = name.toLowerCase(Locale.ROOT).replace('_', '-');
        for (Preprocessing kind : values()) {
            if (kind.toString().equals(wanted)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown preprocessing '" + name + "'; valid: "
                + Arrays.stream(values()).map(Preprocessing::toString).collect(Collectors.joining(", ")));
    }

    /** The name that {@link #parse} and the command line know. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Learns means and deviations. Give it the training images alone: anything learned from validation or test images
     * would leak them into training.
     *
     * @throws IllegalArgumentException if there is no image
     */
    public FittedPreprocessing fit(Images training) {
        PixelStatistics statistics = new PixelStatistics(training);
        return switch (this) {
            case CHANNEL_MEAN -> fitted(i -> statistics.channelMean(i / Images.PLANE), i -> 1);
            case MEAN_IMAGE -> fitted(statistics::mean, i -> 1);
            case STANDARDISE ->
                fitted(
                        i -> statistics.channelMean(i / Images.PLANE),
                        i -> statistics.channelStandardDeviation(i / Images.PLANE));
            case NONE -> fitted(i -> 0, i -> 1);
        };
    }

    private FittedPreprocessing fitted(IntToDoubleFunction mean, IntToDoubleFunction deviation) {
        return new FittedPreprocessing(this, mean, deviation);
    }
}
