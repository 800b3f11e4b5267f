package io.github.dl4jx.catalogue;

import org.jspecify.annotations.Nullable;

/** Checks of arguments. Each returns its value, or throws an exception that names argument, value and valid range. */
public final class Require {
    private Require() {}

    /** Finite and above zero. */
    public static double positive(String name, double value) {
        return check(name, value, value > 0 && Double.isFinite(value), "a finite number > 0");
    }

    /** Finite and not below zero. */
    public static double notNegative(String name, double value) {
        return check(name, value, value >= 0 && Double.isFinite(value), "a finite number >= 0");
    }

    /** Finite. */
    public static double finite(String name, double value) {
        return check(name, value, Double.isFinite(value), "a finite number");
    }

    /** At least {@code low} and below {@code high}. */
    public static double halfOpen(String name, double value, double low, double high) {
        return check(name, value, value >= low && value < high, "[" + low + ", " + high + ")");
    }

    /** Above {@code low} and at most {@code high}. */
    public static double halfOpenAbove(String name, double value, double low, double high) {
        return check(name, value, value > low && value <= high, "(" + low + ", " + high + "]");
    }

    /** At least {@code low} and at most {@code high}. */
    public static double closed(String name, double value, double low, double high) {
        return check(name, value, value >= low && value <= high, "[" + low + ", " + high + "]");
    }

    /** Not null. */
    public static <T> T given(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is null; valid: a value");
        }
        return value;
    }

    private static double check(String name, double value, boolean valid, String range) {
        if (!valid) {
            throw new IllegalArgumentException(name + " is " + value + "; valid: " + range);
        }
        return value;
    }
}
