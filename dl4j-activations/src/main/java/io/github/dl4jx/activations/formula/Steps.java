package io.github.dl4jx.activations.formula;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the {@link Step}s of one computation, equal ones once. */
final class Steps {
    private record Key(Step.Op op, long k, long high, List<Step> operands) {}

    private final Map<Key, Step> made = new HashMap<>();

    private Step step(Step.Op op, double k, double high, Step... operands) {
        Key key = new Key(op, Double.doubleToRawLongBits(k), Double.doubleToRawLongBits(high), List.of(operands));
        return made.computeIfAbsent(key, absent -> new Step(op, k, high, operands));
    }

    private Step step(Step.Op op, Step... operands) {
        return step(op, 0, 0, operands);
    }

    /** The same step of other operands. */
    private Step step(Step same, Step... operands) {
        return step(same.op, same.k, same.high, operands);
    }

    Step x() {
        return step(Step.Op.X);
    }

    Step upstream() {
        return step(Step.Op.G);
    }

    Step number(double k) {
        return step(Step.Op.NUMBER, k, 0);
    }

    Step add(Step a, Step b) {
        if (a.op == Step.Op.NEGATE) {
            return subtract(b, a.operand(0));
        }
        if (b.op == Step.Op.NEGATE) {
            return subtract(a, b.operand(0));
        }
        return a.isNumber() ? step(Step.Op.ADD, b, a) : step(Step.Op.ADD, a, b);
    }

    Step subtract(Step a, Step b) {
        return b.op == Step.Op.NEGATE ? add(a, b.operand(0)) : step(Step.Op.SUBTRACT, a, b);
    }

    Step multiply(Step a, Step b) {
        if (a.is(1) || b.is(1)) {
            return a.is(1) ? b : a;
        }
        if (a.is(-1) || b.is(-1)) {
            return negate(a.is(-1) ? b : a);
        }
        return a.isNumber() ? step(Step.Op.MULTIPLY, b, a) : step(Step.Op.MULTIPLY, a, b);
    }

    Step multiply(Step a, double k) {
        return multiply(a, number(k));
    }

    Step divide(Step a, Step b) {
        return step(Step.Op.DIVIDE, a, b);
    }

    /** a·b + c, rounded once. */
    Step fma(Step a, Step b, Step c) {
        return step(Step.Op.FMA, a, b, c);
    }

    Step fma(Step a, double b, double c) {
        return fma(a, number(b), number(c));
    }

    /** c[0] + c[1]·a + c[2]·a² + …, from the last coefficient on. */
    Step polynomial(Step a, double... c) {
        Step sum = fma(a, c[c.length - 1], c[c.length - 2]);
        for (int i = c.length - 3; i >= 0; i--) {
            sum = fma(sum, a, number(c[i]));
        }
        return sum;
    }

    Step negate(Step a) {
        if (a.op == Step.Op.MULTIPLY && a.operand(1).isNumber()) {
            return multiply(a.operand(0), -a.operand(1).k);
        }
        return a.op == Step.Op.NEGATE ? a.operand(0) : step(Step.Op.NEGATE, a);
    }

    Step abs(Step a) {
        boolean isPositive = a.op == Step.Op.ABS || a.op == Step.Op.MAGNITUDE;
        return a.op == Step.Op.NEGATE ? abs(a.operand(0)) : isPositive ? a : step(Step.Op.ABS, a);
    }

    /** min(|a|, bound). */
    Step magnitude(Step a, double bound) {
        return a.op == Step.Op.NEGATE || a.op == Step.Op.ABS
                ? magnitude(a.operand(0), bound)
                : step(Step.Op.MAGNITUDE, bound, 0, a);
    }

    Step root(Step a) {
        return step(Step.Op.ROOT, a);
    }

    Step min(Step a, double high) {
        if (a.op == Step.Op.ABS && high > 0) {
            return magnitude(a.operand(0), high);
        }
        return a.op == Step.Op.MAX && a.k <= 0 && high > 0
                ? step(Step.Op.CLAMP, a.k, high, a.operand(0))
                : step(Step.Op.MIN, high, 0, a);
    }

    Step max(Step a, double low) {
        return step(Step.Op.MAX, low, 0, a);
    }

    Step min(Step a, Step b) {
        return a.isNumber() ? min(b, a.k) : b.isNumber() ? min(a, b.k) : step(Step.Op.LESSER, a, b);
    }

    Step max(Step a, Step b) {
        return a.isNumber() ? max(b, a.k) : b.isNumber() ? max(a, b.k) : step(Step.Op.GREATER, a, b);
    }

    /** {@code above} where a &gt; 0, else {@code other}. */
    Step select(Step a, Step above, Step other) {
        if (a.op == Step.Op.SUBTRACT && a.operand(1).isNumber()) {
            return step(Step.Op.WHERE_ABOVE, a.operand(1).k, 0, a.operand(0), above, other);
        }
        if (a.op == Step.Op.ADD && a.operand(1).isNumber()) {
            return step(Step.Op.WHERE_ABOVE, -a.operand(1).k, 0, a.operand(0), above, other);
        }
        if (a.op == Step.Op.SUBTRACT && a.operand(0).isNumber()) {
            return step(Step.Op.WHERE_BELOW, a.operand(0).k, 0, a.operand(1), above, other);
        }
        return a.op == Step.Op.NEGATE
                ? step(Step.Op.WHERE_BELOW, 0, 0, a.operand(0), above, other)
                : where(a, above, other);
    }

    /** The same, comparing with 0 and nothing else. */
    Step where(Step a, Step above, Step other) {
        return step(Step.Op.WHERE_ABOVE, 0, 0, a, above, other);
    }

    /** y where a has the sign bit, 1 − y elsewhere. */
    Step mirrored(Step y, Step a) {
        Step one = step(Step.Op.ONE_UNLESS_NEGATIVE, a);
        return fma(y, fma(one, -2, 1), one);
    }

    /** {@code size}, which is not negative, with the sign of a. */
    Step copySign(Step size, Step a) {
        return step(Step.Op.COPY_SIGN, size, a);
    }

    /** 2ⁿ for the n that rounding has left in the lowest bits of a. */
    Step powerOf2(Step a) {
        return step(Step.Op.POWER_OF_2, a);
    }

    /** All steps that lead to this one, operands first. */
    static List<Step> order(Step root) {
        List<Step> order = new ArrayList<>();
        order(root, order, new IdentityHashMap<>());
        return order;
    }

    private static void order(Step step, List<Step> order, Map<Step, Boolean> seen) {
        if (seen.put(step, true) == null) {
            for (Step operand : step.operands) {
                order(operand, order, seen);
            }
            order.add(step);
        }
    }

    /** How often each step is an operand. */
    static Map<Step, Integer> uses(List<Step> order) {
        Map<Step, Integer> uses = new IdentityHashMap<>();
        for (Step step : order) {
            for (Step operand : step.operands) {
                uses.merge(operand, 1, Integer::sum);
            }
        }
        return uses;
    }

    /** The same with reciprocals shared and products fused into sums. */
    Step fused(Step root) {
        List<Step> order = order(root);
        Map<Step, Integer> uses = uses(order);
        Map<Step, Integer> divisions = new HashMap<>();
        for (Step step : order) {
            if (step.op == Step.Op.DIVIDE) {
                divisions.merge(step.operand(1), 1, Integer::sum);
            }
        }
        Map<Step, Step> now = new IdentityHashMap<>();
        for (Step step : order) {
            Step[] operands = new Step[step.operands.length];
            for (int i = 0; i < operands.length; i++) {
                operands[i] = now(now, step.operand(i));
            }
            if (step.op == Step.Op.DIVIDE && divisions.getOrDefault(step.operand(1), 0) > 1) {
                now.put(step, multiply(operands[0], divide(number(1), operands[1])));
            } else {
                Step sum = fusedSum(step, uses, now);
                now.put(step, sum != null ? sum : step(step, operands));
            }
        }
        return now(now, root);
    }

    private static Step now(Map<Step, Step> now, Step step) {
        return Objects.requireNonNull(now.get(step));
    }

    /** A sum with a product that is needed for nothing else, or null. */
    private @Nullable Step fusedSum(Step step, Map<Step, Integer> uses, Map<Step, Step> now) {
        if (step.op != Step.Op.ADD && step.op != Step.Op.SUBTRACT) {
            return null;
        }
        boolean isSum = step.op == Step.Op.ADD;
        for (int i = isSum ? 0 : 1; i < 2; i++) {
            Step product = step.operand(i);
            if (product.op == Step.Op.MULTIPLY && uses.getOrDefault(product, 0) == 1) {
                Step a = now(now, product.operand(0));
                Step b = now(now, product.operand(1));
                Step rest = now(now, step.operand(1 - i));
                if (isSum) {
                    return fma(a, b, rest);
                }
                return b.isNumber() ? fma(a, number(-b.k), rest) : fma(negate(a), b, rest);
            }
        }
        return null;
    }
}
