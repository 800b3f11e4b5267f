package io.github.dl4jx.catalogue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a catalogue knows of one function: everything that lookup, help text, documentation, plots and tests ask for.
 *
 * <pre>{@code
 * Entry<IActivation> entry = Entry.<IActivation>of("elu", ELU.class, a -> new ELU(a.number("alpha")))
 *         .parameter(Parameter.number("alpha", 1, "> 0"))
 *         .formula("x for x > 0, else alpha*(exp(x) - 1)")
 *         .derivative("1 for x > 0, else alpha*exp(x); alpha at 0")
 *         .range("(-alpha, inf)")
 *         .kinks(0)
 *         .source("Clevert et al. 2015, arXiv:1511.07289")
 *         .build();
 * }</pre>
 *
 * @param <T> what the entry makes
 */
public final class Entry<T> {
    private final String name;
    private final Class<? extends T> type;
    private final Function<Arguments, ? extends T> factory;
    private final List<String> aliases;
    private final List<Parameter> parameters;
    private final List<Double> kinks;
    private final String formula;
    private final String derivative;
    private final String range;
    private final String source;
    private final String use;
    private final String otherwise;

    private Entry(Builder<T> builder) {
        requireName(builder.name);
        builder.aliases.forEach(Entry::requireName);
        this.name = builder.name;
        this.type = builder.type;
        this.factory = builder.factory;
        this.aliases = List.copyOf(builder.aliases);
        this.parameters = List.copyOf(builder.parameters);
        this.kinks = List.copyOf(builder.kinks);
        this.formula = builder.formula;
        this.derivative = builder.derivative;
        this.range = builder.range;
        this.source = builder.source;
        this.use = builder.use;
        this.otherwise = builder.otherwise;
    }

    private static void requireName(String name) {
        if (!name.matches("[a-z0-9][a-z0-9_.-]*")) {
            throw new IllegalArgumentException("name is '" + name
                    + "'; valid: lower-case letters, digits, '-', '_' and '.', a letter or digit first");
        }
    }

    /**
     * Begins an entry.
     *
     * @param name the canonical name, lower case
     * @param type the class that the entry makes
     * @param factory makes an instance from checked arguments
     */
    public static <T> Builder<T> of(String name, Class<? extends T> type, Function<Arguments, ? extends T> factory) {
        return new Builder<>(name, type, factory);
    }

    /** The canonical name. */
    public String name() {
        return name;
    }

    /** The class that the entry makes. */
    public Class<? extends T> type() {
        return type;
    }

    /** Other names that find it. */
    public List<String> aliases() {
        return aliases;
    }

    /** What a user may set. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** Where the function or its derivative is not smooth. */
    public List<Double> kinks() {
        return kinks;
    }

    /** The definition on one line. */
    public String formula() {
        return formula;
    }

    /** The derivative on one line, with its value at the kinks; empty for what has none. */
    public String derivative() {
        return derivative;
    }

    /** The set of values; empty where it says nothing. */
    public String range() {
        return range;
    }

    /** The paper. */
    public String source() {
        return source;
    }

    /** When to use it; empty where it goes without saying. */
    public String use() {
        return use;
    }

    /** What goes wrong where it is used otherwise, or another is used in its place; empty where nothing is said. */
    public String otherwise() {
        return otherwise;
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

    @Override
    public String toString() {
        return name;
    }

    /** Collects what an entry says. */
    public static final class Builder<T> {
        private final String name;
        private final Class<? extends T> type;
        private final Function<Arguments, ? extends T> factory;
        private final List<Parameter> parameters = new ArrayList<>();
        private List<String> aliases = List.of();
        private List<Double> kinks = List.of();
        private String formula = "";
        private String derivative = "";
        private String range = "";
        private String source = "";
        private String use = "";
        private String otherwise = "";

        private Builder(String name, Class<? extends T> type, Function<Arguments, ? extends T> factory) {
            this.name = name;
            this.type = type;
            this.factory = factory;
        }

        /** Other names that find it, lower case. */
        public Builder<T> aliases(String... names) {
            aliases = List.of(names);
            return this;
        }

        /** One more thing that a user may set. */
        public Builder<T> parameter(Parameter parameter) {
            parameters.add(parameter);
            return this;
        }

        /** Where the function or its derivative is not smooth. */
        public Builder<T> kinks(double... points) {
            kinks = Arrays.stream(points).boxed().toList();
            return this;
        }

        /** The definition on one line. */
        public Builder<T> formula(String text) {
            formula = text;
            return this;
        }

        /** The derivative on one line, with its value at the kinks. */
        public Builder<T> derivative(String text) {
            derivative = text;
            return this;
        }

        /** The set of values. */
        public Builder<T> range(String text) {
            range = text;
            return this;
        }

        /** The paper. */
        public Builder<T> source(String text) {
            source = text;
            return this;
        }

        /** When to use it. */
        public Builder<T> use(String text) {
            use = text;
            return this;
        }

        /** What goes wrong otherwise. */
        public Builder<T> otherwise(String text) {
            otherwise = text;
            return this;
        }

        /**
         * The entry.
         *
         * @throws IllegalArgumentException if its name or an alias could not be looked up
         */
        public Entry<T> build() {
            return new Entry<>(this);
        }
    }
}
