package io.github.dl4jx.init.data;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Mean, second moment and zeros of all values of an array, summed in double: ND4J's own sum of a million floats may be some
 * per cent off.
 *
 * @param mean the mean of the values
 * @param secondMoment the mean of their squares
 * @param zeros the fraction of them that is exactly 0
 */
public record Moments(double mean, double secondMoment, double zeros) {
    /** Values that are read at once: they stay in the processor's cache. */
    private static final int CHUNK = 1 << 13;

    /** Of an array of any type, shape and order; NaN where it holds a NaN. */
    public static Moments of(INDArray array) {
        INDArray real = array.dataType() == DataType.FLOAT ? array : array.castTo(DataType.DOUBLE);
        INDArray dense = real.elementWiseStride() == 1 ? real : real.dup();
        Nd4j.getAffinityManager().ensureLocation(dense, AffinityManager.Location.HOST);
        Sums sums = new Sums();
        double[] chunk = new double[CHUNK];
        if (dense.dataType() == DataType.FLOAT) {
            FloatBuffer buffer = dense.data().asNioFloat();
            float[] floats = new float[CHUNK];
            for (long left = dense.length(); left > 0; left -= CHUNK) {
                int length = (int) Math.min(left, CHUNK);
                buffer.get(floats, 0, length);
                for (int i = 0; i < length; i++) {
                    chunk[i] = floats[i];
                }
                sums.add(chunk, length);
            }
        } else {
            DoubleBuffer buffer = dense.data().asNioDouble();
            for (long left = dense.length(); left > 0; left -= CHUNK) {
                int length = (int) Math.min(left, CHUNK);
                buffer.get(chunk, 0, length);
                sums.add(chunk, length);
            }
        }
        double count = dense.length();
        return new Moments(sums.values / count, sums.squares / count, sums.zeros / count);
    }

    /** The standard deviation of the values, which is no estimate for others. */
    public double standardDeviation() {
        return Math.sqrt(Math.max(0, secondMoment - mean * mean));
    }

    private static final class Sums {
        private double values;
        private double squares;
        private long zeros;

        void add(double[] chunk, int length) {
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
