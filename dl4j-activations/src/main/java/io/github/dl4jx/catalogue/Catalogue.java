package io.github.dl4jx.catalogue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entries by name. A specification is a name or alias, with parameters in parentheses where wanted:
 * {@code mish}, {@code swish(beta=1.5)}, {@code he(distribution=uniform, fan=out)}. Case does not matter.
 *
 * @param <T> what the entries make
 */
public final class Catalogue<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    private final String kind;
    private final Map<String, Entry<T>> byName = new TreeMap<>();
    private final Map<String, Entry<T>> byAnyName = new LinkedHashMap<>();

    /**
     * @param kind what an entry is, for error messages: "activation"
     * @throws IllegalStateException if two entries share a name or alias
     */
    public Catalogue(String kind, Collection<Entry<T>> entries) {
        this.kind = kind;
        for (Entry<T> entry : entries) {
            byName.put(entry.name(), entry);
            register(entry.name(), entry);
            entry.aliases().forEach(alias -> register(alias, entry));
        }
    }

    /**
     * This catalogue with the entries that providers on the class path add. A provider that cannot be used, or whose
     * names are taken, is left out with a warning: it must not take the other entries with it.
     *
     * @param entries what a provider provides
     */
    public <P> Catalogue<T> plus(ServiceLoader<P> providers, Function<P, Collection<Entry<T>>> entries) {
        Catalogue<T> all = this;
        Iterator<P> rest = providers.iterator();
        while (true) {
            try {
                if (!rest.hasNext()) {
                    return all;
                }
                Collection<Entry<T>> known = new ArrayList<>(all.entries());
                known.addAll(entries.apply(rest.next()));
                all = new Catalogue<>(kind, known);
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                LOG.warn("a provider of {}s is left out: {}", kind, e.toString());
            }
        }
    }

    private void register(String name, Entry<T> entry) {
        Entry<T> other = byAnyName.put(name, entry);
        if (other != null) {
            throw new IllegalStateException(kind + " name '" + name + "' is taken twice");
        }
    }

    /** The canonical names, sorted. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** The entries, sorted by name. */
    public List<Entry<T>> entries() {
        return List.copyOf(byName.values());
    }

    /**
     * Whether a specification names an entry; its parameters are not looked at.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    public boolean contains(String specification) {
        return byAnyName.containsKey(Specification.parse(kind, specification).name());
    }

    /**
     * The entry that a specification names; its parameters are not looked at.
     *
     * @throws IllegalArgumentException if the name is unknown, listing the valid ones
     */
    public Entry<T> entry(String specification) {
        return find(Specification.parse(kind, specification));
    }

    /**
     * Makes what a specification names.
     *
     * @throws IllegalArgumentException if the name, a parameter or a value is not valid, listing what is
     */
    public T get(String specification) {
        Specification parsed = Specification.parse(kind, specification);
        return find(parsed).create(parsed.arguments());
    }

    /**
     * The shortest specification that makes the same: the canonical name, with the parameters alone that differ from
     * their defaults.
     *
     * @throws IllegalArgumentException as {@link #get} does
     */
    public String canonical(String specification) {
        Specification parsed = Specification.parse(kind, specification);
        Entry<T> entry = find(parsed);
        entry.create(parsed.arguments());
        StringJoiner arguments = new StringJoiner(", ", entry.name() + "(", ")").setEmptyValue(entry.name());
        for (Parameter parameter : entry.parameters()) {
            String value =
                    parameter.canonical(parsed.arguments().getOrDefault(parameter.name(), parameter.defaultValue()));
            if (!value.equals(parameter.defaultValue())) {
                arguments.add(parameter.name() + "=" + value);
            }
        }
        return arguments.toString();
    }

    private Entry<T> find(Specification parsed) {
        Entry<T> entry = byAnyName.get(parsed.name());
        if (entry == null) {
            throw new IllegalArgumentException(
                    "unknown " + kind + " '" + parsed.name() + "'; valid: " + String.join(", ", byName.keySet()));
        }
        return entry;
    }

    private record Specification(String name, Map<String, String> arguments) {

        static Specification parse(String kind, String text) {
            String all = text.strip().toLowerCase(Locale.ROOT);
            int open = all.indexOf('(');
            if (open < 0) {
                return new Specification(all, Map.of());
            }
            if (!all.endsWith(")")) {
                throw malformed(kind, text);
            }
            Map<String, String> arguments = new LinkedHashMap<>();
            String inside = all.substring(open + 1, all.length() - 1).strip();
            for (String pair : inside.isEmpty() ? new String[0] : inside.split(",", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 0) {
                    throw malformed(kind, text);
                }
                String key = pair.substring(0, equals).strip();
                if (arguments.put(key, pair.substring(equals + 1).strip()) != null) {
                    throw new IllegalArgumentException(
                            kind + " '" + text + "' sets parameter '" + key + "' twice; valid: once");
                }
            }
            return new Specification(all.substring(0, open).strip(), arguments);
        }

        private static IllegalArgumentException malformed(String kind, String text) {
            return new IllegalArgumentException(
                    kind + " '" + text + "' is not of the form name or name(parameter=value, ...)");
        }
    }
}
