package io.github.dl4jx.activations.formula;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function of x, written once. From it follow its derivative, its value at a point, its text, and loops over arrays as
 * fast as hand-written ones.
 *
 * <pre>{@code
 * Formula mish = x.times(tanh(softplus(x)));
 * mish.derivative();   // x*gate'(x) + gate(x)
 * }</pre>
 *
 * <p>A formula is immutable, and equal to another that is written alike. NaN stays NaN. Where f(±∞) has a limit that
 * arithmetic misses, as −∞·0 in x·σ(x), the loops give the limit.
 */
public final class Formula {
    enum Op {
        VARIABLE,
        NUMBER,
        NEGATE,
        PLUS,
        MINUS,
        TIMES,
        OVER,
        ABS,
        SQRT,
        MIN,
        MAX,
        CLAMP,
        SELECT,
        EXP,
        EXPM1,
        LOG1P,
        SIGMOID,
        SIGMOID_SLOPE,
        TANH,
        SOFTPLUS,
        GATE,
        GATE_SLOPE,
        ERF,
        NORMAL_CDF,
        GAUSSIAN
    }

    /** The function's argument. */
    public static final Formula X = new Formula(Op.VARIABLE, "x", 0, 0);

    /** The upstream gradient. */
    static final Formula UPSTREAM = new Formula(Op.VARIABLE, "g", 0, 0);

    private static final Formula ZERO = number(0);

    final Op op;
    final Formula[] operands;

    /** Of NUMBER; the lower bound of CLAMP. */
    final double number;

    /** The upper bound of CLAMP. */
    final double high;

    /** Of VARIABLE. */
    final String name;

    private final int hash;
    private @Nullable Range range;

    private Formula(Op op, String name, double number, double high, Formula... operands) {
        this.op = op;
        this.name = name;
        this.number = number;
        this.high = high;
        this.operands = operands;
        int h = Objects.hash(op, name, number, high);
        for (Formula operand : operands) {
            h = 31 * h + operand.hash;
        }
        hash = h;
    }

    private static Formula of(Op op, Formula... operands) {
        return new Formula(op, "", 0, 0, operands);
    }

    /**
     * The same number everywhere.
     *
     * @throws IllegalArgumentException if it is NaN
     */
    public static Formula number(double number) {
        if (Double.isNaN(number)) {
            throw new IllegalArgumentException("number is NaN; valid: any other");
        }
        return new Formula(Op.NUMBER, "", number, 0);
    }

    // arithmetic

    /** this + other. */
    public Formula plus(Formula other) {
        if (isNumber() && other.isNumber()) {
            return number(number + other.number);
        }
        if (is(0) || other.is(0)) {
            return is(0) ? other : this;
        }
        return other.op == Op.NEGATE ? minus(other.first()) : of(Op.PLUS, this, other);
    }

    /** this − other. */
    public Formula minus(Formula other) {
        if (isNumber() && other.isNumber()) {
            return number(number - other.number);
        }
        if (other.is(0)) {
            return this;
        }
        return is(0) ? other.negate() : of(Op.MINUS, this, other);
    }

    /** this·other. */
    public Formula times(Formula other) {
        if (!isNumber()) {
            return other.isNumber() ? other.times(this) : of(Op.TIMES, this, other);
        }
        if (other.isNumber()) {
            return number(number * other.number);
        }
        if (is(0) || is(1)) {
            return is(0) ? this : other;
        }
        if (is(-1) || other.op == Op.NEGATE) {
            return is(-1) ? other.negate() : number(-number).times(other.first());
        }
        if (other.op != Op.TIMES) {
            return of(Op.TIMES, this, other);
        }
        Formula a = other.first();
        Formula b = other.second();
        if (a.isNumber()) {
            return number(number * a.number).times(b);
        }
        if (!other.range().isBounded() && a.range().isBounded() != b.range().isBounded()) {
            // to the bounded factor, so that the product overflows no earlier than it must
            return a.range().isBounded() ? times(a).times(b) : a.times(times(b));
        }
        return of(Op.TIMES, this, other);
    }

    /** this/other. */
    public Formula over(Formula other) {
        if (is(0)) {
            return this;
        }
        return other.isNumber() ? over(other.number) : of(Op.OVER, this, other);
    }

    /** this + value. */
    public Formula plus(double value) {
        return plus(number(value));
    }

    /** this − value. */
    public Formula minus(double value) {
        return minus(number(value));
    }

    /** value·this. */
    public Formula times(double value) {
        return number(value).times(this);
    }

    /** this/value. */
    public Formula over(double value) {
        return isNumber() ? number(number / value) : number(1 / value).times(this);
    }

    /** −this. */
    public Formula negate() {
        if (op == Op.NEGATE) {
            return first();
        }
        if (isNumber()) {
            return number(-number);
        }
        return op == Op.TIMES && first().isNumber() ? number(-first().number).times(second()) : of(Op.NEGATE, this);
    }

    /** this². */
    public Formula square() {
        return times(this);
    }

    /**
     * thisⁿ, by multiplications.
     *
     * @throws IllegalArgumentException if n is negative
     */
    public Formula power(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("n is " + n + "; valid: >= 0");
        }
        if (n < 2) {
            return n == 0 ? number(1) : this;
        }
        Formula half = power(n / 2);
        return n % 2 == 0 ? half.square() : half.square().times(this);
    }

    // pieces

    /** |a|; the derivative at 0 is −a′. */
    public static Formula abs(Formula a) {
        return of(Op.ABS, a.op == Op.NEGATE ? a.first() : a);
    }

    /** The smaller of two; where they are equal, the derivative is that of b. */
    public static Formula min(Formula a, Formula b) {
        return of(Op.MIN, a, b);
    }

    /** The smaller of two; the derivative at a = b is 0. */
    public static Formula min(Formula a, double b) {
        return min(a, number(b));
    }

    /** The larger of two; where they are equal, the derivative is that of b. */
    public static Formula max(Formula a, Formula b) {
        return of(Op.MAX, a, b);
    }

    /** The larger of two; the derivative at a = b is 0. */
    public static Formula max(Formula a, double b) {
        return max(a, number(b));
    }

    /**
     * a confined to [low, high]; the derivative at the bounds is 0.
     *
     * @throws IllegalArgumentException unless low &lt; high
     */
    public static Formula clamp(Formula a, double low, double high) {
        if (!(low < high)) {
            throw new IllegalArgumentException("low is " + low + "; valid: less than high, " + high);
        }
        return new Formula(Op.CLAMP, "", low, high, a);
    }

    /**
     * {@code positive} where {@code where} &gt; 0, {@code otherwise} elsewhere. Derivatives are selected alike: an upstream
     * gradient of NaN or ∞ passes no piece whose derivative is the number 0.
     */
    public static Formula select(Formula where, Formula positive, Formula otherwise) {
        return positive.equals(otherwise) ? positive : of(Op.SELECT, where, positive, otherwise);
    }

    // elementary functions

    /** e^a. */
    public static Formula exp(Formula a) {
        return of(Op.EXP, a);
    }

    /** e^a − 1, without cancellation at 0. */
    public static Formula expm1(Formula a) {
        return of(Op.EXPM1, a);
    }

    /** log(1 + a), without cancellation at 0. */
    public static Formula log1p(Formula a) {
        return of(Op.LOG1P, a);
    }

    /** √a. */
    public static Formula sqrt(Formula a) {
        return of(Op.SQRT, a);
    }

    /** σ(a) = 1/(1 + e^−a). */
    public static Formula sigmoid(Formula a) {
        return of(Op.SIGMOID, a);
    }

    /** σ′(a) = σ(a)·σ(−a), without cancellation. */
    public static Formula sigmoidSlope(Formula a) {
        return of(Op.SIGMOID_SLOPE, a);
    }

    /** tanh a. */
    public static Formula tanh(Formula a) {
        return a.op == Op.SOFTPLUS ? of(Op.GATE, a.first()) : of(Op.TANH, a);
    }

    /** log(1 + e^a), without overflow. */
    public static Formula softplus(Formula a) {
        return of(Op.SOFTPLUS, a);
    }

    /** The error function. */
    public static Formula erf(Formula a) {
        return of(Op.ERF, a);
    }

    /** Φ(a), the distribution function of N(0, 1). */
    public static Formula normalCdf(Formula a) {
        return of(Op.NORMAL_CDF, a);
    }

    /** φ(a) = e^(−a²/2)/√(2π), the density of N(0, 1). */
    public static Formula normalDensity(Formula a) {
        return gaussian(a).times(1 / Math.sqrt(2 * Math.PI));
    }

    /** e^(−a²/2). */
    public static Formula gaussian(Formula a) {
        return of(Op.GAUSSIAN, a.op == Op.NEGATE ? a.first() : a);
    }

    // what follows from it

    /** df/dx, in forms that neither cancel nor overflow where f does not. */
    public Formula derivative() {
        return derivative(X, new HashMap<>());
    }

    /** Each formula once: a derivative repeats much of it. */
    private Formula derivative(Formula variable, Map<Formula, Formula> done) {
        Formula known = done.get(this);
        if (known == null) {
            known = equals(variable) ? number(1) : operands.length == 0 ? ZERO : byRule(variable, done);
            done.put(this, known);
        }
        return known;
    }

    private Formula byRule(Formula variable, Map<Formula, Formula> done) {
        Formula a = first();
        Formula da = a.derivative(variable, done);
        Formula b = operands[operands.length > 1 ? 1 : 0];
        Formula db = b.derivative(variable, done);
        return switch (op) {
            case NEGATE -> da.negate();
            case PLUS -> da.plus(db);
            case MINUS -> da.minus(db);
            case TIMES -> a.equals(b) ? a.times(2).times(da) : da.times(b).plus(a.times(db));
            case OVER -> db.is(0) ? da.over(b) : da.minus(times(db)).over(b);
            case ABS -> select(a, da, da.negate());
            case SQRT -> da.over(times(2));
            case MIN -> select(b.minus(a), da, db);
            case MAX -> select(a.minus(b), da, db);
            case CLAMP -> select(inside(), da, ZERO);
            case SELECT -> select(a, db, operands[2].derivative(variable, done));
            case EXP -> times(da);
            case EXPM1 -> exp(a).times(da);
            case LOG1P -> da.over(a.plus(1));
            case SIGMOID -> sigmoidSlope(a).times(da);
            case SIGMOID_SLOPE -> times(sigmoid(a).times(-2).plus(1)).times(da);
            case TANH -> sigmoidSlope(a.times(2)).times(4).times(da);
            case SOFTPLUS -> sigmoid(a).times(da);
            case GATE -> of(Op.GATE_SLOPE, a).times(da);
            case GATE_SLOPE -> throw new UnsupportedOperationException("the second derivative of tanh(softplus)");
            case ERF ->
                gaussian(a.times(Math.sqrt(2))).times(2 / Math.sqrt(Math.PI)).times(da);
            case NORMAL_CDF -> normalDensity(a).times(da);
            case GAUSSIAN -> a.negate().times(this).times(da);
            case VARIABLE, NUMBER -> throw new AssertionError(op);
        };
    }

    /** Positive where the operand of a CLAMP lies between its bounds; one comparison for both. */
    private Formula inside() {
        Formula a = first();
        return -number == high
                ? number(high).minus(abs(a))
                : a.minus(number).times(number(high).minus(a));
    }

    /** This derivative times the upstream gradient, which nothing enters where the derivative is the number 0. */
    Formula timesUpstream() {
        return passing(UPSTREAM);
    }

    private Formula passing(Formula g) {
        if (op == Op.SELECT && isShutSomewhere()) {
            return select(first(), second().passing(g), operands[2].passing(g));
        }
        if (op == Op.TIMES && (first().isShutSomewhere() || second().isShutSomewhere())) {
            boolean isFirst = first().isShutSomewhere();
            return operands[isFirst ? 0 : 1].passing(operands[isFirst ? 1 : 0].times(g));
        }
        if ((op == Op.PLUS || op == Op.MINUS) && first().isShutSomewhere() && second().isShutSomewhere()) {
            Formula b = second().passing(g);
            return op == Op.PLUS
                    ? first().passing(g).plus(b)
                    : first().passing(g).minus(b);
        }
        return op == Op.NEGATE && isShutSomewhere() ? first().passing(g.negate()) : times(g);
    }

    private boolean isShutSomewhere() {
        return switch (op) {
            case SELECT ->
                second().is(0) || operands[2].is(0) || second().isShutSomewhere() || operands[2].isShutSomewhere();
            case NEGATE -> first().isShutSomewhere();
            case TIMES -> first().isShutSomewhere() || second().isShutSomewhere();
            case PLUS, MINUS -> first().isShutSomewhere() && second().isShutSomewhere();
            default -> false;
        };
    }

    /** The same function of another argument. */
    Formula of(Formula argument) {
        return of(argument, new HashMap<>());
    }

    private Formula of(Formula argument, Map<Formula, Formula> done) {
        if (equals(X)) {
            return argument;
        }
        if (operands.length == 0) {
            return this;
        }
        Formula known = done.get(this);
        if (known == null) {
            Formula[] replaced = new Formula[operands.length];
            for (int i = 0; i < replaced.length; i++) {
                replaced[i] = operands[i].of(argument, done);
            }
            known = new Formula(op, name, number, high, replaced);
            done.put(this, known);
        }
        return known;
    }

    /** f(x), in double precision; at ±∞ what arithmetic makes of it, which may be NaN. */
    public double at(double x) {
        return new Evaluation(this).at(x, Double.NaN);
    }

    // for the compilers

    Formula first() {
        return operands[0];
    }

    Formula second() {
        return operands[1];
    }

    boolean isNumber() {
        return op == Op.NUMBER;
    }

    boolean is(double value) {
        return isNumber() && number == value;
    }

    boolean hasUpstream() {
        return equals(UPSTREAM) || Arrays.stream(operands).anyMatch(Formula::hasUpstream);
    }

    /** Bounds of its values. */
    Range range() {
        Range known = range;
        if (known == null) {
            known = Range.of(this);
            range = known;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || (other instanceof Formula that
                        && that.hash == hash
                        && that.op == op
                        && Double.compare(that.number, number) == 0
                        && that.high == high
                        && that.name.equals(name)
                        && Arrays.equals(that.operands, operands));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The mathematics: {@code x*sigmoid(1.5*x)}. */
    @Override
    public String toString() {
        return Text.of(this);
    }
}
