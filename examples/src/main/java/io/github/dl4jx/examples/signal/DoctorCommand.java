package io.github.dl4jx.examples.signal;

import io.github.dl4jx.init.health.Diagnosis;
import io.github.dl4jx.init.health.Finding;
import io.github.dl4jx.init.health.Severity;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what is wrong with a saved network. */
@Command(
        name = "doctor",
        description =
                "Says in plain words what is wrong with a network that DL4J saved. Exit code 0 when it is healthy, 1"
                        + " when there is an error or a warning, 2 when the file or an option cannot be used.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class DoctorCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A network or graph saved by DL4J, as model.zip.")
    private Path model = Path.of("");

    @Option(
            names = "--data",
            paramLabel = "KIND",
            description =
                    "Measures the layers too, on a batch: gaussian, for N(0, 1), or cifar10, each channel centred.")
    private @Nullable String data;

    @Mixin
    private final BatchOptions batch = new BatchOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the batch. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--json", description = "Writes JSON.")
    private boolean json;

    @Override
    public Integer call() {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        batch.check();
        SavedModel saved = SavedModel.read("MODEL", model);
        Diagnosis diagnosis =
                data == null ? saved.diagnose() : saved.diagnose(batch.draw(saved, data, seed, commandLine.getErr()));
        PrintWriter terminal = commandLine.getOut();
        terminal.println(json ? diagnosis.toJson() : text(diagnosis));
        terminal.flush();
        return diagnosis.healthy() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private String text(Diagnosis diagnosis) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : diagnosis.findings()) {
            text.append(finding.severity())
                    .append("  ")
                    .append(finding.layer())
                    .append("  [")
                    .append(finding.rule())
                    .append("]\n  ")
                    .append(finding.message())
                    .append("\n  -> ")
                    .append(finding.suggestion())
                    .append("\n\n");
        }
        text.append(model).append(diagnosis.healthy() ? " is healthy" : " is not as it should be");
        for (Severity severity : Severity.values()) {
            long count = diagnosis.findings().stream()
                    .filter(finding -> finding.severity() == severity)
                    .count();
            text.append(severity == Severity.ERROR ? ": " : ", ").append(plural(count, severity));
        }
        return text.append(data == null ? "; --data gaussian or cifar10 measures the layers too" : "")
                .toString();
    }

    private static String plural(long count, Severity severity) {
        String noun = severity.name().toLowerCase(Locale.ROOT);
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
