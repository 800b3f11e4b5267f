package io.github.dl4jx.examples;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.layer.ActivationLayers;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.data.DataInitializers;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints both catalogues. */
@Command(
        name = "list",
        description = "Lists the activations and initialisers with formula, derivative, parameters and source.",
        mixinStandardHelpOptions = true)
public final class ListCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        print(out, "Activations", Activations.entries());
        print(out, "Activations that are layers", ActivationLayers.entries());
        print(out, "Initialisers", Initializers.entries());
        print(out, "Initialisers from data", DataInitializers.entries());
        out.flush();
    }

    private static void print(PrintWriter out, String title, List<? extends Entry<?>> entries) {
        out.println(title);
        out.println();
        for (Entry<?> entry : entries) {
            out.printf("  %-16s %s%n", entry.name(), entry.formula());
            detail(out, "derivative", entry.derivative());
            detail(out, "range", entry.range());
            detail(
                    out,
                    "parameters",
                    entry.parameters().stream().map(Parameter::toString).collect(Collectors.joining(", ")));
            detail(out, "also", String.join(", ", entry.aliases()));
            detail(out, "source", entry.source());
        }
        out.println();
    }

    private static void detail(PrintWriter out, String what, String text) {
        if (!text.isEmpty()) {
            out.printf("  %-16s   %-10s %s%n", "", what, text);
        }
    }
}
