package io.github.dl4jx.activations;

import static java.lang.Math.abs;
import static java.lang.Math.exp;
import static java.lang.Math.expm1;
import static java.lang.Math.log;
import static java.lang.Math.log1p;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.lang.Math.sqrt;
import static java.lang.Math.tanh;

import io.github.dl4jx.activations.conformance.Reference;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.special.Erf;

/** What each activation of the catalogue should be, from the papers' formulas. */
final class References {
    private static final double LAMBDA = 1.0507009873554805;
    private static final double LAMBDA_ALPHA = 1.7580993408473766;

    /** By specification; a catalogue entry without a row here fails the conformance test. */
    static final Map<String, Reference> BY_SPECIFICATION = Map.ofEntries(
            Map.entry("identity", Reference.elementwise(x -> x, x -> 1, 0)),
            Map.entry("step", Reference.elementwise(x -> x >= 0 ? 1 : 0, x -> 0, 0)),
            Map.entry(
                    "step(gradient=straight_through)",
                    Reference.elementwise(x -> x >= 0 ? 1 : 0, x -> abs(x) <= 1 ? 1 : 0, 0)
                            .withEstimatedGradient()),
            Map.entry("sigmoid", Reference.elementwise(References::sigma, x -> sigma(x) * sigma(-x), 2)),
            Map.entry(
                    "hard-sigmoid",
                    Reference.elementwise(x -> min(max(x + 3, 0), 6) / 6, x -> abs(x) < 3 ? 1 / 6.0 : 0, 1)),
            Map.entry("tanh", Reference.elementwise(x -> tanh(x), x -> 4 * sigma(2 * x) * sigma(-2 * x), 2)),
            Map.entry("softplus", Reference.elementwise(References::softplus, References::sigma, 2)),
            Map.entry("shifted-softplus", Reference.elementwise(x -> softplus(x) - log(2), References::sigma, 2)),
            Map.entry(
                    "softsign",
                    Reference.elementwise(
                            x -> Double.isInfinite(x) ? Math.signum(x) : x / (1 + abs(x)),
                            x -> 1 / ((1 + abs(x)) * (1 + abs(x))),
                            1)),
            Map.entry("relu", Reference.elementwise(x -> max(0, x), x -> x > 0 ? 1 : 0, 0)),
            Map.entry("relu6", Reference.elementwise(x -> min(max(0, x), 6), x -> x > 0 && x < 6 ? 1 : 0, 0)),
            leaky("leakyrelu", 0.01),
            leaky("leakyrelu(slope=0.25)", 0.25),
            leaky("leakyrelu(slope=1.5)", 1.5),
            elu("elu", 1),
            elu("elu(alpha=0.5)", 0.5),
            celu("celu", 1),
            celu("celu(alpha=0.3)", 0.3),
            celu("celu(alpha=2.5)", 2.5),
            Map.entry(
                    "selu",
                    Reference.elementwise(
                            x -> x > 0 ? LAMBDA * x : LAMBDA_ALPHA * expm1(x),
                            x -> x > 0 ? LAMBDA : LAMBDA_ALPHA * exp(x),
                            2)),
            Map.entry(
                    "gelu",
                    Reference.elementwise(
                            x -> times(x, cumulative(x)),
                            x -> cumulative(x) + times(x, exp(-x * x / 2) / sqrt(2 * Math.PI)),
                            3)),
            Map.entry(
                    "gelu(form=tanh)",
                    Reference.elementwise(
                            x -> times(x, 1 / (1 + exp(-2 * tanhArgument(x)))), References::tanhGeluSlope, 3)),
            swish("swish", 1),
            swish("swish(beta=1.5)", 1.5),
            swish("swish(beta=0.1)", 0.1),
            Map.entry(
                    "hard-swish",
                    Reference.elementwise(
                            x -> times(x, min(max(x + 3, 0), 6) / 6),
                            x -> x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6,
                            2)),
            Map.entry(
                    "mish",
                    Reference.elementwise(
                            x -> times(x, tanh(softplus(x))),
                            x -> tanh(softplus(x)) + times(x, sigma(x) / Math.pow(Math.cosh(softplus(x)), 2)),
                            3)),
            abrelu("abrelu", 1, false),
            abrelu("abrelu(alpha=0.5)", 0.5, false),
            abrelu("abrelu(alpha=1, mean=batch)", 1, true),
            Map.entry(
                    "softmax",
                    Reference.ofBatch(
                            x -> Stream.of(x).map(References::softmax).toArray(double[][]::new),
                            (x, g) -> IntStream.range(0, x.length)
                                    .mapToObj(i -> softmaxGradient(softmax(x[i]), g[i]))
                                    .toArray(double[][]::new),
                            3)));

    private References() {}

    static Reference of(String specification) {
        return Objects.requireNonNull(BY_SPECIFICATION.get(specification), specification);
    }

    private static Map.Entry<String, Reference> leaky(String name, double slope) {
        return Map.entry(name, Reference.elementwise(x -> x > 0 ? x : slope * x, x -> x > 0 ? 1 : slope, 1));
    }

    private static Map.Entry<String, Reference> elu(String name, double alpha) {
        return Map.entry(
                name, Reference.elementwise(x -> x > 0 ? x : alpha * expm1(x), x -> x > 0 ? 1 : alpha * exp(x), 2));
    }

    private static Map.Entry<String, Reference> celu(String name, double alpha) {
        return Map.entry(
                name,
                Reference.elementwise(
                        x -> x > 0 ? x : alpha * expm1(x / alpha), x -> x > 0 ? 1 : exp(x / alpha), 2 + alpha));
    }

    private static Map.Entry<String, Reference> swish(String name, double beta) {
        return Map.entry(
                name,
                Reference.elementwise(
                        x -> times(x, sigma(beta * x)),
                        x -> sigma(beta * x) + times(beta * x, sigma(beta * x) * sigma(-beta * x)),
                        beta == 1 ? 3 : 4)); // β·x is rounded
    }

    private static Map.Entry<String, Reference> abrelu(String name, double alpha, boolean batch) {
        return Map.entry(
                name,
                Reference.ofBatch(
                        x -> {
                            double[] beta = means(x, batch, alpha);
                            return Reference.map(x, (i, j) -> max(x[i][j] - beta[i], 0));
                        },
                        (x, g) -> {
                            double[] beta = means(x, batch, alpha);
                            double[][] passed = Reference.map(x, (i, j) -> x[i][j] > beta[i] ? g[i][j] : 0);
                            double[] mean = means(passed, batch, alpha);
                            return Reference.map(x, (i, j) -> passed[i][j] - mean[i]);
                        },
                        16)); // the mean, rounded, is as large as the input and may cancel in the result
    }

    /** For each example α times its mean, or that of the batch. */
    private static double[] means(double[][] x, boolean batch, double alpha) {
        double ofBatch =
                Stream.of(x).flatMapToDouble(DoubleStream::of).average().orElseThrow();
        return Stream.of(x)
                .mapToDouble(row -> alpha
                        * (batch ? ofBatch : DoubleStream.of(row).average().orElseThrow()))
                .toArray();
    }

    private static double[] softmax(double[] x) {
        double largest = DoubleStream.of(x).max().orElseThrow();
        double[] e = DoubleStream.of(x).map(v -> exp(v - largest)).toArray();
        double sum = DoubleStream.of(e).sum();
        return DoubleStream.of(e).map(v -> v / sum).toArray();
    }

    /** The full Jacobian, element by element. */
    private static double[] softmaxGradient(double[] s, double[] g) {
        double[] result = new double[s.length];
        for (int i = 0; i < s.length; i++) {
            for (int j = 0; j < s.length; j++) {
                result[i] += g[j] * s[j] * ((i == j ? 1 : 0) - s[i]);
            }
        }
        return result;
    }

    private static double tanhArgument(double x) {
        return sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    }

    private static double tanhGeluSlope(double x) {
        double u = tanhArgument(x);
        double sech = 1 / Math.cosh(u);
        double inner = sqrt(2 / Math.PI) * (1 + 0.134145 * x * x);
        return 1 / (1 + exp(-2 * u)) + times(0.5 * x * inner, sech * sech);
    }

    private static double sigma(double x) {
        return 1 / (1 + exp(-x));
    }

    private static double softplus(double x) {
        return max(x, 0) + log1p(exp(-abs(x)));
    }

    private static double cumulative(double x) {
        return Erf.erfc(-x / sqrt(2)) / 2;
    }

    /** x·y with 0 winning over ∞: the limits where one factor vanishes faster than the other grows. */
    private static double times(double x, double y) {
        return y == 0 ? 0 : x * y;
    }
}
