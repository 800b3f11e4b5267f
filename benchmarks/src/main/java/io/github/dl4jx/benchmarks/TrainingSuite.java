package io.github.dl4jx.benchmarks;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.examples.OptionList;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.dataset.DataSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Training steps of the network of {@link ConvolutionTraining}, with each activation that is used in hidden layers. */
@Command(
        name = "training",
        description = "A CIFAR-10 network in training, with each activation: DL4J, the pack and PyTorch.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TrainingSuite extends StepSuite {
    private static final int WARMUP_STEPS = 3;
    private static final int STEPS = 5;

    /** DL4J takes two seconds for each, and {@code --quick} is to end within three minutes. */
    private static final int QUICK_STEPS = 3;

    private static final double WARMUP_SECONDS = 1;
    private static final double SECONDS = 2;

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
    Session session(Task task, List<DataSet> batches) {
        return (of, result) -> training(task.implementation(), of.subject()).ifPresent(training -> {
            try (training) {
                if (task.quick()) {
                    training.train(batches, 1, 0);
                    result.accept(of, training.train(batches, QUICK_STEPS, 0));
                } else {
                    training.train(batches, WARMUP_STEPS, WARMUP_SECONDS);
                    result.accept(of, training.train(batches, STEPS, SECONDS));
                }
            }
        });
    }

    @Override
    Optional<Training> training(String implementation, String subject) {
        if (implementation.equals(Implementation.PYTORCH.name())) {
            return PyTorch.find().filter(pytorch -> pytorch.has(subject)).map(pytorch -> pytorch.training(subject));
        }
        if (implementation.equals(Implementation.DL4J.name())) {
            return BuiltIns.get(subject).map(activation -> Dl4jTraining.stock(activation, subject));
        }
        return super.training(implementation, subject);
    }

    @Override
    List<String> references() {
        return List.of("dl4j", "pytorch");
    }

    @Override
    List<String> method() {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "%s; each step timed, for %.0f s, at least %d steps, after a warm-up of %.0f s, at least %d; each JVM"
                                + " trains %.0f s before; medians over all steps that count, in parentheses the lowest and"
                                + " highest of a round",
                        ConvolutionTraining.DESCRIPTION,
                        SECONDS,
                        STEPS,
                        WARMUP_SECONDS,
                        WARMUP_STEPS,
                        SECONDS_TO_SETTLE),
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
