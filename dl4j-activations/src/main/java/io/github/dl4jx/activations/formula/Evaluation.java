package io.github.dl4jx.activations.formula;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** A formula in double precision at single points, by the JDK's functions: what the engines are held against. */
final class Evaluation {
    private final List<Formula> order = new ArrayList<>();
    private final List<int[]> places = new ArrayList<>();
    private final double[] values;
    private final DoubleUnaryOperator rounding;

    Evaluation(Formula f) {
        this(f, DoubleUnaryOperator.identity());
    }

    /** @param rounding what each result goes through; disturbed a little, it shows how well conditioned f is */
    Evaluation(Formula f, DoubleUnaryOperator rounding) {
        this.rounding = rounding;
        place(f, new HashMap<>());
        values = new double[order.size()];
    }

    private int place(Formula f, Map<Formula, Integer> known) {
        Integer before = known.get(f);
        if (before != null) {
            return before;
        }
        int[] operands = new int[3];
        for (int i = 0; i < f.operands.length; i++) {
            operands[i] = place(f.operands[i], known);
        }
        order.add(f);
        places.add(operands);
        known.put(f, order.size() - 1);
        return order.size() - 1;
    }

    /** With x, and the upstream gradient where the formula has one. */
    double at(double x, double upstream) {
        for (int i = 0; i < values.length; i++) {
            int[] p = places.get(i);
            double exact = value(order.get(i), values[p[0]], values[p[1]], values[p[2]], x, upstream);
            values[i] = order.get(i).operands.length == 0 ? exact : rounding.applyAsDouble(exact);
        }
        return values[values.length - 1];
    }

    private static double value(Formula f, double a, double b, double c, double x, double upstream) {
        return switch (f.op) {
            case VARIABLE -> f.equals(Formula.X) ? x : upstream;
            case NUMBER -> f.number;
            case NEGATE -> -a;
            case PLUS -> a + b;
            case MINUS -> a - b;
            case TIMES -> times(f, a, b);
            case OVER -> a / b;
            case ABS -> Math.abs(a);
            case SQRT -> Math.sqrt(a);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case CLAMP -> Math.min(Math.max(a, f.number), f.high);
            case SELECT -> a > 0 ? b : c;
            case EXP -> Math.exp(a);
            case EXPM1 -> Math.expm1(a);
            case LOG1P -> Math.log1p(a);
            case SIGMOID -> a >= 0 ? 1 / (1 + Math.exp(-a)) : Math.exp(a) / (1 + Math.exp(a));
            case SIGMOID_SLOPE -> {
                double e = Math.exp(-Math.abs(a));
                yield e / ((1 + e) * (1 + e));
            }
            case TANH -> Math.tanh(a);
            case SOFTPLUS -> softplus(a);
            case GATE -> Math.tanh(softplus(a));
            case GATE_SLOPE -> gateSlope(a);
            case ERF -> Normal.erf(a);
            case NORMAL_CDF -> Normal.cdf(a);
            case GAUSSIAN -> Normal.gaussian(a);
        };
    }

    private static double times(Formula f, double a, double b) {
        boolean isLimit = (b == 0 && Multiple.vanishes(f, 1)) || (a == 0 && Multiple.vanishes(f, 0));
        return isLimit && !Double.isNaN(a + b) ? 0 : a * b;
    }

    private static double softplus(double a) {
        return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
    }

    /** σ(a)(1 − tanh²(softplus(a))) = 4e(e + 1)/(e² + 2e + 2)², where e = e^a. */
    private static double gateSlope(double a) {
        if (a > 40) {
            return 4 * Math.exp(-2 * a);
        }
        double e = Math.exp(a);
        double below = e * (e + 2) + 2;
        return 4 * (e / below) * ((e + 1) / below);
    }
}
