package io.github.dl4jx.catalogue;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A named parameter of a catalogue entry: what a user writes between the parentheses of
 * {@code swish(beta=1.5)}.
 *
 * @param name the name, lower case
 * @param defaultValue the value that holds when the user names none, as the user would write it
 * @param choices the valid words, or empty for a number
 * @param range the valid values in words, as help text prints them; the constructor that takes the value enforces
 *     them
 */
public record Parameter(String name, String defaultValue, List<String> choices, String range) {

    public Parameter {
        choices = List.copyOf(choices);
    }

    /**
     * A number, or where {@link Arguments#numbers} reads it several with spaces between; {@code range} is its help text,
     * such as {@code "> 0"}.
     */
    public static Parameter number(String name, double defaultValue, String range) {
        return new Parameter(name, Double.toString(defaultValue), List.of(), range);
    }

    /** One of the constants of an enum, written in lower case. */
    public static <E extends Enum<E>> Parameter choice(String name, E defaultValue) {
        List<String> words = Stream.of(defaultValue.getDeclaringClass().getEnumConstants())
                .map(Parameter::word)
                .toList();
        return new Parameter(name, word(defaultValue), words, String.join(" | ", words));
    }

    /** How an enum constant is written in a specification: lower case. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** A valid value as {@link #defaultValue} would be written: 1.50 is 1.5. */
    String canonical(String value) {
        return choices.isEmpty()
                ? Stream.of(value.split(" +"))
                        .map(number -> Double.toString(Double.parseDouble(number)))
                        .collect(Collectors.joining(" "))
                : value;
    }

    /** How help text shows it: {@code beta=1.0 (> 0)}. */
    @Override
    public String toString() {
        return name + "=" + defaultValue + " (" + range + ")";
    }
}
