package io.github.dl4jx.benchmarks;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.examples.OptionList;
import io.github.dl4jx.onednn.OneDnn;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.dataset.DataSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Training steps of the network of {@link ConvolutionTraining}, with each activation that is used in hidden layers. */
@Command(
        name = "training",
        description = "A CIFAR-10 network in training, with each activation: DL4J, the pack and PyTorch.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TrainingSuite extends Suite {
    private static final int BATCHES = 8;
    private static final int WARMUP_STEPS = 3;
    private static final int STEPS = 5;
    private static final double SECONDS = 1.5;

    private static final List<String> ALL = List.of(
            "relu",
            "leakyrelu",
            "elu",
            "selu",
            "sigmoid",
            "tanh",
            "softplus",
            "swish",
            "gelu",
            "mish",
            "hard-swish",
            "hard-sigmoid");

    @Option(
            names = "--functions",
            paramLabel = "LIST",
            defaultValue = "all",
            description = "Names with parameters where wanted, or 'all'. Default: ${DEFAULT-VALUE}.")
    private String functions = "all";

    @Override
    String name() {
        return "training";
    }

    @Override
    List<String> all() {
        return ALL;
    }

    @Override
    List<String> subjects() {
        return OptionList.parse("--functions", functions, ALL, Activations::get, "or all").stream()
                .map(Activations::canonical)
                .distinct()
                .toList();
    }

    @Override
    List<Implementation> implementations() {
        return Stream.of(Implementation.DL4J, Implementation.LOOPS, Implementation.VECTOR, Implementation.PYTORCH)
                .map(Implementation::withKeptMemory)
                .toList();
    }

    @Override
    void measure(Task task, BiConsumer<Case, List<Double>> result) {
        List<DataSet> batches = ConvolutionTraining.batches(BATCHES);
        List<String> subjects = new ArrayList<>(task.subjects());
        Collections.shuffle(subjects, new Random(task.round()));
        for (String subject : subjects) {
            open(task.implementation(), subject).ifPresent(training -> {
                try (training) {
                    result.accept(
                            new Case(subject, "step", ConvolutionTraining.BATCH),
                            time(training, batches, task.quick() ? 0 : SECONDS));
                }
            });
        }
    }

    private static Optional<PyTorch.Training> open(String implementation, String subject) {
        if (implementation.equals(Implementation.PYTORCH.name())) {
            return PyTorch.find().filter(pytorch -> pytorch.has(subject)).map(pytorch -> pytorch.training(subject));
        }
        if (implementation.equals(Implementation.DL4J.name())) {
            return BuiltIns.get(subject).map(activation -> new OnDl4j(activation, subject, false));
        }
        return Optional.of(new OnDl4j(Activations.get(subject), subject, true));
    }

    /** A network of DL4J. */
    private static final class OnDl4j implements PyTorch.Training {
        private final MultiLayerNetwork network;

        OnDl4j(IActivation activation, String specification, boolean oneDnn) {
            network = ConvolutionTraining.network(activation, specification);
            if (oneDnn && !OneDnn.enable(network).enabled()) {
                throw new IllegalStateException("oneDNN cannot be enabled here; see the warning above");
            }
        }

        @Override
        public double step(DataSet batch) {
            network.fit(batch);
            return network.score();
        }

        @Override
        public void close() {
            network.close();
        }
    }

    /** At least {@link #STEPS} steps, and as many as fit. */
    private static List<Double> time(PyTorch.Training training, List<DataSet> batches, double seconds) {
        int warmup = 0;
        long start = System.nanoTime();
        while (warmup < WARMUP_STEPS || System.nanoTime() - start < seconds / 3 * 1e9) {
            training.step(batches.get(warmup++ % batches.size()));
        }
        List<Double> nanos = new ArrayList<>();
        start = System.nanoTime();
        while (nanos.size() < STEPS || System.nanoTime() - start < seconds * 1e9) {
            long before = System.nanoTime();
            training.step(batches.get(nanos.size() % batches.size()));
            nanos.add((double) (System.nanoTime() - before));
        }
        return nanos;
    }

    @Override
    List<String> references() {
        return List.of("dl4j", "pytorch");
    }

    @Override
    List<String> method() {
        return List.of(
                ConvolutionTraining.DESCRIPTION + "; each step timed, " + WARMUP_STEPS + " or more to warm up and "
                        + STEPS + " or more that count; medians over all of them, in parentheses the lowest and highest"
                        + " of a round",
                "dl4j: DL4J's own activation, and its own convolution, as it comes; loops and vector: the pack's, with"
                        + " `OneDnn.enable`; pytorch: the same network in DJL, its Adam, the activation by TorchScript");
    }

    @Override
    String tables(Results results) {
        StringBuilder text = new StringBuilder("""
                Images a second:

                | activation | DL4J | pack without the flag | pack | PyTorch | pack/DL4J | pack/PyTorch |
                | --- | ---: | ---: | ---: | ---: | ---: | ---: |
                """);
        for (Case of : results.cases()) {
            String rates = implementations().stream()
                    .map(implementation -> rate(results.get(of, implementation.name()), of))
                    .collect(Collectors.joining(" | "));
            // of speeds, so that the times are the other way round
            String ratios = Stream.of(results.ratio(of, "dl4j", "vector"), results.ratio(of, "pytorch", "vector"))
                    .map(TrainingSuite::ratio)
                    .collect(Collectors.joining(" | "));
            text.append("| ").append(of.subject()).append(" | ").append(rates);
            text.append(" | ").append(ratios).append(" |\n");
        }
        return text.append("\nGeometric mean of pack/DL4J ")
                .append(ratio(Results.geometricMean(results.ratios(of -> true, "dl4j", "vector"))))
                .append(", of pack/PyTorch ")
                .append(ratio(Results.geometricMean(results.ratios(of -> true, "pytorch", "vector"))))
                .append(".\n")
                .toString();
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

    @Override
    BufferedImage chart(Results results) {
        List<Case> cases = results.cases();
        return Charts.draw(
                List.of(Charts.panel(
                        "CIFAR-10 network in training: images a second, longer is better",
                        cases.stream().map(Case::subject).toList(),
                        implementations(),
                        (row, implementation) -> results.get(cases.get(row), implementation.name())
                                .map(summary -> cases.get(row).size() * 1e9 / summary.median()))),
                false);
    }
}
