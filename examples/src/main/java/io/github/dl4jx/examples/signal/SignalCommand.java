package io.github.dl4jx.examples.signal;

import io.github.dl4jx.examples.Conditions;
import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.examples.cifar10.data.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Repeats the lecture's tables of means and standard deviations; its subcommands measure any network. */
@Command(
        name = "signal",
        description = "Repeats a lecture's five tables of the signal in deep networks and judges them; the subcommands"
                + " measure other networks.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {NetworkCommand.class, HeatMapCommand.class, AdviceCommand.class})
public final class SignalCommand implements Callable<Integer> {
    private static final int MOST_DRAWS = 100_000;
    private static final String PAGE = "results.md";
    private static final String FIGURES = "tables.csv";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--draws",
            paramLabel = "N",
            defaultValue = "200",
            description = "Independent repetitions of each table, at least " + Verdict.LEAST_DRAWS
                    + ". Default: ${DEFAULT-VALUE}, about two minutes.")
    private int draws;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of input and weights. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "results/signal/tables",
            description = "Where tables and pictures go. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("");

    @Override
    public Integer call() {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        require("--draws", draws, Verdict.LEAST_DRAWS, MOST_DRAWS);
        PrintWriter terminal = commandLine.getOut();
        List<LectureTable> tables = tables(new Progress(commandLine.getErr()));
        tables.forEach(table -> terminal.println(table.text()));
        boolean hold = tables.stream().allMatch(LectureTable::holds);
        terminal.println(hold ? "All five tables hold." : "Not all tables hold.");
        try {
            write(tables, typed(commandLine));
        } catch (IOException e) {
            throw new UsageException("--out " + out + " cannot be used (" + e + ")", e);
        }
        terminal.println("results: " + out + " (" + PAGE + ", " + FIGURES + ", table-1.png to table-5.png)");
        terminal.flush();
        return hold ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** The command as the user typed it, to stand beside the figures. */
    static String typed(CommandLine commandLine) {
        return "./dl4jx " + String.join(" ", commandLine.getParseResult().originalArgs());
    }

    /** Checks a whole number. */
    static void require(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new UsageException(option + " is " + value + "; valid: " + least + " to " + most);
        }
    }

    private List<LectureTable> tables(Progress progress) {
        List<LectureTable> tables = new ArrayList<>();
        long total = (long) draws * Experiment.LECTURE.size();
        try (ProgressBar bar = progress.bar("drawing networks", 0, total, "networks", 1)) {
            Experiment.LECTURE.forEach(experiment -> tables.add(LectureTable.of(experiment, draws, seed, bar::step)));
        }
        return tables;
    }

    private void write(List<LectureTable> tables, String command) throws IOException {
        Files.createDirectories(out);
        WholeFile.write(out.resolve(FIGURES), path -> {
            try (Writer writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
                    CSVPrinter printer = new CSVPrinter(writer, LectureTable.CSV)) {
                for (LectureTable table : tables) {
                    table.print(printer);
                }
            }
        });
        StringBuilder page = new StringBuilder("# The lecture's tables\n\nCommand: `" + command + "`\n\n- measured on "
                + Conditions.line() + "\n- " + draws + " draws a table, seed " + seed + "; " + Experiment.EXAMPLES
                + " examples, " + Experiment.LAYERS + " layers of " + Experiment.WIDTH + " units, no biases\n"
                + LectureTable.LEGEND);
        for (LectureTable table : tables) {
            String picture = table.ensemble().experiment().fileName();
            page.append('\n').append(table.text()).append("\n![mean, std and histograms](" + picture + ")\n");
        }
        WholeFile.write(out.resolve(PAGE), path -> Files.writeString(path, page));
        for (LectureTable table : tables) {
            table.draw(out.resolve(table.ensemble().experiment().fileName()));
        }
    }
}
