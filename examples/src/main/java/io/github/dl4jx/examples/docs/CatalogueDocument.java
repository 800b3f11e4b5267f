package io.github.dl4jx.examples.docs;

import static io.github.dl4jx.examples.docs.Markdown.cell;
import static io.github.dl4jx.examples.docs.Markdown.code;
import static io.github.dl4jx.examples.docs.Markdown.item;
import static io.github.dl4jx.examples.docs.Markdown.lookup;
import static io.github.dl4jx.examples.docs.Markdown.source;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.layer.ActivationLayers;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.examples.plot.ActivationPlots;
import java.util.List;
import java.util.stream.Collectors;

/** docs/activations.md: all that the catalogue says, in Markdown. */
final class CatalogueDocument {
    /** The file, in the folder of documents. */
    static final String FILE = "activations.md";

    /** Its pictures, in the same folder. */
    static final String PICTURES = "activations";

    private static final List<Section> SECTIONS = List.of(
            new Section("Activations", "Activations.get", builtIn(Activations.entries()), true),
            new Section("Layers", "ActivationLayers.get", ActivationLayers.entries(), false));

    private static final String HEAD = """
            # The catalogue

            <!-- Written by ./dl4jx docs; change the entries in the source, or the text in CatalogueDocument.java. -->

            All functions of `dl4j-activations`. Get one by its name, an alias, or its class; parameters go in parentheses, and
            those left out keep their defaults:

            ```java
            IActivation swish = Activations.get("swish");
            IActivation steep = Activations.get("swish(beta=1.5)");   // or new Swish(1.5)
            ```

            Those that learn, draw or change the number of channels are layers, behind one with identity activation:

            ```java
            .layer(new ConvolutionLayer.Builder(3, 3).nOut(32).activation(Activation.IDENTITY).build())
            .layer(ActivationLayers.get("prelu(sharing=channel)"))    // or new PReLU.Builder().build()
            ```

            A name or parameter that does not exist gets an exception that lists those that do. The command line takes the
            same names: `./dl4jx cifar10 --activations "relu,swish(beta=1.5)"`.

            Each picture shows what the class itself computes, f by a solid line and f′ by a dashed one; where f′ jumps, the dot
            is its value at the kink. `./dl4jx plot` draws others, of any parameters and range. Softmax and ABReLU do not map
            each x by itself, and their pictures say what they show.

            This page is made from the entries that also feed the lookup, `./dl4jx list` and the tests, and a test fails when it
            is not up to date ([how it is made](../CONTRIBUTING.md)). What two lectures say otherwise is in the
            [errata](errata.md).

            """;

    /** A part of the catalogue; {@code lookup} is the method that takes its names. */
    private record Section(String title, String lookup, List<? extends Entry<?>> entries, boolean plotted) {}

    private CatalogueDocument() {}

    /** Without those that providers have added: this is the pack's page. */
    private static <T> List<Entry<T>> builtIn(List<Entry<T>> entries) {
        return entries.stream()
                .filter(entry -> entry.type().getName().startsWith("io.github.dl4jx.activations."))
                .toList();
    }

    /** The names of the activations on the page. */
    static List<String> activations() {
        return builtIn(Activations.entries()).stream().map(Entry::name).toList();
    }

    static String text() {
        StringBuilder text = new StringBuilder(HEAD);
        text.append("![all activations](")
                .append(PICTURES)
                .append('/')
                .append(ActivationPlots.GALLERY)
                .append(")\n");
        SECTIONS.forEach(section -> append(text, section));
        return text.toString();
    }

    private static void append(StringBuilder text, Section section) {
        text.append("\n## ").append(section.title()).append("\n\n| name | f(x) | range |\n|---|---|---|\n");
        for (Entry<?> entry : section.entries()) {
            text.append("| [%s](#%s) | %s | %s |\n"
                    .formatted(entry.name(), entry.name(), cell(entry.formula()), cell(entry.range())));
        }
        section.entries().forEach(entry -> append(text, section, entry));
    }

    private static void append(StringBuilder text, Section section, Entry<?> entry) {
        text.append("\n### ").append(entry.name()).append("\n\n");
        if (section.plotted()) {
            text.append("![%s and its derivative](%s/%s)\n\n"
                    .formatted(entry.name(), PICTURES, ActivationPlots.fileName(entry.name())));
        }
        lookup(text, section.lookup(), entry);
        item(text, "f(x)", code(entry.formula()));
        item(text, "f′(x)", code(entry.derivative()));
        item(text, "range", code(entry.range()));
        item(
                text,
                "kinks",
                entry.kinks().stream().map(CatalogueDocument::number).collect(Collectors.joining(", ")));
        item(text, "source", source(entry.source()));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
