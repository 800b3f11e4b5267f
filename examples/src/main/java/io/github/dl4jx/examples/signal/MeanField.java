package io.github.dl4jx.examples.signal;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.init.GaussianMoments;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The second moment of each layer in theory. A layer whose examples have mean square q hands on
 *
 * <pre>
 * g(q) = E f(√(s²·n·q)·z)²,  z ~ N(0, 1)
 * </pre>
 *
 * where s is the standard deviation of the weights and n the width. That is all for infinitely wide layers. In finite ones q
 * differs from example to example and from draw to draw, with variance v of order 1/n, and the curvature of g shifts the
 * mean; to first order in 1/n
 *
 * <pre>
 * q ← g(q) + g″(q)·v/2
 * v ← (E f⁴ − g(q)²)/n + g′(q)²·v
 * </pre>
 *
 * from q = 1 and v = 2/n for a Gaussian input. g of ReLU is linear, so there the infinite network is exact.
 *
 * @param infinite by layer, of infinitely wide ones; the input first
 * @param finite by layer, with the first correction
 * @param mean by layer, E f
 */
record MeanField(List<Double> infinite, List<Double> finite, List<Double> mean) {
    /** Step of the differences, relative to q. */
    private static final double STEP = 1e-2;

    private static final int POINTS = 4_001;
    private static final double EDGE = 8;

    static MeanField of(Experiment experiment) {
        IActivation activation = Activations.get(experiment.activation());
        int n = Experiment.WIDTH;
        double gain = n * experiment.standardDeviation() * experiment.standardDeviation();
        List<Double> infinite = new ArrayList<>(List.of(1.0));
        List<Double> finite = new ArrayList<>(List.of(1.0));
        List<Double> mean = new ArrayList<>(List.of(0.0));
        double v = 2.0 / n;
        for (int layer = 1; layer <= Experiment.LAYERS; layer++) {
            infinite.add(g(activation, gain * infinite.get(layer - 1)));
            double q = finite.get(layer - 1);
            mean.add(GaussianMoments.of(activation, Math.sqrt(gain * q)).mean());
            double step = STEP * q;
            double here = g(activation, gain * q);
            double above = g(activation, gain * (q + step));
            double below = g(activation, gain * (q - step));
            double slope = (above - below) / (2 * step);
            double curvature = (above - 2 * here + below) / (step * step);
            finite.add(here + curvature * v / 2);
            v = (fourthMoment(activation, gain * q) - here * here) / n + slope * slope * v;
        }
        return new MeanField(infinite, finite, mean);
    }

    /** The standard deviation of a layer of this width. */
    double std(int layer) {
        return Math.sqrt(finite.get(layer) - mean.get(layer) * mean.get(layer));
    }

    private static double g(IActivation activation, double variance) {
        return GaussianMoments.of(activation, Math.sqrt(variance)).secondMoment();
    }

    /** E f⁴ by a plain sum: a correction needs no more. */
    private static double fourthMoment(IActivation activation, double variance) {
        double[] z = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            z[i] = EDGE * (2.0 * i / (POINTS - 1) - 1);
        }
        INDArray inputs = Nd4j.createFromArray(new double[][] {z}).muli(Math.sqrt(variance));
        double[] f = activation.getActivation(inputs, false).toDoubleVector();
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < POINTS; i++) {
            double weight = Math.exp(-z[i] * z[i] / 2);
            sum += weight * Math.pow(f[i], 4);
            weights += weight;
        }
        return sum / weights;
    }
}
