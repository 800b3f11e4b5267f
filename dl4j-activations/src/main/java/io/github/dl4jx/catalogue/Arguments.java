package io.github.dl4jx.catalogue;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The values that a specification such as {@code swish(beta=1.5)} gives to an entry's parameters, defaults filled in. */
public final class Arguments {
    private final String owner;
    private final Map<String, String> values = new LinkedHashMap<>();

    /** The defaults of {@code parameters}, overridden by {@code given}, each checked. */
    Arguments(String owner, Iterable<Parameter> parameters, Map<String, String> given) {
        this.owner = owner;
        for (Parameter parameter : parameters) {
            String value = given.getOrDefault(parameter.name(), parameter.defaultValue());
            if (!parameter.choices().isEmpty() && !parameter.choices().contains(value)) {
                throw invalid(parameter.name(), value, parameter.range());
            }
            values.put(parameter.name(), value);
        }
    }

    /** The value of a numeric parameter. */
    public double number(String name) {
        return number(name, text(name), "a number");
    }

    /** The values of a parameter that takes numbers with spaces between. */
    public double[] numbers(String name) {
        return Stream.of(text(name).split(" +"))
                .mapToDouble(value -> number(name, value, "numbers with spaces between"))
                .toArray();
    }

    private double number(String name, String value, String valid) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw invalid(name, value, valid);
        }
    }

    /** The value of a choice, as the enum constant it names. */
    public <E extends Enum<E>> E choice(String name, Class<E> type) {
        return Enum.valueOf(type, text(name).toUpperCase(Locale.ROOT));
    }

    private String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException(owner + " declares no parameter '" + name + "'");
        }
        return value;
    }

    private IllegalArgumentException invalid(String name, String value, String valid) {
        return new IllegalArgumentException(
                "parameter '" + name + "' of " + owner + " is '" + value + "'; valid: " + valid);
    }
}
