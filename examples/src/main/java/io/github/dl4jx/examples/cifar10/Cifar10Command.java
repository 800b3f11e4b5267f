package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.OptionList;
import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Preprocessing;
import io.github.dl4jx.examples.cifar10.data.Progress;
import io.github.dl4jx.init.data.DataInitializers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains the same network with different activations and initialisers, and compares. */
@Command(
        name = "cifar10",
        description = "Trains the same CNN once for each activation, initialiser and seed on CIFAR-10, and compares.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Cifar10Command implements Callable<Integer> {
    private static final String DEFAULT_ACTIVATIONS = "relu,swish,mish,hard-swish,selu,abrelu";
    private static final String DEFAULT_OUT = "results/cifar10";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--activations",
            paramLabel = "LIST",
            defaultValue = DEFAULT_ACTIVATIONS,
            description = "Names with parameters where wanted, or 'all'; './dl4jx list' shows them."
                    + " Default: ${DEFAULT-VALUE}.")
    private String activations = "";

    @Option(
            names = "--inits",
            paramLabel = "LIST",
            defaultValue = ActivationChoice.RECOMMENDED,
            description = "Initialisers, also from data (lsuv, krahenbuhl), 'all', or 'recommended' for the one that"
                    + " suits each activation."
                    + " Default: ${DEFAULT-VALUE}.")
    private String inits = "";

    @Option(
            names = "--seeds",
            paramLabel = "LIST",
            defaultValue = "1",
            description = "A training for each. Default: ${DEFAULT-VALUE}.")
    private String seeds = "";

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training images. Default: 3.")
    private @Nullable Integer epochs;

    @Option(
            names = "--train-size",
            paramLabel = "N",
            description = "Train on N images, equally many of each class. Default: all but the validation images.")
    private @Nullable Integer trainSize;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--lr",
            paramLabel = "RATE",
            defaultValue = "0.001",
            description = "Learning rate of Adam. Default: ${DEFAULT-VALUE}.")
    private double learningRate;

    @Option(
            names = "--preprocessing",
            paramLabel = "KIND",
            defaultValue = "channel-mean",
            description = "What to do with the pixels. Default: ${DEFAULT-VALUE}.")
    private String preprocessing = "";

    @Option(
            names = "--network",
            paramLabel = "KIND",
            defaultValue = "standard",
            description = "standard, of 4 hidden layers, or deep, of 20; with batch normalisation resnet-20, vgg,"
                    + " wrn-16-2, fast. Default: ${DEFAULT-VALUE}.")
    private String network = "";

    @Option(
            names = "--target-loss",
            paramLabel = "LOSS",
            description = "Tells also after how many steps the training loss was this low.")
    private @Nullable Double targetLoss;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the six official .bin files. Default: the cache, filled if need be.")
    private @Nullable Path data;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the study lives; an interrupted one goes on there. Default: a folder below "
                    + DEFAULT_OUT + " for each configuration.")
    private @Nullable Path out;

    @Option(names = "--quick", description = "About a minute: 5,000 images, one epoch, where not told otherwise.")
    private boolean quick;

    @Override
    public Integer call() {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        PrintWriter terminal = commandLine.getOut();
        ComparisonNetwork kindOfNetwork = valid("--network", network, ComparisonNetwork::parse);
        List<String> activationList = OptionList.parse(
                "--activations",
                activations,
                ActivationChoice.names().stream()
                        .filter(name -> kindOfNetwork.takes(new ActivationChoice(name)))
                        .toList(),
                name -> kindOfNetwork.require(new ActivationChoice(name)),
                "or all");
        List<String> initList = OptionList.parse(
                "--inits",
                inits,
                Run.initializers(),
                Run::checkInitializer,
                String.join(", ", DataInitializers.names()) + ", " + ActivationChoice.RECOMMENDED + ", or all");
        List<Long> seedList = OptionList.parse("--seeds", seeds, List.of(), Cifar10Command::seed, "").stream()
                .map(Long::valueOf)
                .toList();
        positive("--epochs", epochs);
        positive("--train-size", trainSize);
        positive("--batch", batch);
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new UsageException("--lr is " + learningRate + "; valid: a finite number > 0");
        }
        if (targetLoss != null && !(targetLoss > 0)) {
            throw new UsageException("--target-loss is " + targetLoss + "; valid: a number > 0");
        }
        Preprocessing kind = valid("--preprocessing", preprocessing, Preprocessing::parse);

        Cifar10 cifar10 = Cifar10.load(data, commandLine.getErr());
        int most = cifar10.maxTrainSize();
        int size = trainSize != null ? trainSize : quick ? Math.min(5_000, most) : most;
        if (size > most) {
            throw new UsageException("--train-size is " + size + "; valid: 1 to " + most);
        }
        StudyConfiguration configuration = new StudyConfiguration(
                kindOfNetwork,
                activationList,
                initList,
                seedList,
                epochs != null ? epochs : quick ? 1 : 3,
                size,
                batch,
                learningRate,
                kind,
                cifar10.source().isWholeDataSet() ? "CIFAR-10" : "the built-in sample: figures mean nothing");
        Path folder = out != null ? out : defaultFolder(configuration);
        Progress progress = new Progress(commandLine.getErr());
        progress.say("study in " + folder + ": " + configuration.runs().size() + " runs, " + configuration.epochs()
                + " epochs of " + size + " images");
        String command =
                "./dl4jx " + String.join(" ", commandLine.getParseResult().originalArgs());
        List<RunResult> results;
        try {
            results = new Study(folder, configuration, command, targetLoss).complete(cifar10, progress);
        } catch (IOException e) {
            throw new UsageException("--out " + folder + " cannot be used (" + e + ")", e);
        }
        terminal.println();
        terminal.println(ResultTable.of(results, configuration.batch(), targetLoss));
        terminal.println("results: " + folder + " (" + Study.PAGE + ", results.csv, curves.csv, curves.png)");
        if (!cifar10.source().isWholeDataSet()) {
            terminal.println("These figures come from " + cifar10.source() + " and mean nothing.");
        }
        terminal.flush();
        return CommandLine.ExitCode.OK;
    }

    private static void seed(String text) {
        if (!text.matches("-?\\d{1,18}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a whole number; valid: whole numbers, separated by commas");
        }
    }

    /** A folder that another configuration does not share, so that nobody has to think of a name. */
    private static Path defaultFolder(StudyConfiguration configuration) {
        return Path.of(DEFAULT_OUT, "%08x".formatted(configuration.settings().hashCode()));
    }

    private static <T> T valid(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + ": " + e.getMessage(), e);
        }
    }

    private static void positive(String option, @Nullable Integer value) {
        if (value != null && value < 1) {
            throw new UsageException(option + " is " + value + "; valid: a whole number > 0");
        }
    }
}
