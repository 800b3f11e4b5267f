package io.github.dl4jx.examples.demo;

import io.github.dl4jx.examples.Conditions;
import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Progress;
import io.github.dl4jx.examples.signal.Picture;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs demonstrations and judges what they claim. */
@Command(
        name = "demo",
        description =
                "Shows what the lectures claim: small runs, each with a picture and with claims that are put to the"
                        + " test. Without a name, lists them. Exit code 1 when a claim of ours fails.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class DemoCommand implements Callable<Integer> {
    static final String PAGE = "results.md";
    static final String CHECKS = "checks.csv";
    static final String SUMMARY = "summary.csv";
    static final String CURVES = "curves.csv";
    static final String PICTURE = "picture.png";

    private static final int DEFAULT_STEPS = 3_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Demonstrations, or 'all'.")
    private List<String> names = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of data and weights. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_STEPS,
            description = "The most that one training on CIFAR-10 may take. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with CIFAR-10's six official .bin files. Default: the cache, filled if need be.")
    private @Nullable Path data;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "results/demo",
            description = "Where each gets a folder; on CIFAR-10, an interrupted one goes on there."
                    + " Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("");

    private @Nullable Cifar10 images;

    @Override
    public Integer call() {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        PrintWriter terminal = commandLine.getOut();
        if (names.isEmpty()) {
            Demonstrations.all().forEach(one -> terminal.printf("  %-18s %s%n", one.name(), one.title()));
            terminal.flush();
            return CommandLine.ExitCode.OK;
        }
        if (steps < 1) {
            throw new UsageException("--steps is " + steps + "; valid: a whole number > 0");
        }
        Progress progress = new Progress(commandLine.getErr());
        Supplier<Cifar10> loaded = () -> images(commandLine.getErr());
        List<String> failed = new ArrayList<>();
        for (Demonstration one : chosen()) {
            progress.say(one.name() + " ...");
            Path folder = out.resolve(one.name());
            try {
                Outcome outcome = one.run(new Setting(seed, steps, folder, loaded, progress));
                terminal.println("## " + one.title() + "\n\n" + one.claim() + "\n\n"
                        + outcome.checkTable().markdown());
                write(folder, one, outcome);
                if (!outcome.holds()) {
                    failed.add(one.name());
                }
            } catch (IOException e) {
                throw new UsageException("--out " + folder + " cannot be used (" + e + ")", e);
            }
            terminal.println(
                    "results: " + folder + " (" + String.join(", ", PAGE, CHECKS, SUMMARY, CURVES, PICTURE) + ")\n");
            terminal.flush();
        }
        terminal.println(failed.isEmpty() ? "All our claims hold." : "Claims fail in: " + String.join(", ", failed));
        if (images != null && !images.source().isWholeDataSet()) {
            terminal.println("Figures on CIFAR-10 come from " + images.source() + " and mean nothing.");
        }
        terminal.flush();
        return failed.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private List<Demonstration> chosen() {
        List<Demonstration> named = names.stream()
                .filter(name -> !name.equalsIgnoreCase("all"))
                .map(Demonstrations::get)
                .distinct()
                .toList();
        return names.stream().anyMatch(name -> name.equalsIgnoreCase("all")) ? Demonstrations.all() : named;
    }

    /** Once for all demonstrations. */
    private Cifar10 images(PrintWriter notices) {
        Cifar10 loaded = images;
        if (loaded == null) {
            loaded = Cifar10.load(data, notices);
            images = loaded;
        }
        return loaded;
    }

    private void write(Path folder, Demonstration one, Outcome outcome) throws IOException {
        outcome.checkTable().write(folder.resolve(CHECKS));
        outcome.summary().write(folder.resolve(SUMMARY));
        outcome.curves().write(folder.resolve(CURVES));
        String page = "# " + one.title() + "\n\nCommand: `./dl4jx demo " + one.name() + options()
                + "`\n\n- measured on "
                + Conditions.line() + "\n- " + outcome.setting() + "; seed " + seed + "\n\n" + one.claim() + "\n\n"
                + outcome.checkTable().markdown() + "\n" + outcome.summary().markdown() + "\n![" + one.title() + "]("
                + PICTURE
                + ")\n";
        WholeFile.write(folder.resolve(PAGE), path -> Files.writeString(path, page));
        Outcome.Drawing drawing = outcome.drawing();
        Picture.write(folder.resolve(PICTURE), drawing.width(), drawing.height(), drawing.content());
    }

    /** Those on which figures depend, where they are not the default. */
    private String options() {
        return (seed == 1 ? "" : " --seed " + seed) + (steps == DEFAULT_STEPS ? "" : " --steps " + steps);
    }
}
