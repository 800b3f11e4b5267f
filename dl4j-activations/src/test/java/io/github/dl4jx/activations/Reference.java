package io.github.dl4jx.activations;

import static java.lang.Math.exp;
import static java.lang.Math.expm1;
import static java.lang.Math.log1p;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.lang.Math.tanh;

import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;

/**
 * What each elementwise activation should be, in double precision and from the papers' formulas: an oracle that shares
 * no code with what it judges.
 *
 * @param f the function
 * @param slope its derivative
 * @param ulps the allowed error in units of ulp(max(|reference|, 1))
 */
record Reference(DoubleUnaryOperator f, DoubleUnaryOperator slope, double ulps) {

    private static final double LAMBDA = 1.0507009873554805;
    private static final double LAMBDA_ALPHA = 1.7580993408473766;

    /** By specification; a catalogue entry without a row here fails the conformance test. */
    static final Map<String, Reference> BY_SPECIFICATION = Map.ofEntries(
            Map.entry("relu", new Reference(x -> max(0, x), x -> x > 0 ? 1 : 0, 0)),
            leaky("leakyrelu", 0.01),
            leaky("leakyrelu(slope=0.25)", 0.25),
            leaky("leakyrelu(slope=1.5)", 1.5),
            elu("elu", 1),
            elu("elu(alpha=0.5)", 0.5),
            Map.entry(
                    "selu",
                    new Reference(
                            x -> x > 0 ? LAMBDA * x : LAMBDA_ALPHA * expm1(x),
                            x -> x > 0 ? LAMBDA : LAMBDA_ALPHA * exp(x),
                            2)),
            Map.entry(
                    "gelu",
                    new Reference(
                            x -> times(x, cumulative(x)),
                            x -> cumulative(x) + times(x, exp(-x * x / 2) / Math.sqrt(2 * Math.PI)),
                            3)),
            swish("swish", 1),
            swish("swish(beta=1.5)", 1.5),
            swish("swish(beta=0.1)", 0.1),
            Map.entry(
                    "hard-swish",
                    new Reference(
                            x -> times(x, min(max(x + 3, 0), 6) / 6),
                            x -> x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6,
                            2)),
            Map.entry(
                    "mish",
                    new Reference(
                            x -> times(x, tanh(softplus(x))),
                            x -> tanh(softplus(x)) + times(x, sigma(x) / Math.pow(Math.cosh(softplus(x)), 2)),
                            3)));

    static Reference of(String specification) {
        return Objects.requireNonNull(BY_SPECIFICATION.get(specification), specification);
    }

    private static Map.Entry<String, Reference> leaky(String name, double slope) {
        return Map.entry(name, new Reference(x -> x > 0 ? x : slope * x, x -> x > 0 ? 1 : slope, 1));
    }

    private static Map.Entry<String, Reference> elu(String name, double alpha) {
        return Map.entry(name, new Reference(x -> x > 0 ? x : alpha * expm1(x), x -> x > 0 ? 1 : alpha * exp(x), 2));
    }

    private static Map.Entry<String, Reference> swish(String name, double beta) {
        return Map.entry(
                name,
                new Reference(
                        x -> times(x, sigma(beta * x)),
                        x -> sigma(beta * x) + times(beta * x, sigma(beta * x) * sigma(-beta * x)),
                        3));
    }

    private static double sigma(double x) {
        return 1 / (1 + exp(-x));
    }

    private static double softplus(double x) {
        return max(x, 0) + log1p(exp(-Math.abs(x)));
    }

    private static double cumulative(double x) {
        return Erf.erfc(-x / Math.sqrt(2)) / 2;
    }

    /** x·y with 0 winning over ∞: the limits where one factor vanishes faster than the other grows. */
    private static double times(double x, double y) {
        return y == 0 ? 0 : x * y;
    }
}
