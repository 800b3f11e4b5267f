package io.github.dl4jx.examples.plot;

import io.github.dl4jx.activations.ABReLU;
import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.catalogue.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An activation and its derivative along the x axis, as the activation itself computes them, in double: f by {@code
 * getActivation}, f′ by {@code backprop} with an upstream gradient of 1.
 *
 * <p>Most activations map each x by itself. Two do not, and the curve is one of a case that a plane can show:
 *
 * <ul>
 *   <li>softmax: x is the first of two features, the other is 0; f is the first output, f′ its derivative by x;
 * <li>abrelu: all x of the axis are one example, so that β is their mean; f′ is the gradient of the sum of all
 * outputs.
 * </ul>
 *
 * @param specification canonical
 * @param subtitle the formula
 * @param note what is shown where x is not mapped by itself; else empty
 * @param f the function
 * @param slope its derivative
 */
record Curve(String specification, String subtitle, String note, Line f, Line slope) {
    private static final int INTERVALS = 2_400;

    /** What f or f′ does not change by over so short a way, unless it jumps. */
    private static final double JUMP = 1e-6;

    /** How near to a kink its sides are sampled, in units of the whole axis. */
    private static final double BESIDE = 1e-9;

    /**
     * A function of x. A jump is no steep line but a gap, with a dot for the value at it.
     *
     * @param x ascending
     * @param y NaN in a gap, and where the function has no finite value
     * @param dotX where the dots are
     * @param dotY how high they are
     */
    record Line(List<Double> x, List<Double> y, List<Double> dotX, List<Double> dotY) {

        static Line of(double[] x, double[] values, List<Double> kinks) {
            double[] y = DoubleStream.of(values)
                    .map(v -> Double.isFinite(v) ? v : Double.NaN)
                    .toArray();
            List<Double> dotX = new ArrayList<>();
            List<Double> dotY = new ArrayList<>();
            for (int i = 0; i < x.length; i++) {
                double before = y[Math.max(i - 1, 0)];
                double after = y[Math.min(i + 1, x.length - 1)];
                if (kinks.contains(x[i]) && Math.max(Math.abs(y[i] - before), Math.abs(y[i] - after)) > JUMP) {
                    dotX.add(x[i]);
                    dotY.add(y[i]);
                    y[i] = Double.NaN;
                }
            }
            return new Line(boxed(x), boxed(y), dotX, dotY);
        }
    }

    private static List<Double> boxed(double[] values) {
        return DoubleStream.of(values).boxed().toList();
    }

    /** Of the activation that {@code specification} names, for x from {@code from} to {@code to}. */
    static Curve of(String specification, double from, double to) {
        Entry<IActivation> entry = Activations.entry(specification);
        IActivation activation = Activations.get(specification);
        double[] x = axis(from, to, entry.kinks());
        INDArray column = Nd4j.createFromArray(x).reshape(x.length, 1);
        INDArray in = column;
        INDArray upstream = Nd4j.onesLike(column);
        String note = "";
        if (activation instanceof ActivationSoftmax) {
            INDArray zeros = Nd4j.zerosLike(column);
            in = Nd4j.hstack(column, zeros);
            upstream = Nd4j.hstack(upstream, zeros);
            note = "x is the first of two features, the other is 0";
        } else if (activation instanceof ABReLU) {
            in = column.reshape(1, x.length);
            upstream = upstream.reshape(1, x.length);
            note = "all x are one example; f′ is that of the sum of f";
        }
        double[] f = first(activation.getActivation(in.dup(), false), x.length);
        double[] slope = first(activation.backprop(in.dup(), upstream).getFirst(), x.length);
        return new Curve(
                Activations.canonical(specification),
                "f(x) = " + entry.formula(),
                note,
                Line.of(x, f, entry.kinks()),
                Line.of(x, slope, entry.kinks()));
    }

    /** Evenly, and at each kink three more: it, and both its sides. */
    private static double[] axis(double from, double to, List<Double> kinks) {
        double beside = BESIDE * (to - from);
        DoubleStream even = IntStream.rangeClosed(0, INTERVALS).mapToDouble(i -> from + (to - from) * i / INTERVALS);
        DoubleStream atKinks = kinks.stream()
                .flatMapToDouble(k -> DoubleStream.of(k - beside, k, k + beside))
                .filter(k -> k >= from && k <= to);
        return DoubleStream.concat(even, atKinks).sorted().distinct().toArray();
    }

    /** The first feature of each example, or all of the only example. */
    private static double[] first(INDArray values, int length) {
        INDArray firstColumn = values.size(0) == length ? values.getColumn(0) : values.getRow(0);
        return firstColumn.toDoubleVector();
    }
}
