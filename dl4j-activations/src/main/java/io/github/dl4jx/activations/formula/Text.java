package io.github.dl4jx.activations.formula;

import java.util.Locale;

/** Writes a formula as one line of mathematics, with no more parentheses than needed. */
final class Text {
    private static final int SUM = 0;
    private static final int PRODUCT = 1;
    private static final int SIGNED = 2;
    private static final int ATOM = 3;

    private Text() {}

    static String of(Formula f) {
        return write(f, SUM);
    }

    private static String write(Formula f, int least) {
        String text = plain(f);
        return binding(f) < least ? "(" + text + ")" : text;
    }

    private static int binding(Formula f) {
        return switch (f.op) {
            case PLUS, MINUS -> SUM;
            case TIMES, OVER -> PRODUCT;
            case NEGATE -> SIGNED;
            case NUMBER -> f.number < 0 ? SIGNED : ATOM;
            case GATE_SLOPE, SIGMOID_SLOPE -> PRODUCT;
            default -> ATOM;
        };
    }

    private static String plain(Formula f) {
        return switch (f.op) {
            case VARIABLE -> f.name;
            case NUMBER -> number(f.number);
            case NEGATE -> "-" + write(f.first(), ATOM);
            case PLUS -> write(f.first(), SUM) + " + " + write(f.second(), PRODUCT);
            case MINUS -> write(f.first(), SUM) + " - " + write(f.second(), PRODUCT);
            case TIMES ->
                f.first().equals(f.second())
                        ? write(f.first(), ATOM) + "^2"
                        : write(f.first(), PRODUCT) + "*" + write(f.second(), ATOM);
            case OVER -> write(f.first(), PRODUCT) + "/" + write(f.second(), ATOM);
            case CLAMP -> "clamp(" + of(f.first()) + ", " + number(f.number) + ", " + number(f.high) + ")";
            case SELECT -> "(" + of(f.second()) + " where " + of(f.first()) + " > 0, else " + of(f.operands[2]) + ")";
            case ABS -> "|" + of(f.first()) + "|";
            case MIN, MAX -> call(f) + of(f.first()) + ", " + of(f.second()) + ")";
            case GATE -> "tanh(softplus(" + of(f.first()) + "))";
            case GATE_SLOPE -> "sigmoid(" + of(f.first()) + ")*(1 - tanh(softplus(" + of(f.first()) + "))^2)";
            case SIGMOID_SLOPE ->
                "sigmoid(" + of(f.first()) + ")*sigmoid(" + of(f.first().negate()) + ")";
            case NORMAL_CDF -> "Phi(" + of(f.first()) + ")";
            case GAUSSIAN -> "exp(-" + write(f.first(), ATOM) + "^2/2)";
            case SQRT, EXP, EXPM1, LOG1P, SIGMOID, TANH, SOFTPLUS, ERF -> call(f) + of(f.first()) + ")";
        };
    }

    private static String call(Formula f) {
        return f.op.name().toLowerCase(Locale.ROOT) + "(";
    }

    private static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e9
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
