package io.github.dl4jx.activations.formula;

/** One operation of a processor, or a few, on lanes or in a loop: what the compilers emit. {@link Steps} makes them. */
final class Step {
    enum Op {
        X,
        /** The upstream gradient. */
        G,
        NUMBER,
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        FMA,
        NEGATE,
        ABS,
        ROOT,
        /** With the number k. */
        MIN,
        /** With the number k. */
        MAX,
        /** To [k, high], where k ≤ 0 &lt; high. */
        CLAMP,
        /** min(|a|, k), where k &gt; 0. */
        MAGNITUDE,
        LESSER,
        GREATER,
        /** The second operand where the first is &gt; k, else the third. */
        WHERE_ABOVE,
        /** The second operand where the first is &lt; k, else the third. */
        WHERE_BELOW,
        ONE_UNLESS_NEGATIVE,
        COPY_SIGN,
        POWER_OF_2
    }

    final Op op;
    final double k;
    final double high;
    final Step[] operands;

    Step(Op op, double k, double high, Step... operands) {
        this.op = op;
        this.k = k;
        this.high = high;
        this.operands = operands;
    }

    Step operand(int i) {
        return operands[i];
    }

    boolean isNumber() {
        return op == Op.NUMBER;
    }

    boolean is(double value) {
        return isNumber() && k == value;
    }

    /** Whether it costs nothing to have it again in another loop. */
    boolean isFree() {
        return op == Op.X || op == Op.G || op == Op.NUMBER;
    }

    boolean isSelection() {
        return op == Op.WHERE_ABOVE || op == Op.WHERE_BELOW;
    }

    /** Whether it can turn NaN into a number, which costs less than to keep it. */
    boolean isBound() {
        return op == Op.MIN || op == Op.MAX || op == Op.CLAMP || op == Op.MAGNITUDE;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(op.name());
        for (int i = 0; i < operands.length; i++) {
            text.append(i == 0 ? "(" : ", ").append(operands[i]);
        }
        return text.append(operands.length > 0 ? ";" : " ")
                .append(k)
                .append(operands.length > 0 ? ")" : "")
                .toString();
    }
}
