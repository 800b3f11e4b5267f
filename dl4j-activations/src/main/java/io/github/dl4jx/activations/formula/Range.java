package io.github.dl4jx.activations.formula;

/** An interval that holds all values of a formula, so that the compilers guard against no argument that cannot be. */
record Range(double low, double high) {
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final Range ALL = new Range(-INFINITY, INFINITY);
    private static final Range UNIT = new Range(0, 1);

    static Range of(Formula f) {
        Range a = f.operands.length > 0 ? f.first().range() : ALL;
        Range b = f.operands.length > 1 ? f.second().range() : ALL;
        return switch (f.op) {
            case VARIABLE -> ALL;
            case NUMBER -> new Range(f.number, f.number);
            case NEGATE -> a.negate();
            case PLUS -> a.plus(b);
            case MINUS -> a.plus(b.negate());
            case TIMES -> f.first().equals(f.second()) ? a.square() : a.times(b);
            case OVER -> b.low > 0 || b.high < 0 ? a.times(new Range(1 / b.high, 1 / b.low)) : ALL;
            case ABS -> new Range(Math.max(0, Math.max(a.low, -a.high)), a.largest());
            case SQRT -> new Range(0, Math.sqrt(Math.max(0, a.high)));
            case MIN -> new Range(Math.min(a.low, b.low), Math.min(a.high, b.high));
            case MAX -> new Range(Math.max(a.low, b.low), Math.max(a.high, b.high));
            case CLAMP -> a.within(f.number, f.high);
            case SELECT -> {
                Range c = f.operands[2].range();
                yield new Range(Math.min(b.low, c.low), Math.max(b.high, c.high));
            }
            case EXP -> new Range(Math.exp(a.low), Math.exp(a.high));
            case EXPM1 -> new Range(Math.expm1(a.low), Math.expm1(a.high));
            case LOG1P -> new Range(a.low > -1 ? Math.log1p(a.low) : -INFINITY, Math.log1p(Math.max(a.high, -1)));
            case SOFTPLUS -> new Range(0, Math.max(0, a.high) + 1);
            case TANH, ERF -> new Range(a.low >= 0 ? 0 : -1, a.high <= 0 ? 0 : 1);
            case SIGMOID_SLOPE -> new Range(0, 0.25);
            case SIGMOID, GATE, GATE_SLOPE, NORMAL_CDF, GAUSSIAN -> UNIT;
        };
    }

    boolean isBounded() {
        return largest() < 1e30;
    }

    private double largest() {
        return Math.max(Math.abs(low), Math.abs(high));
    }

    private Range negate() {
        return new Range(-high, -low);
    }

    private Range within(double least, double most) {
        return new Range(Math.min(Math.max(low, least), most), Math.min(Math.max(high, least), most));
    }

    private Range plus(Range b) {
        double least = low + b.low;
        double most = high + b.high;
        return new Range(Double.isNaN(least) ? -INFINITY : least, Double.isNaN(most) ? INFINITY : most);
    }

    private Range square() {
        double least = low > 0 || high < 0 ? Math.min(Math.abs(low), Math.abs(high)) : 0;
        return new Range(least * least, largest() * largest());
    }

    private Range times(Range b) {
        double[] corners = {product(low, b.low), product(low, b.high), product(high, b.low), product(high, b.high)};
        Range result = new Range(corners[0], corners[0]);
        for (double corner : corners) {
            result = new Range(Math.min(result.low, corner), Math.max(result.high, corner));
        }
        return result;
    }

    private static double product(double x, double y) {
        return x == 0 || y == 0 ? 0 : x * y;
    }
}
