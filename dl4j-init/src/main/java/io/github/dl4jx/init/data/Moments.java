package io.github.dl4jx.init.data;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mean, second moment and zeros of all values of an array, summed in double: ND4J's own sum of a million floats may be some
 * per cent off.
 *
 * @param mean the mean of the values
 * @param secondMoment the mean of their squares
 * @param zeros the fraction of them that is exactly 0
 */
public record Moments(double mean, double secondMoment, double zeros) {
    /** Of an array of any type, shape and order; NaN where it holds a NaN. */
    public static Moments of(INDArray array) {
        Sums sums = new Sums();
        Chunks.read(array, sums);
        double count = array.length();
        return new Moments(sums.values / count, sums.squares / count, sums.zeros / count);
    }

    /** The standard deviation of the values, which is no estimate for others. */
    public double standardDeviation() {
        return Math.sqrt(Math.max(0, secondMoment - mean * mean));
    }

    private static final class Sums implements Chunks.Sink {
        private double values;
        private double squares;
        private long zeros;

        @Override
        public void take(double[] chunk, int length) {
            double sum = 0;
            double squareSum = 0;
            for (int i = 0; i < length; i++) {
                double value = chunk[i];
                sum += value;
                squareSum += value * value;
                zeros += value == 0 ? 1 : 0;
            }
            values += sum;
            squares += squareSum;
        }
    }
}
