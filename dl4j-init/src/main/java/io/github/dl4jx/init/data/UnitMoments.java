package io.github.dl4jx.init.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The values of a batch in one layer, taken together and unit by unit.
 *
 * @param mean of all values
 * @param standardDeviation of all values
 * @param spread the standard deviation of a unit's values, the root mean square over the units
 * @param zeros the fraction of values that is exactly 0
 * @param units how many units
 * @param deadUnits units whose values are all the same
 */
public record UnitMoments(
        double mean, double standardDeviation, double spread, double zeros, long units, long deadUnits) {
    /**
     * Of an array of any type and order, in one pass and in double.
     *
     * @param values of at least two dimensions
     * @param axis the dimension of units, from 0
     */
    public static UnitMoments of(INDArray values, int axis) {
        INDArray dense = Chunks.ordered(values);
        int units = (int) dense.size(axis);
        // so many values of one unit lie side by side, then the next unit's
        long run = IntStream.range(0, dense.rank())
                .filter(i -> dense.ordering() == 'c' ? i > axis : i < axis)
                .mapToLong(dense::size)
                .reduce(1, (a, b) -> a * b);
        Sums sums = new Sums(units, run);
        Chunks.readDense(dense, sums);
        return sums.moments(dense.length());
    }

    private static final class Sums implements Chunks.Sink {
        private final long run;
        /** The first value of each unit, from which the differences are summed, as in {@link Moments}. */
        private final double[] shifts;

        private final double[] values;
        private final double[] squares;
        private final double[] lowest;
        private final double[] highest;
        private long zeros;
        private int unit;
        private long leftOfRun;

        Sums(int units, long run) {
            this.run = run;
            leftOfRun = run;
            shifts = new double[units];
            values = new double[units];
            squares = new double[units];
            lowest = new double[units];
            highest = new double[units];
            Arrays.fill(lowest, Double.POSITIVE_INFINITY);
            Arrays.fill(highest, Double.NEGATIVE_INFINITY);
        }

        @Override
        public void take(double[] chunk, int length) {
            for (int from = 0; from < length; ) {
                int to = (int) Math.min(length, from + leftOfRun);
                part(chunk, from, to);
                leftOfRun -= to - from;
                if (leftOfRun == 0) {
                    leftOfRun = run;
                    unit = unit + 1 == values.length ? 0 : unit + 1;
                }
                from = to;
            }
        }

        private void part(double[] chunk, int from, int to) {
            if (lowest[unit] > highest[unit]) { // its first values
                shifts[unit] = chunk[from];
            }
            double shift = shifts[unit];
            double sum = 0;
            double squareSum = 0;
            double low = lowest[unit];
            double high = highest[unit];
            for (int i = from; i < to; i++) {
                double value = chunk[i];
                double difference = value - shift;
                sum += difference;
                squareSum += difference * difference;
                low = value < low ? value : low;
                high = value > high ? value : high;
                zeros += value == 0 ? 1 : 0;
            }
            values[unit] += sum;
            squares[unit] += squareSum;
            lowest[unit] = low;
            highest[unit] = high;
        }

        UnitMoments moments(long count) {
            double countOfUnit = (double) count / values.length;
            double variances = 0;
            double[] means = new double[values.length];
            long dead = 0;
            for (int i = 0; i < values.length; i++) {
                double mean = values[i] / countOfUnit;
                means[i] = shifts[i] + mean;
                variances += Math.max(0, squares[i] / countOfUnit - mean * mean);
                dead += lowest[i] == highest[i] ? 1 : 0;
            }
            double within = variances / values.length;
            double mean = Arrays.stream(means).average().orElse(Double.NaN);
            double between = Arrays.stream(means)
                    .map(of -> (of - mean) * (of - mean))
                    .average()
                    .orElse(Double.NaN);
            return new UnitMoments(
                    mean, Math.sqrt(within + between), Math.sqrt(within), (double) zeros / count, values.length, dead);
        }
    }
}
