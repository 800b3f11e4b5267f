package io.github.dl4jx.benchmarks;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.examples.OptionList;
import io.github.dl4jx.examples.cifar10.Classifier;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.dataset.DataSet;
import picocli.CommandLine.Option;

/** Compares steps of networks in DL4J, with the pack, and in PyTorch; each network in JVMs of its own, for its memory. */
abstract class NetworkSuite extends StepSuite {
    private static final int WARMUP_STEPS = 2;
    private static final int STEPS = 3;

    /** DL4J takes two seconds for each, and {@code --quick} is to end within four minutes. */
    private static final int QUICK_STEPS = 2;

    private static final double WARMUP_SECONDS = 1;
    private static final double SECONDS = 2;
    private static final double MEBIBYTE = 1 << 20;

    /** Of speeds, the pack's by each of these. */
    private static final List<Implementation> RIVALS =
            List.of(Implementation.DL4J, Implementation.PYTORCH, Implementation.PYTORCH_CHANNELS_LAST);

    @Option(
            names = "--networks",
            paramLabel = "LIST",
            defaultValue = "all",
            description = "Names of networks, or 'all'. Default: ${DEFAULT-VALUE}.")
    private String networks = "all";

    @Option(
            names = "--functions",
            paramLabel = "LIST",
            defaultValue = "all",
            description = "Names with parameters where wanted, or 'all' for those that belong to each network."
                    + " Default: ${DEFAULT-VALUE}.")
    private String functions = "all";

    /** The networks that it has. */
    abstract List<Architecture> architectures();

    /** What it does with a network in DL4J. */
    abstract Steps steps(Classifier network);

    /** What it does with a network in PyTorch. */
    abstract Steps steps(PyTorch pytorch, Classifier network, boolean channelsLast);

    @Override
    final List<String> all() {
        return subjects(architectures().stream(), Architecture::functions);
    }

    @Override
    final List<String> subjects() {
        List<String> names =
                architectures().stream().map(Architecture::toString).toList();
        List<String> chosen = OptionList.parse("--networks", networks, names, this::architecture, "or all");
        Function<Architecture, List<String>> chosenFunctions = functions.equalsIgnoreCase("all")
                ? Architecture::functions
                : architecture -> OptionList.parse("--functions", functions, List.of(), Activations::get, "or all");
        return subjects(chosen.stream().map(this::architecture), chosenFunctions);
    }

    private Architecture architecture(String name) {
        return Architecture.parse(name, architectures());
    }

    private static List<String> subjects(
            Stream<Architecture> architectures, Function<Architecture, List<String>> functions) {
        return architectures
                .flatMap(architecture -> functions.apply(architecture).stream()
                        .map(function -> new Subject(architecture, Activations.canonical(function)).toString()))
                .distinct()
                .toList();
    }

    @Override
    final List<Implementation> implementations() {
        return Stream.of(
                        Implementation.DL4J,
                        Implementation.LOOPS,
                        Implementation.VECTOR,
                        Implementation.PYTORCH,
                        Implementation.PYTORCH_CHANNELS_LAST)
                .map(Implementation::withKeptMemory)
                .toList();
    }

    @Override
    final String group(Case of) {
        return Subject.of(of.subject()).network().toString();
    }

    /** DL4J as it comes would take most of an hour for the large networks. */
    @Override
    final boolean takesPart(Implementation implementation, String group) {
        return group.equals(Architecture.SMALL.toString())
                || implementation.isPyTorch()
                || implementation.name().equals(Implementation.VECTOR.name());
    }

    @Override
    final Session session(Task task, List<DataSet> batches) {
        return (of, result) -> steps(task.implementation(), Subject.of(of.subject()))
                .ifPresent(steps -> {
                    try (steps) {
                        if (task.quick()) {
                            steps.time(batches, 1, 0);
                            result.accept(of, steps.time(batches, QUICK_STEPS, 0));
                        } else {
                            steps.time(batches, WARMUP_STEPS, WARMUP_SECONDS);
                            result.accept(of, steps.time(batches, STEPS, SECONDS));
                        }
                    }
                });
    }

    @Override
    final Optional<Steps> steps(String implementation, Subject subject) {
        if (implementation.equals(Implementation.PYTORCH.name())) {
            return pyTorch(subject, false);
        }
        if (implementation.equals(Implementation.PYTORCH_CHANNELS_LAST.name())) {
            return pyTorch(subject, true);
        }
        if (implementation.equals(Implementation.DL4J.name())) {
            return BuiltIns.get(subject.activation())
                    .map(activation -> ConvolutionTraining.network(activation, subject.activation()))
                    .map(network -> steps(new Classifier.Layers(network)));
        }
        return Optional.of(steps(subject.ofPack()));
    }

    private Optional<Steps> pyTorch(Subject subject, boolean channelsLast) {
        return PyTorch.find()
                .filter(pytorch -> pytorch.has(subject.activation()))
                .map(pytorch -> steps(pytorch, subject.network().build(subject.activation()), channelsLast));
    }

    @Override
    final List<String> references() {
        return RIVALS.stream().map(Implementation::name).toList();
    }

    @Override
    final List<String> method() {
        List<String> lines = new ArrayList<>();
        subjects().stream()
                .map(subject -> Subject.of(subject).network())
                .distinct()
                .forEach(network -> lines.add(network + ": " + network.description()));
        lines.add(String.format(
                Locale.ROOT,
                "each step timed, for %.0f s, at least %d steps, after a warm-up of %.0f s, at least %d; a JVM for each network,"
                        + " which runs %.0f s before; medians over all steps that count, in parentheses the lowest and"
                        + " highest of a round",
                SECONDS,
                STEPS,
                WARMUP_SECONDS,
                WARMUP_STEPS,
                SECONDS_TO_SETTLE));
        lines.add(
                "dl4j: DL4J's own activation, and its own convolution, as it comes, of the small network alone; loops and"
                        + " vector: the pack's, with `OneDnn.enable`");
        lines.add(
                "pytorch: the same layers in TorchScript, from the same weights, with images in the order of DL4J, and"
                        + " torch.optim's loop over the parameters; pytorch-channels-last: images, weights and"
                        + " activations channels-last, and a fused updater");
        return lines;
    }

    @Override
    final String tables(Results results) {
        StringBuilder text = new StringBuilder("Images a second:\n\n");
        header(text, "network and activation");
        for (Case of : results.cases()) {
            row(
                    text,
                    of.subject(),
                    implementation -> rate(results.get(of, implementation), of),
                    rival -> // times: turned
                    results.ratio(of, rival, Implementation.VECTOR.name()));
        }
        text.append("\nGeometric means over the activations:\n\n| network |");
        RIVALS.forEach(rival -> text.append(" pack/").append(rival.label()).append(" |"));
        text.append("\n| --- |").append(" ---: |".repeat(RIVALS.size())).append('\n');
        for (String network : networks(results)) {
            text.append("| ").append(network).append(" |");
            RIVALS.forEach(rival -> text.append(' ')
                    .append(ratio(Results.geometricMean(results.ratios(
                            of -> group(of).equals(network), rival.name(), Implementation.VECTOR.name()))))
                    .append(" |"));
            text.append('\n');
        }
        text.append("\nPeak resident memory of the JVM (`VmHWM`), MiB:\n\n");
        header(text, "network");
        for (String network : networks(results)) {
            Function<String, OptionalDouble> peak =
                    implementation -> results.peakBytes(of -> group(of).equals(network), implementation);
            row(text, network, implementation -> mebibytes(peak.apply(implementation)), rival -> {
                OptionalDouble own = peak.apply(Implementation.VECTOR.name());
                OptionalDouble other = peak.apply(rival);
                return own.isPresent() && other.isPresent()
                        ? OptionalDouble.of(own.getAsDouble() / other.getAsDouble())
                        : OptionalDouble.empty();
            });
        }
        return text.toString();
    }

    private List<String> networks(Results results) {
        return results.cases().stream().map(this::group).distinct().toList();
    }

    private void header(StringBuilder text, String first) {
        text.append("| ").append(first).append(" |");
        implementations().forEach(implementation -> text.append(' ')
                .append(implementation.label().replace("dl4jx", "pack"))
                .append(" |"));
        RIVALS.forEach(rival -> text.append(" pack/").append(rival.label()).append(" |"));
        text.append("\n| --- |")
                .append(" ---: |".repeat(implementations().size() + RIVALS.size()))
                .append('\n');
    }

    private void row(
            StringBuilder text, String first, Function<String, String> value, Function<String, OptionalDouble> ratio) {
        text.append("| ").append(first).append(" | ");
        text.append(implementations().stream()
                .map(implementation -> value.apply(implementation.name()))
                .collect(Collectors.joining(" | ")));
        RIVALS.forEach(rival -> text.append(" | ").append(ratio(ratio.apply(rival.name()))));
        text.append(" |\n");
    }

    private static String rate(Optional<Summary> summary, Case of) {
        double images = of.size() * 1e9;
        return summary.map(s -> String.format(
                        Locale.ROOT, "%.0f (%.0f–%.0f)", images / s.median(), images / s.high(), images / s.low()))
                .orElse("");
    }

    private static String ratio(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : "";
    }

    private static String mebibytes(OptionalDouble bytes) {
        return bytes.isPresent() ? String.format(Locale.ROOT, "%.0f", bytes.getAsDouble() / MEBIBYTE) : "";
    }

    @Override
    final BufferedImage chart(Results results) {
        return Charts.draw(
                networks(results).stream()
                        .map(network -> {
                            List<Case> cases = results.cases(of -> group(of).equals(network));
                            return Charts.panel(
                                    network + " in " + name() + ": images a second, longer is better",
                                    cases.stream()
                                            .map(of -> Subject.of(of.subject()).activation())
                                            .toList(),
                                    implementations(),
                                    (row, implementation) -> results.get(cases.get(row), implementation.name())
                                            .map(summary -> cases.get(row).size() * 1e9 / summary.median()));
                        })
                        .toList(),
                false);
    }
}
