package io.github.dl4jx.activations.formula;

import io.github.dl4jx.activations.formula.Precision.Limit;
import io.github.dl4jx.activations.formula.Precision.Polynomial;
import java.util.HashMap;
import java.util.Map;

/**
 * From a formula to steps: elementary functions become polynomials, and an argument is confined to where they hold unless
 * its range says that it is there. The error bounds are those of {@code PrimitivesTest}.
 */
final class Lowering {
    private static final double[] GUARDS = {16, 24, 32, 48, 64, 96, 104, 128, 256, 746, 1024, 1e4, 1e6, 1e9, 1e17, 1e30
    };

    private static final double LOG2_E = 0x1.71547652b82fep0;

    private final Precision precision;
    private final boolean vectors;
    private final Steps steps = new Steps();
    private final Map<Formula, Step> done = new HashMap<>();

    private Lowering(Precision precision, boolean vectors) {
        this.precision = precision;
        this.vectors = vectors;
    }

    /**
     * The steps of f, which keep NaN.
     *
     * @param vectors whether for lanes, which have operations on bits; else for plain loops
     */
    static Step value(Formula f, Precision precision, boolean vectors) {
        Lowering lowering = new Lowering(precision, vectors);
        Steps steps = lowering.steps;
        Step root = steps.fused(lowering.of(guarded(f, precision)));
        return NanPaths.of(root).reachTheRoot() ? root : steps.add(root, steps.min(steps.max(steps.x(), 0), 0));
    }

    /** The steps of slope·g. */
    static Step gradient(Formula slope, Precision precision, boolean vectors) {
        Lowering lowering = new Lowering(precision, vectors);
        return lowering.steps.fused(lowering.of(guarded(slope, precision).timesUpstream()));
    }

    /** x confined on the sides where f(±∞) would be NaN, to where f does not change any more. */
    static Formula guarded(Formula f, Precision precision) {
        Evaluation evaluation = new Evaluation(f);
        Formula x = Formula.X;
        if (Double.isNaN(evaluation.at(Double.NEGATIVE_INFINITY, 1))) {
            x = Formula.max(x, -guard(evaluation, -1, precision));
        }
        if (Double.isNaN(evaluation.at(Double.POSITIVE_INFINITY, 1))) {
            x = Formula.min(x, guard(evaluation, 1, precision));
        }
        return x.equals(Formula.X) ? f : f.of(x);
    }

    private static double guard(Evaluation f, int side, Precision precision) {
        double tolerance = precision == Precision.FLOAT ? 1e-9 : 1e-15;
        double nothing = precision == Precision.FLOAT ? 1e-40 : 1e-300;
        for (double guard : GUARDS) {
            double here = f.at(side * guard, 1);
            boolean settled = true;
            for (double beyond = 1.01 * guard; settled && beyond < 1e36; beyond *= 1.5) {
                double there = f.at(side * beyond, 1);
                settled = Math.abs(there - here) <= tolerance * Math.abs(here)
                        || Math.max(Math.abs(here), Math.abs(there)) < nothing;
            }
            if (settled) {
                return guard;
            }
        }
        return precision.largest();
    }

    private Step of(Formula f) {
        Step known = done.get(f);
        if (known == null) {
            known = make(f);
            done.put(f, known);
        }
        return known;
    }

    private Step make(Formula f) {
        if (f.operands.length == 0) {
            return f.isNumber() ? steps.number(f.number) : f.equals(Formula.X) ? steps.x() : steps.upstream();
        }
        Step a = of(f.first());
        Range range = f.first().range();
        return switch (f.op) {
            case VARIABLE, NUMBER -> throw new AssertionError(f);
            case NEGATE -> steps.negate(a);
            case PLUS -> steps.add(a, of(f.second()));
            case MINUS -> steps.subtract(a, of(f.second()));
            case TIMES -> times(f);
            case OVER -> steps.divide(a, of(f.second()));
            case ABS -> range.low() >= 0 ? a : steps.abs(a);
            case SQRT -> steps.root(a);
            case MIN -> range.high() <= f.second().range().low() ? a : steps.min(a, of(f.second()));
            case MAX -> range.low() >= f.second().range().high() ? a : steps.max(a, of(f.second()));
            case CLAMP -> confined(a, range, f.number, f.high);
            case SELECT -> selected(f, a);
            case EXP -> exp(f.first());
            case EXPM1 -> expm1(f.first());
            case LOG1P -> {
                if (range.low() < 0 || range.high() > 1) {
                    throw new UnsupportedOperationException("log1p beyond [0, 1]");
                }
                yield log1p(a);
            }
            case SIGMOID -> sigmoid(f.first());
            case SIGMOID_SLOPE -> {
                Step e = decay(f.first());
                Step sum = steps.add(e, steps.number(1));
                yield steps.multiply(steps.divide(e, sum), steps.divide(steps.number(1), sum));
            }
            case TANH -> tanh(a);
            case SOFTPLUS -> steps.add(log1p(decay(f.first())), steps.max(a, 0));
            case GATE -> {
                Step n = gate(f.first());
                yield steps.divide(n, steps.add(n, steps.number(2)));
            }
            case GATE_SLOPE -> {
                Step n = gate(f.first());
                Step e = bounded(f.first(), Limit.GATE);
                Step reciprocal = steps.divide(steps.number(1), steps.add(n, steps.number(2)));
                Step left = steps.multiply(e, reciprocal);
                Step right = steps.multiply(steps.add(e, steps.number(1)), reciprocal);
                yield steps.multiply(steps.multiply(left, right), 4);
            }
            case ERF -> erf(a, range);
            case NORMAL_CDF -> normalCdf(f.first());
            case GAUSSIAN -> gaussian(size(f.first(), Limit.NORMAL));
        };
    }

    private Step selected(Formula f, Step a) {
        Formula positive = f.second();
        Formula otherwise = f.operands[2];
        if (f.first().equals(Formula.X) && overflows(otherwise)) {
            otherwise = otherwise.of(Formula.abs(Formula.X).negate()); // the same there, and not so large elsewhere
        }
        boolean isMirrored = positive.op == Formula.Op.MINUS
                && positive.first().is(1)
                && positive.second().equals(otherwise)
                && f.first().equals(Formula.X)
                && Math.abs(otherwise.at(0) - 0.5) < 1e-12; // else it matters which one 0 gets
        if (isMirrored) {
            return steps.mirrored(of(otherwise), a);
        }
        boolean isOfX = f.first().equals(Formula.X);
        if (isOfX && otherwise.equals(positive.negate()) && positive.range().low() >= 0 && positive.at(0) == 0) {
            return vectors ? steps.copySign(of(positive), a) : steps.multiply(of(positive), sign(a));
        }
        if (vectors) {
            return steps.select(a, of(positive), of(otherwise));
        }
        return isOfX && isZeroAtZero(positive) && isZeroAtZero(otherwise)
                ? steps.add(of(positive.of(Formula.max(Formula.X, 0))), of(otherwise.of(Formula.min(Formula.X, 0))))
                : steps.where(a, of(positive), of(otherwise));
    }

    /** Whether it is a function of x that is 0 at 0, so that two such pieces can be added instead of selected. */
    private static boolean isZeroAtZero(Formula piece) {
        return !piece.hasUpstream() && piece.at(0) == 0;
    }

    private boolean overflows(Formula f) {
        boolean isExponential = f.op == Formula.Op.EXP || f.op == Formula.Op.EXPM1;
        boolean does = isExponential && f.first().range().high() > precision.limit(Limit.EXP);
        for (Formula operand : f.operands) {
            does |= overflows(operand);
        }
        return does;
    }

    private Step confined(Step a, Range range, double low, double high) {
        Step above = range.low() < low ? steps.max(a, low) : a;
        return range.high() > high ? steps.min(above, high) : above;
    }

    /** A product; where u·v(ku) vanishes at u = ∞, u stops where v does. */
    private Step times(Formula f) {
        for (int i = 0; i < 2; i++) {
            if (Multiple.vanishes(f, i)) {
                Multiple u = Multiple.of(f.operands[1 - i]);
                Formula v = Multiple.of(f.operands[i]).base();
                double factor = Math.abs(Multiple.of(v.first()).factor());
                boolean isNormal = v.op == Formula.Op.NORMAL_CDF || v.op == Formula.Op.GAUSSIAN;
                Step stopped = stopped(u.base(), factor, isNormal ? Limit.NORMAL : Limit.EXHAUSTED);
                return steps.multiply(steps.multiply(stopped, u.factor()), of(f.operands[i]));
            }
        }
        return steps.multiply(of(f.first()), of(f.second()));
    }

    /** min(base, limit/factor) for a base that is not negative. */
    private Step stopped(Formula base, double factor, Limit limit) {
        double bound = Math.min(precision.limit(limit) / factor, precision.largest());
        return base.range().high() <= bound ? of(base) : steps.min(of(base), bound);
    }

    /** min(|f|, limit). */
    private Step size(Formula f, Limit limit) {
        Multiple multiple = Multiple.of(f);
        if (multiple.hasSign()) {
            double factor = Math.abs(multiple.factor());
            return steps.multiply(stopped(multiple.base(), factor, limit), factor);
        }
        double bound = precision.limit(limit);
        Range range = f.range();
        return range.low() >= -bound && range.high() <= bound ? steps.abs(of(f)) : steps.magnitude(of(f), bound);
    }

    private Step sigmoid(Formula f) {
        if (vectors && f.range().high() > 0) {
            Step e = decay(f);
            return steps.mirrored(steps.divide(e, steps.add(e, steps.number(1))), of(f));
        }
        Step e = bounded(f, Limit.EXP);
        return steps.divide(e, steps.add(e, steps.number(1)));
    }

    private Step tanh(Step a) {
        double limit = precision.limit(Limit.TANH);
        Step e = vectors
                ? smallExpm1(steps.multiply(steps.magnitude(a, limit), -2))
                : smallExpm1(steps.multiply(steps.min(steps.max(a, -limit), limit), 2));
        Step sum = steps.add(e, steps.number(2));
        return vectors ? steps.copySign(steps.divide(steps.abs(e), sum), a) : steps.divide(e, sum);
    }

    /** e(e + 2), where e = e^a: tanh(softplus(a)) is this over itself + 2. */
    private Step gate(Formula f) {
        Step e = bounded(f, Limit.GATE);
        return steps.fma(e, e, steps.add(e, e));
    }

    private Step erf(Step a, Range range) {
        double limit = precision.limit(Limit.ERF);
        Step size = range.low() >= 0 ? confined(a, range, 0, limit) : steps.magnitude(a, limit);
        Step exponent = steps.multiply(size, steps.polynomial(size, precision.coefficients(Polynomial.ERF)));
        Step y = steps.negate(smallExpm1(steps.negate(exponent)));
        if (range.low() >= 0) {
            return y;
        }
        return vectors ? steps.copySign(y, a) : steps.multiply(y, sign(a));
    }

    /** −1, 0 or 1, by multiplications that take every number beyond 1. */
    private Step sign(Step a) {
        double steep = Math.scalb(1.0, precision == Precision.FLOAT ? 100 : 540);
        Step large = steps.multiply(steps.multiply(a, steep), steep);
        return steps.min(steps.max(large, -1), 1);
    }

    private Step normalCdf(Formula f) {
        Step tail = normalTail(size(f, Limit.NORMAL));
        return f.range().high() <= 0 ? tail : steps.mirrored(tail, of(f));
    }

    /** Φ(−a) for a ≥ 0. */
    private Step normalTail(Step a) {
        Step above = steps.polynomial(a, precision.coefficients(Polynomial.MILLS));
        Step below = steps.polynomial(a, precision.coefficients(Polynomial.MILLS_BELOW));
        return steps.multiply(gaussian(a), steps.divide(above, below));
    }

    /** e^−|f|. */
    private Step decay(Formula f) {
        return smallExp(steps.negate(size(f, Limit.EXHAUSTED)));
    }

    /** e^min(f, limit). */
    private Step bounded(Formula f, Limit limit) {
        return f.range().high() <= 0
                ? decay(f)
                : smallExp(confined(of(f), f.range(), -precision.limit(Limit.EXHAUSTED), precision.limit(limit)));
    }

    private Step exp(Formula f) {
        if (f.range().high() <= precision.limit(Limit.EXP)) {
            return bounded(f, Limit.EXP);
        }
        double least = precision.limit(Limit.LEAST_POWER);
        double largest = precision.limit(Limit.LARGEST_POWER) + 1;
        Step half = steps.multiply(confined(of(f), f.range(), -2 * least, 2 * largest), 0.5);
        Step rounded = steps.fma(half, LOG2_E, precision.round());
        Step r = remainder(half, steps.subtract(rounded, steps.number(precision.round())));
        Step root = steps.multiply(expOfRemainder(r), steps.powerOf2(rounded));
        return steps.multiply(root, root);
    }

    private Step expm1(Formula f) {
        double least = precision.limit(Limit.LEAST_POWER);
        double largest = precision.limit(Limit.LARGEST_POWER);
        if (f.range().high() <= 0) {
            return smallExpm1(steps.negate(size(f, Limit.LEAST_POWER)));
        }
        if (f.range().high() <= largest) {
            return smallExpm1(confined(of(f), f.range(), -least, largest));
        }
        Step half = steps.multiply(confined(of(f), f.range(), -2 * least, 2 * largest), 0.5);
        Step root = smallExpm1(half);
        return steps.multiply(root, steps.add(root, steps.number(2))); // e^a − 1 = (e^(a/2) − 1)(e^(a/2) + 1)
    }

    /** e^a from −EXHAUSTED to EXP, rounded once, even where the result is subnormal. */
    private Step smallExp(Step a) {
        Step rounded = steps.fma(a, LOG2_E, precision.roundScaled());
        Step r = remainder(a, steps.subtract(rounded, steps.number(precision.roundScaled())));
        return scaledPower(r, rounded);
    }

    private Step scaledPower(Step r, Step rounded) {
        Step scaled = steps.multiply(expOfRemainder(r), steps.powerOf2(rounded));
        return steps.multiply(scaled, 1 / precision.scaled());
    }

    /** e^a − 1 from −LEAST_POWER to LARGEST_POWER, relatively exact at 0. */
    private Step smallExpm1(Step a) {
        Step rounded = steps.fma(a, LOG2_E, precision.round());
        Step r = remainder(a, steps.subtract(rounded, steps.number(precision.round())));
        Step power = steps.powerOf2(rounded);
        Step p = steps.fma(steps.multiply(expPolynomial(r), r), r, r); // e^r − 1
        return steps.fma(p, power, steps.subtract(power, steps.number(1)));
    }

    /** e^(−a²/2) for 0 ≤ a ≤ NORMAL; what rounding cuts off the square is added to the remainder. */
    private Step gaussian(Step a) {
        Step square = steps.multiply(a, a);
        Step lost = steps.fma(a, a, steps.negate(square));
        Step exponent = steps.multiply(square, -0.5);
        Step rounded = steps.fma(exponent, LOG2_E, precision.roundScaled());
        Step whole = steps.subtract(rounded, steps.number(precision.roundScaled()));
        return scaledPower(steps.add(remainder(exponent, whole), steps.multiply(lost, -0.5)), rounded);
    }

    /** log(1 + u) for 0 ≤ u ≤ 1, relatively exact at 0. */
    private Step log1p(Step u) {
        double[] c = precision.coefficients(Polynomial.LOG);
        if (precision == Precision.FLOAT) {
            return steps.fma(steps.multiply(steps.polynomial(u, c), u), u, u);
        }
        Step s = steps.divide(u, steps.add(u, steps.number(2))); // log(1 + u) = 2·artanh s
        Step square = steps.multiply(s, s);
        return steps.fma(steps.multiply(steps.polynomial(square, c), square), s, steps.add(s, s));
    }

    /** a − n·ln 2. */
    private Step remainder(Step a, Step n) {
        double[] c = precision.coefficients(Polynomial.MINUS_LN2);
        return steps.fma(n, steps.number(c[1]), steps.fma(n, steps.number(c[0]), a));
    }

    private Step expOfRemainder(Step r) {
        Step one = steps.number(1);
        return steps.fma(steps.fma(expPolynomial(r), r, one), r, one);
    }

    private Step expPolynomial(Step r) {
        return steps.polynomial(r, precision.coefficients(Polynomial.EXP));
    }
}
