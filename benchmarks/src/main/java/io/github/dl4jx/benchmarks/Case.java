package io.github.dl4jx.benchmarks;

/**
 * What is timed.
 *
 * @param subject the specification of an activation or initialiser, or the name of what they are compared with
 * @param part which part of it: {@code forward}, {@code backward}; or all of it: {@code fill}, {@code step}
 * @param size how many elements, weights or images
 */
public record Case(String subject, String part, int size) {
    /** The value of an activation. */
    public static final String FORWARD = "forward";

    /** Its derivative times the upstream gradient. */
    public static final String BACKWARD = "backward";
}
