package io.github.dl4jx.init.data;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mean, variance and zeros of all values of an array, summed in double: ND4J's own sum of a million floats may be some
 * per cent off.
 *
 * @param mean the mean of the values
 * @param variance the mean of their squared differences from it, which is no estimate for others
 * @param zeros the fraction of them that is exactly 0
 */
public record Moments(double mean, double variance, double zeros) {
    /** Of an array of any type, shape and order; NaN where it holds one that is not finite. */
    public static Moments of(INDArray array) {
        Sums sums = new Sums();
        Chunks.read(array, sums);
        double count = array.length();
        double mean = sums.values / count;
        return new Moments(sums.shift + mean, Math.max(0, sums.squares / count - mean * mean), sums.zeros / count);
    }

    /** The standard deviation of the values. */
    public double standardDeviation() {
        return Math.sqrt(variance);
    }

    /** The mean of the squares. */
    public double secondMoment() {
        return variance + mean * mean;
    }

    /**
     * Sums of the differences from the first value. Sums of the values themselves would leave nothing of a variance that is
     * small beside the mean; from one of the values the squared distance is at most as many variances as there are values.
     */
    private static final class Sums implements Chunks.Sink {
        private double shift = Double.NaN;
        private boolean begun;
        private double values;
        private double squares;
        private long zeros;

        @Override
        public void take(double[] chunk, int length) {
            if (!begun) {
                shift = chunk[0];
                begun = true;
            }
            double sum = 0;
            double squareSum = 0;
            for (int i = 0; i < length; i++) {
                double value = chunk[i];
                double difference = value - shift;
                sum += difference;
                squareSum += difference * difference;
                zeros += value == 0 ? 1 : 0;
            }
            values += sum;
            squares += squareSum;
        }
    }
}
