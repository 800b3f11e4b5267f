package io.github.dl4jx.catalogue;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a catalogue knows of one function: everything that lookup, help text, documentation and tests ask for.
 *
 * @param <T> what the entry makes
 * @param name the canonical name, lower case
 * @param type the class that the entry makes
 * @param aliases other names that find it
 * @param parameters what a user may set
 * @param formula the definition on one line
 * @param source the paper
 * @param factory makes an instance from checked arguments
 */
public record Entry<T>(
        String name,
        Class<? extends T> type,
        List<String> aliases,
        List<Parameter> parameters,
        String formula,
        String source,
        Function<Arguments, ? extends T> factory) {

    public Entry {
        aliases = List.copyOf(aliases);
        parameters = List.copyOf(parameters);
    }

    /** An instance with every parameter at its default. */
    public T create() {
        return create(Map.of());
    }

    T create(Map<String, String> given) {
        Collection<String> known = parameters.stream().map(Parameter::name).toList();
        for (String key : given.keySet()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException("'" + name + "' has no parameter '" + key + "'; valid: "
                        + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
        }
        return factory.apply(new Arguments("'" + name + "'", parameters, given));
    }
}
