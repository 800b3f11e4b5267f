package io.github.dl4jx.examples.signal;

import io.github.dl4jx.examples.Conditions;
import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.examples.cifar10.data.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the cases that the documents cite beside the lectures' advice. */
@Command(
        name = "advice",
        description = "Measures the cases that the lectures advise on; docs/initialisers.md cites the figures.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class AdviceCommand implements Runnable {
    private static final String PAGE = "results.md";
    private static final String FIGURES = "advice.csv";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of weights and batch. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "results/signal/advice",
            description = "Where the figures go. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("");

    @Override
    public void run() {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        List<Advice> all;
        try (ProgressBar bar = new Progress(commandLine.getErr()).bar("measuring", 0, Advice.cases(), "cases", 1)) {
            all = Advice.measure(seed, bar::step);
        }
        String table = table(all);
        String command = SignalCommand.typed(commandLine);
        String page = "# The lectures' advice, measured\n\nCommand: `" + command + "`\n\n- measured on "
                + Conditions.line() + "\n- layers of " + Advice.WIDTH + " units, N(0, 1) examples, seed " + seed
                + "; std, spread, saturated and distinct units of the last layer; the gradient at the input, where one of"
                + " N(0, 1) comes to the last layer\n\n" + table;
        try {
            WholeFile.write(out.resolve(FIGURES), path -> Advice.write(path, all));
            WholeFile.write(out.resolve(PAGE), path -> Files.writeString(path, page));
        } catch (IOException e) {
            throw new UsageException("--out " + out + " cannot be used (" + e + ")", e);
        }
        PrintWriter terminal = commandLine.getOut();
        terminal.println(table);
        terminal.println("results: " + out + " (" + PAGE + ", " + FIGURES + ")");
        terminal.flush();
    }

    private static String table(List<Advice> all) {
        StringBuilder table = new StringBuilder();
        row(table, "case", "activation", "initialiser", "depth", "std", "spread", "saturated", "gradient", "units");
        row(table, "---", "---", "---", "---:", "---:", "---:", "---:", "---:", "---:");
        for (Advice one : all) {
            row(
                    table,
                    one.id(),
                    one.activation(),
                    one.initializer(),
                    String.valueOf(one.depth()),
                    number(one.std()),
                    number(one.spread()),
                    Double.isNaN(one.saturated()) ? "" : String.format(Locale.ROOT, "%.3f", one.saturated()),
                    number(one.gradient()),
                    String.valueOf(one.distinctUnits()));
        }
        return table.toString();
    }

    private static void row(StringBuilder table, Object... cells) {
        table.append(
                String.format(Locale.ROOT, "| %-14s | %-10s | %-21s | %5s | %8s | %8s | %9s | %8s | %5s |\n", cells));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2e", value);
    }
}
