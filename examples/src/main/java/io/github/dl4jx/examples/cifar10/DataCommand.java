package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.DataException;
import io.github.dl4jx.examples.cifar10.data.Images;
import io.github.dl4jx.examples.cifar10.data.PixelStatistics;
import io.github.dl4jx.examples.cifar10.data.PreprocessingPicture;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the data that the other commands train on. */
@Command(
        name = "data",
        description = "Finds CIFAR-10, fetches it if need be, describes it, and draws what preprocessing does to it.",
        mixinStandardHelpOptions = true)
public final class DataCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder with the six official .bin files.")
    private @Nullable Path data;

    @Option(
            names = "--train-size",
            paramLabel = "N",
            description = "Train on N images, equally many of each class. Default: all but the validation images.")
    private @Nullable Integer trainSize;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            defaultValue = "1",
            description = "Seed of the split. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            defaultValue = "results/cifar10-preprocessing.png",
            description = "Where the picture goes. Default: ${DEFAULT-VALUE}.")
    private Path picture = Path.of("");

    @Override
    public Integer call() {
        var commandLine = Objects.requireNonNull(spec).commandLine();
        Cifar10 cifar10 = Cifar10.load(data, commandLine.getErr());
        Cifar10.Split split;
        try {
            split = trainSize == null ? cifar10.split(seed) : cifar10.split(seed, trainSize);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine, "--train-size: " + e.getMessage(), e);
        }
        describe(cifar10, split, commandLine.getOut());
        try {
            PreprocessingPicture.write(split.train(), picture);
        } catch (IOException e) {
            throw new DataException("--picture " + picture + " cannot be written (" + e + ")", e);
        }
        commandLine.getOut().println("picture     " + picture);
        commandLine.getOut().flush();
        return 0;
    }

    private static void describe(Cifar10 cifar10, Cifar10.Split split, PrintWriter out) {
        out.println("source      " + cifar10.source());
        out.println("folder      " + cifar10.location());
        out.println();
        out.printf(Locale.ROOT, "%-12s%10s%12s%10s%n", "class", "training", "validation", "test");
        int[] train = split.train().counts();
        int[] validation = split.validation().counts();
        int[] test = cifar10.test().counts();
        for (int c = 0; c < Images.CLASSES; c++) {
            out.printf(
                    Locale.ROOT, "%-12s%10d%12d%10d%n", Cifar10.CLASS_NAMES.get(c), train[c], validation[c], test[c]);
        }
        out.printf(
                Locale.ROOT,
                "%-12s%10d%12d%10d%n%n",
                "all",
                split.train().size(),
                split.validation().size(),
                cifar10.test().size());
        PixelStatistics statistics = new PixelStatistics(split.train());
        out.printf(Locale.ROOT, "%-12s%10s%12s   (values / 255, training images)%n", "channel", "mean", "deviation");
        String[] channels = {"red", "green", "blue"};
        for (int c = 0; c < Images.CHANNELS; c++) {
            out.printf(
                    Locale.ROOT,
                    "%-12s%10.4f%12.4f%n",
                    channels[c],
                    statistics.channelMean(c),
                    statistics.channelStandardDeviation(c));
        }
        out.println();
    }
}
