package io.github.dl4jx.activations.conformance;

import java.util.function.DoubleUnaryOperator;

/**
 * What an activation should compute, in double precision and from the paper's formula: an oracle that shares no code
 * with what it judges.
 */
public final class Reference {
    /** A function of a whole batch, {@code x[example][feature]}. */
    public interface Value {
        /** f(x), a new array. */
        double[][] of(double[][] x);
    }

    /** The gradient of a function of a whole batch. */
    public interface Gradient {
        /** dL/dx from x and dL/dy, a new array. */
        double[][] of(double[][] x, double[][] g);
    }

    private final Value value;
    private final Gradient gradient;
    private final double ulps;
    private final boolean elementwise;
    private final boolean differentiated;

    private Reference(Value value, Gradient gradient, double ulps, boolean elementwise, boolean differentiated) {
        this.value = value;
        this.gradient = gradient;
        this.ulps = ulps;
        this.elementwise = elementwise;
        this.differentiated = differentiated;
    }

    /**
     * A function of each element by itself.
     *
     * @param f the function, with its limits at ±∞
     * @param slope its derivative, with its value at the kinks and its limits at ±∞
     * @param ulps the allowed error k, in units of ulp(max(|reference|, 1)): 0 asks for the exact result in every type;
     * otherwise k + ½ in float, since the reference is not rounded to it, 4(k + 1) in double, since the reference
     * errs itself, and in the 16-bit types the rounding of the result alone
     */
    public static Reference elementwise(DoubleUnaryOperator f, DoubleUnaryOperator slope, double ulps) {
        return new Reference(
                x -> map(x, (i, j) -> f.applyAsDouble(x[i][j])),
                (x, g) -> map(x, (i, j) -> g[i][j] * slope.applyAsDouble(x[i][j])),
                ulps,
                true,
                true);
    }

    /**
     * A function in which elements meet.
     *
     * @param ulps as in {@link #elementwise}
     */
    public static Reference ofBatch(Value value, Gradient gradient, double ulps) {
        return new Reference(value, gradient, ulps, false, true);
    }

    /** The same, with a gradient that is on purpose not the derivative: a straight-through estimator. */
    public Reference withEstimatedGradient() {
        return new Reference(value, gradient, ulps, elementwise, false);
    }

    /** f of a batch. */
    public double[][] value(double[][] x) {
        return value.of(x);
    }

    /** dL/dx of a batch. */
    public double[][] gradient(double[][] x, double[][] g) {
        return gradient.of(x, g);
    }

    /** f at one point, of an elementwise function. */
    public double value(double x) {
        return value.of(new double[][] {{x}})[0][0];
    }

    /** f′ at one point, of an elementwise function. */
    public double slope(double x) {
        return gradient.of(new double[][] {{x}}, new double[][] {{1}})[0][0];
    }

    /** The allowed error. */
    public double ulps() {
        return ulps;
    }

    boolean isElementwise() {
        return elementwise;
    }

    boolean isDifferentiated() {
        return differentiated;
    }

    /** One number of a batch. */
    public interface Element {
        /** The one of example i, feature j. */
        double at(int i, int j);
    }

    /** A new batch in the shape of another, for the functions of {@link #ofBatch}. */
    public static double[][] map(double[][] shape, Element element) {
        double[][] result = new double[shape.length][];
        for (int i = 0; i < shape.length; i++) {
            result[i] = new double[shape[i].length];
            for (int j = 0; j < shape[i].length; j++) {
                result[i][j] = element.at(i, j);
            }
        }
        return result;
    }
}
