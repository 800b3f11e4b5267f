package io.github.dl4jx.examples.signal;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.examples.Conditions;
import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.examples.cifar10.ActivationChoice;
import io.github.dl4jx.examples.cifar10.data.Progress;
import io.github.dl4jx.init.GainKind;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.LeCun;
import io.github.dl4jx.init.data.LayerSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures all pairs of activation and initialiser in a deep network. */
@Command(
        name = "heat-map",
        description = "Shows which pairs of activation and initialiser carry signal and gradient through many layers.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class HeatMapCommand implements Runnable {
    private static final int MOST = 1_000;
    private static final int EXAMPLES = 100;
    private static final String PAGE = "results.md";
    private static final String FIGURES = "heat-map.csv";

    /** The column of {@link LeCun} with each activation's own gain. */
    static final String OWN_GAIN = "own gain";

    /** The picture. */
    static final String PICTURE = "heat-map.png";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "50",
            description = "Layers. Default: ${DEFAULT-VALUE}.")
    private int depth;

    @Option(
            names = "--width",
            paramLabel = "N",
            defaultValue = "128",
            description = "Units of each layer. Default: ${DEFAULT-VALUE}.")
    private int width;

    @Option(
            names = "--draws",
            paramLabel = "N",
            defaultValue = "1",
            description = "Networks for each pair, of which the median counts. Default: ${DEFAULT-VALUE}.")
    private int draws;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of weights and batch. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "results/signal/heat-map",
            description = "Where figures and picture go. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("");

    @Override
    public void run() {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        SignalCommand.require("--depth", depth, 1, MOST);
        SignalCommand.require("--width", width, 2, MOST);
        SignalCommand.require("--draws", draws, 1, MOST);
        HeatMap map = measure(new Progress(commandLine.getErr()));
        try {
            write(map, SignalCommand.typed(commandLine));
        } catch (IOException e) {
            throw new UsageException("--out " + out + " cannot be used (" + e + ")", e);
        }
        PrintWriter terminal = commandLine.getOut();
        terminal.print(summary(map));
        terminal.println("results: " + out + " (" + PAGE + ", " + FIGURES + ", " + PICTURE + ")");
        terminal.flush();
    }

    private HeatMap measure(Progress progress) {
        List<String> activations = ActivationChoice.names();
        List<String> initializers = columns();
        List<HeatMap.Cell> cells = new ArrayList<>();
        long total = (long) activations.size() * initializers.size();
        try (ProgressBar bar = progress.bar("measuring pairs", 0, total, "pairs", 1)) {
            for (String activation : activations) {
                for (String column : initializers) {
                    bar.step();
                    String initializer = column.equals(OWN_GAIN) ? ownGain(activation) : column;
                    if (initializer.isEmpty()) {
                        continue;
                    }
                    List<List<LayerSignal>> networks = new ArrayList<>();
                    for (int draw = 0; draw < draws; draw++) {
                        networks.add(DeepNetwork.of(activation, initializer, depth, width, seed + draw)
                                .measureQuickly(EXAMPLES));
                    }
                    cells.add(HeatMap.Cell.of(activation, column, networks));
                }
            }
        }
        return new HeatMap(cells);
    }

    /** The catalogue between two that are made to measure. */
    static List<String> columns() {
        return Stream.of(List.of(ActivationChoice.RECOMMENDED), Initializers.names(), List.of(OWN_GAIN))
                .flatMap(List::stream)
                .toList();
    }

    /** Empty where there is none: for a layer, or a function of several inputs. */
    private static String ownGain(String activation) {
        if (!Activations.contains(activation)) {
            return "";
        }
        try {
            return LeCun.normal()
                    .withGain(GainKind.SECOND_MOMENT.of(Activations.get(activation)))
                    .toString();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String summary(HeatMap map) {
        StringBuilder text = new StringBuilder("| initialiser | works for |\n|---|---|\n");
        for (String initializer : map.initializers()) {
            List<String> activations = map.worksFor(initializer);
            text.append("| %s | %s |\n"
                    .formatted(initializer, activations.isEmpty() ? "none" : String.join(", ", activations)));
        }
        return text.toString();
    }

    private void write(HeatMap map, String command) throws IOException {
        WholeFile.write(out.resolve(FIGURES), map::write);
        String title = depth + " layers of " + width + " units";
        String page = "# Activations and initialisers behind " + title + "\n\nCommand: `" + command
                + "`\n\n- measured on " + Conditions.line() + "\n- " + EXAMPLES + " examples of N(0, 1), " + draws
                + (draws == 1 ? " network" : " networks") + " for each pair, seeds from " + seed
                + " on; all parameters at their defaults\n"
                + "- recommended: as Initializers.recommendedFor has it; own gain: LeCun normal times the activation's"
                + " second-moment gain\n"
                + "- signal: the standard deviation over the examples behind the last layer, by that of the input;"
                + " gradient: the standard deviation at the input, by that which comes to the last layer\n"
                + "- a pair works where neither changes by more than a factor of 10^" + Math.round(HeatMap.WORKS)
                + "\n\n" + summary(map) + "\n![heat map](" + PICTURE + ")\n";
        WholeFile.write(out.resolve(PAGE), path -> Files.writeString(path, page));
        HeatMapPicture.write(out.resolve(PICTURE), map, "What is left behind " + title);
    }
}
