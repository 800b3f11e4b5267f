package io.github.dl4jx.examples.signal;

import io.github.dl4jx.examples.Conditions;
import io.github.dl4jx.examples.OptionList;
import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.examples.cifar10.ActivationChoice;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.data.LayerSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the signal in deep networks of any activation and initialiser, or in a saved network. */
@Command(
        name = "network",
        description =
                "Measures the signal, layer by layer, in dense networks of each activation and initialiser, or in a"
                        + " saved DL4J network.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class NetworkCommand implements Runnable {
    private static final int MOST_LAYERS = 1_000;
    private static final int MOST_UNITS = 10_000;
    private static final String PAGE = "results.md";
    private static final String FIGURES = "layers.csv";
    private static final String CURVES = "curves.png";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--activations",
            paramLabel = "LIST",
            defaultValue = "tanh,relu,selu,swish",
            description = "Names with parameters where wanted, or 'all'; './dl4jx list' shows them."
                    + " Default: ${DEFAULT-VALUE}.")
    private String activations = "";

    @Option(
            names = "--inits",
            paramLabel = "LIST",
            defaultValue = ActivationChoice.RECOMMENDED,
            description = "Initialisers, 'all', or 'recommended' for the one that suits each activation."
                    + " Default: ${DEFAULT-VALUE}.")
    private String inits = "";

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "10",
            description = "Layers. Default: ${DEFAULT-VALUE}.")
    private int depth;

    @Option(
            names = "--width",
            paramLabel = "N",
            defaultValue = "500",
            description = "Units of each layer. Default: ${DEFAULT-VALUE}.")
    private int width;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "A network saved by DL4J, instead of the four options above.")
    private @Nullable Path model;

    @Option(
            names = "--data",
            paramLabel = "KIND",
            defaultValue = "gaussian",
            description = "The batch of a saved network: gaussian, for N(0, 1), or cifar10, each channel centred."
                    + " Default: ${DEFAULT-VALUE}.")
    private String data = "";

    @Mixin
    private final BatchOptions batch = new BatchOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of weights and batch. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "results/signal/network",
            description = "Where figures and pictures go. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("");

    @Override
    public void run() {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        SignalCommand.require("--depth", depth, 1, MOST_LAYERS);
        SignalCommand.require("--width", width, 2, MOST_UNITS);
        batch.check();
        PrintWriter terminal = commandLine.getOut();
        Map<String, List<LayerSignal>> networks = new LinkedHashMap<>();
        Map<String, List<Histogram>> histograms = new LinkedHashMap<>();
        if (model != null) {
            SavedModel saved = SavedModel.read("--model", model);
            INDArray examples = batch.draw(saved, data, seed, commandLine.getErr());
            networks.put(model.getFileName().toString(), saved.measure(examples));
        } else {
            for (DeepNetwork network : networks()) {
                networks.put(network.toString(), network.measure(batch.examples()));
                histograms.put(
                        network.toString(),
                        network.values(batch.examples()).stream()
                                .map(Histogram::of)
                                .toList());
            }
        }
        StringBuilder tables = new StringBuilder();
        networks.forEach((name, layers) -> tables.append("## ")
                .append(name)
                .append("\n\n")
                .append(SignalTable.of(layers))
                .append('\n'));
        terminal.println(tables.append(SignalTable.LEGEND));
        try {
            write(networks, histograms, tables, SignalCommand.typed(commandLine));
        } catch (IOException e) {
            throw new UsageException("--out " + out + " cannot be used (" + e + ")", e);
        }
        terminal.println("results: " + out + " (" + PAGE + ", " + FIGURES + ", " + CURVES + " and histograms)");
        terminal.flush();
    }

    private List<DeepNetwork> networks() {
        List<String> activationList = OptionList.parse(
                "--activations", activations, ActivationChoice.names(), ActivationChoice::new, "or all");
        List<String> initList = OptionList.parse(
                "--inits",
                inits,
                Initializers.names(),
                ActivationChoice::checkInitializer,
                ActivationChoice.RECOMMENDED + ", or all");
        return activationList.stream()
                .flatMap(activation -> initList.stream()
                        .map(initializer -> DeepNetwork.of(activation, initializer, depth, width, seed)))
                .distinct()
                .toList();
    }

    private void write(
            Map<String, List<LayerSignal>> networks,
            Map<String, List<Histogram>> histograms,
            CharSequence tables,
            String command)
            throws IOException {
        WholeFile.write(out.resolve(FIGURES), path -> SignalTable.write(path, networks));
        String page = "# The signal, layer by layer\n\nCommand: `" + command + "`\n\n- measured on " + Conditions.line()
                + "\n\n" + tables + "\n![curves](" + CURVES + ")\n";
        WholeFile.write(out.resolve(PAGE), path -> Files.writeString(path, page));
        Picture.write(
                out.resolve(CURVES),
                model != null ? "" : depth + " layers of " + width + " units",
                List.of(
                        chart("mean", false, networks, LayerSignal::mean),
                        chart("std", true, networks, LayerSignal::standardDeviation),
                        chart("gradient std", true, networks, layer -> layer.gradient()
                                .orElse(Double.NaN))),
                List.of());
        for (Map.Entry<String, List<Histogram>> network : histograms.entrySet()) {
            Map<String, List<LayerSignal>> one =
                    Map.of(network.getKey(), Objects.requireNonNull(networks.get(network.getKey())));
            Picture.write(
                    out.resolve(WholeFile.safeName(network.getKey()) + ".png"),
                    network.getKey(),
                    List.of(
                            chart("layer mean", false, one, LayerSignal::mean),
                            chart("layer std", true, one, LayerSignal::standardDeviation)),
                    network.getValue());
        }
    }

    private static Picture.Chart chart(
            String title,
            boolean logarithmic,
            Map<String, List<LayerSignal>> networks,
            ToDoubleFunction<LayerSignal> value) {
        return new Picture.Chart(
                title,
                logarithmic,
                networks.entrySet().stream()
                        .map(network -> new Picture.Series(
                                network.getKey(),
                                network.getValue().stream()
                                        .mapToDouble(value)
                                        .boxed()
                                        .toList(),
                                true))
                        .toList());
    }
}
