package io.github.dl4jx.examples.plot;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.examples.OptionList;
import io.github.dl4jx.examples.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws activations and their derivatives. */
@Command(
        name = "plot",
        description = "Draws activations and their derivatives: a picture each, and gallery.png with all of them.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PlotCommand implements Runnable {
    /** Beyond it, the length of an axis would overflow. */
    private static final double FAR = 1e300;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--activations",
            paramLabel = "LIST",
            defaultValue = "all",
            description = "Names with parameters where wanted, or 'all'; './dl4jx list' shows them."
                    + " Default: ${DEFAULT-VALUE}.")
    private String activations = "";

    @Option(
            names = "--from",
            paramLabel = "X",
            defaultValue = "-8",
            description = "Where the x axis begins. Default: ${DEFAULT-VALUE}.")
    private double from;

    @Option(
            names = "--to",
            paramLabel = "X",
            defaultValue = "8",
            description = "Where the x axis ends. Default: ${DEFAULT-VALUE}.")
    private double to;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "results/plots",
            description = "Where the pictures go. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("");

    @Override
    public void run() {
        List<String> specifications =
                OptionList.parse("--activations", activations, Activations.names(), Activations::get, "or all").stream()
                        .map(Activations::canonical)
                        .distinct()
                        .toList();
        requireWithin("--from", from);
        requireWithin("--to", to);
        if (from >= to) {
            throw new UsageException("--from is " + from + "; valid: below --to, which is " + to);
        }
        draw(specifications, from, to, out);
        PrintWriter terminal = Objects.requireNonNull(spec).commandLine().getOut();
        terminal.println(out + ": " + ActivationPlots.GALLERY + " and "
                + String.join(
                        ", ",
                        specifications.stream().map(ActivationPlots::fileName).toList()));
        terminal.flush();
    }

    private static void requireWithin(String option, double value) {
        if (!(Math.abs(value) <= FAR)) {
            throw new UsageException(option + " is " + value + "; valid: a number from " + -FAR + " to " + FAR);
        }
    }

    private static void draw(List<String> specifications, double from, double to, Path out) {
        try {
            new ActivationPlots(specifications, from, to).write(out);
        } catch (IOException e) {
            throw new UsageException("--out " + out + " cannot be used (" + e + ")", e);
        }
    }
}
