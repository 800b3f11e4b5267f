package io.github.dl4jx.examples.cifar10.data;

/**
 * Means and standard deviations over images, of values scaled to [0, 1]. The sums are integers, so the results do not
 * depend on the order of the images, and no rounding accumulates over 150 million values.
 */
public final class PixelStatistics {
    private static final double WHITE = 255;

    private final long images;
    private final long[] sums = new long[Images.VALUES];
    private final long[] channelSums = new long[Images.CHANNELS];
    private final long[] squares = new long[Images.CHANNELS];

    /** @throws IllegalArgumentException if there is no image */
    public PixelStatistics(Images images) {
        if (images.size() == 0) {
            throw new IllegalArgumentException("images: at least 1 is needed, but there are 0");
        }
        this.images = images.size();
        byte[] pixels = images.pixels();
        for (int image = 0; image < pixels.length; image += Images.VALUES) {
            for (int position = 0; position < Images.VALUES; position++) {
                int value = pixels[image + position] & 0xFF;
                sums[position] += value;
                squares[position / Images.PLANE] += (long) value * value;
            }
        }
        for (int position = 0; position < Images.VALUES; position++) {
            channelSums[position / Images.PLANE] += sums[position];
        }
    }

    /** The mean over the images at one position: channel × 1024 + row × 32 + column. */
    public double mean(int position) {
        return sums[position] / (WHITE * images);
    }

    /** The mean over the images and all positions of a channel. */
    public double channelMean(int channel) {
        return channelSums[channel] / (WHITE * images * Images.PLANE);
    }

    /** The standard deviation over the images and all positions of a channel (of this population, not an estimate). */
    public double channelStandardDeviation(int channel) {
        double n = (double) images * Images.PLANE;
        double mean = channelSums[channel] / n;
        return Math.sqrt(Math.max(0, squares[channel] / n - mean * mean)) / WHITE;
    }
}
