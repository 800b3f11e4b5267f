package io.github.dl4jx.examples.docs;

import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import java.util.stream.Collectors;

/** What the pages of the catalogues have in common. */
final class Markdown {
    private Markdown() {}

    /** How to get what an entry makes. */
    static void lookup(StringBuilder text, String lookup, Entry<?> entry) {
        item(text, "get", code(lookup + "(\"" + entry.name() + "\")") + also(entry));
        item(text, "class", type(entry.type()));
        for (Parameter parameter : entry.parameters()) {
            item(
                    text,
                    "parameter",
                    "%s, default %s, valid: %s"
                            .formatted(
                                    code(parameter.name()), code(parameter.defaultValue()), code(parameter.range())));
        }
    }

    /** Nothing where the entry says nothing. */
    static void item(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append("- ").append(name).append(": ").append(value).append('\n');
        }
    }

    private static String also(Entry<?> entry) {
        return entry.aliases().isEmpty()
                ? ""
                : entry.aliases().stream().map(Markdown::code).collect(Collectors.joining(", ", ", also ", ""));
    }

    /** With a link to its source. */
    private static String type(Class<?> type) {
        String module = type.getName().startsWith("io.github.dl4jx.init.") ? "dl4j-init" : "dl4j-activations";
        String file = "../" + module + "/src/main/java/" + type.getName().replace('.', '/') + ".java";
        return "[%s](%s)".formatted(type.getSimpleName(), file);
    }

    static String source(String source) {
        return source.replaceAll("arXiv:(\\d{4}\\.\\d{4,5})", "[arXiv:$1](https://arxiv.org/abs/$1)");
    }

    static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    /** Code in a table, where a bar would end the cell. */
    static String cell(String text) {
        return code(text.replace("|", "\\|"));
    }
}
