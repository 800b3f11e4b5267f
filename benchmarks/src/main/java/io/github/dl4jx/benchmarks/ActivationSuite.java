package io.github.dl4jx.benchmarks;

import io.github.dl4jx.activations.ABReLU;
import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.benchmarks.ActivationLoop.Effort;
import io.github.dl4jx.examples.OptionList;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Every activation, forwards and backwards, on a small, a middle and a large array. */
@Command(
        name = "activations",
        description = "Each activation forwards and backwards: DL4J's own, the pack, PyTorch and a plain copy.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ActivationSuite extends Suite {
    static final int SMALL = 4_096;
    static final int MIDDLE = 262_144;
    static final int LARGE = 4_194_304;

    private static final Implementation COPY = Implementation.plain("copy", "copy");
    private static final List<String> PARTS = List.of(Case.FORWARD, Case.BACKWARD);

    /** Functions that cost little more than moving the data, for which a copy is the mark. */
    private static final Set<String> CHEAP =
            Set.of("identity", "relu", "relu6", "leakyrelu", "hard-swish", "hard-sigmoid", "softsign", "step");

    /** They look at a whole example before they write its first element. */
    private static final Set<String> NOT_ELEMENTWISE = Set.of("softmax", "abrelu");

    /** DL4J's identity does nothing: it hands its arguments back. */
    private static final Predicate<Case> COMPUTING = of -> !of.subject().equals("identity");

    @Option(
            names = "--functions",
            paramLabel = "LIST",
            defaultValue = "all",
            description = "Names with parameters where wanted, or 'all'. Default: ${DEFAULT-VALUE}.")
    private String functions = "all";

    @Override
    String name() {
        return "activations";
    }

    @Override
    List<String> all() {
        // what other modules on the class path have added is not the pack's
        List<String> names = new ArrayList<>(Activations.entries().stream()
                .filter(entry -> entry.type().getPackageName().equals(ABReLU.class.getPackageName()))
                .map(entry -> entry.name())
                .toList());
        names.add(names.indexOf("gelu") + 1, "gelu(form=tanh)");
        return names;
    }

    @Override
    List<String> subjects() {
        return OptionList.parse("--functions", functions, all(), Activations::get, "or all").stream()
                .map(Activations::canonical)
                .distinct()
                .toList();
    }

    @Override
    List<Implementation> implementations() {
        return List.of(Implementation.DL4J, Implementation.LOOPS, Implementation.VECTOR, Implementation.PYTORCH, COPY);
    }

    @Override
    List<Case> cases(boolean quick) {
        if (quick) {
            return cases(subjects(), List.of(SMALL, LARGE));
        }
        List<Case> cases = cases(subjects(), List.of(SMALL, MIDDLE, LARGE));
        // twice at different times, since the machine is not the same all the time
        return Stream.concat(cases.stream(), cases.stream()).toList();
    }

    private static List<Case> cases(List<String> subjects, List<Integer> sizes) {
        return subjects.stream()
                .flatMap(subject ->
                        PARTS.stream().flatMap(part -> sizes.stream().map(size -> new Case(subject, part, size))))
                .toList();
    }

    @Override
    Session open(Task task) {
        Library library = library(task.implementation());
        List<Case> small = new ArrayList<>(cases(task.subjects(), List.of(SMALL)));
        small.removeIf(of -> !library.has(of.subject(), of.part()));
        Collections.shuffle(small, new Random(task.round()));
        small.forEach(of -> requireSameFunction(library, of));
        warmUp(library, small, task.quick() ? 30 : 150);
        Effort effort = task.quick() ? new Effort(1, 60, 3, 40) : new Effort(1, 80, 3, 60);
        return (of, result) -> {
            if (library.has(of.subject(), of.part())) {
                try (Operation operation = library.open(of, Inputs.of(of.size()))) {
                    result.accept(of, ActivationLoop.time(library, of, operation.repeats(), effort));
                }
            }
        };
    }

    private static Library library(String implementation) {
        if (implementation.equals(Implementation.DL4J.name())) {
            return new ActivationLibrary(BuiltIns::get, BuiltIns::tolerance);
        }
        if (implementation.equals(Implementation.PYTORCH.name())) {
            return PyTorch.find().orElseThrow().activations();
        }
        return implementation.equals(COPY.name()) ? new CopyLibrary() : pack();
    }

    private static Library pack() {
        return new ActivationLibrary(name -> Optional.of(Activations.get(name)), name -> 1e-4);
    }

    /**
     * Nothing is timed that computes another function.
     *
     * @throws IllegalStateException if the library's result differs from the pack's
     */
    static void requireSameFunction(Library library, Case of) {
        double tolerance = library.tolerance(of.subject());
        if (Double.isInfinite(tolerance)) {
            return;
        }
        float[] expected = result(pack(), of);
        float[] actual = result(library, of);
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
            if (!(error <= tolerance)) {
                throw new IllegalStateException(
                        of + " of " + Inputs.of(of.size()).x()[i] + " is " + actual[i] + ", not " + expected[i]);
            }
        }
    }

    private static float[] result(Library library, Case of) {
        try (Operation operation = library.open(of, Inputs.of(of.size()))) {
            operation.restore();
            return operation.result();
        }
    }

    /** All functions first, so that the virtual machine knows of all when it compiles for the first that is measured. */
    private static void warmUp(Library library, List<Case> cases, int millis) {
        for (Case of : cases) {
            try (Operation operation = library.open(of, Inputs.of(of.size()))) {
                long end = System.nanoTime() + 1_000_000L * millis;
                while (System.nanoTime() < end) {
                    operation.restore();
                    operation.run();
                }
            }
        }
    }

    @Override
    List<String> references() {
        return List.of("copy", "dl4j", "pytorch");
    }

    @Override
    List<String> method() {
        return List.of(
                "JMH in each JVM, each function, direction and size twice a round, in an order of its own, after all"
                        + " have run on small arrays; medians over all iterations, in parentheses the lowest and highest"
                        + " median of a round",
                "x is N(0, 1)·3, put back before every call outside of the timed part, by one memcpy whatever the"
                        + " implementation, so that the caches hold the same; the upstream gradient is N(0, 1)",
                "DL4J and the pack overwrite their input as DL4J's layers ask of them, with temporaries from a workspace;"
                        + " PyTorch's operators overwrite theirs at 4 Mi (but for the backward of softsign and mish), and"
                        + " at the smaller sizes write into an array made before",
                "backwards, PyTorch gets what its autograd keeps: the output, for relu, sigmoid, tanh and softmax",
                "copy: memcpy, each thread a part, measured beside each function; of n floats forwards, of 1.5 n"
                        + " backwards, where two arrays are read");
    }

    @Override
    String tables(Results results) {
        StringBuilder text = new StringBuilder();
        int size = results.cases().stream().mapToInt(Case::size).max().orElseThrow();
        for (String part : PARTS) {
            text.append(String.format(Locale.ROOT, "## %s, %,d floats, ms%n%n", part, size));
            text.append(
                            "| function | copy | DL4J | pack without the flag | pack | PyTorch | pack/copy | DL4J/pack | PyTorch/pack |\n")
                    .append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
            for (Case of : results.cases(of -> of.part().equals(part) && of.size() == size)) {
                Stream<String> times = Stream.of("copy", "dl4j", "loops", "vector", "pytorch")
                        .map(implementation -> millis(results.get(of, implementation)));
                Stream<String> ratios = Stream.of(
                                results.ratio(of, "vector", "copy"),
                                results.ratio(of, "dl4j", "vector"),
                                results.ratio(of, "pytorch", "vector"))
                        .map(ActivationSuite::ratio);
                text.append("| ")
                        .append(of.subject())
                        .append(" | ")
                        .append(String.join(" | ", Stream.concat(times, ratios).toList()))
                        .append(" |\n");
            }
            text.append('\n');
        }
        text.append(
                        "## Geometric means\n\n| elements | direction | DL4J/pack | DL4J/pack without the flag | PyTorch/pack |\n")
                .append("| ---: | --- | ---: | ---: | ---: |\n");
        for (int elements : results.cases().stream().map(Case::size).distinct().toList()) {
            for (String part : PARTS) {
                Predicate<Case> these =
                        COMPUTING.and(of -> of.size() == elements && of.part().equals(part));
                text.append(String.format(
                        Locale.ROOT,
                        "| %,d | %s | %s | %s | %s |%n",
                        elements,
                        part,
                        ratio(Results.geometricMean(results.ratios(these, "dl4j", "vector"))),
                        ratio(Results.geometricMean(results.ratios(these, "dl4j", "loops"))),
                        ratio(Results.geometricMean(results.ratios(these, "pytorch", "vector")))));
            }
        }
        return text.append("\n## Targets\n\n")
                .append(Target.table(targets(results)))
                .append("\nsoftmax and abrelu are no elementwise functions: they are not judged against PyTorch and the"
                        + " copy. DL4J's identity does not count: it computes nothing and hands its arguments back. What DL4J or PyTorch"
                        + " lacks is empty.\n")
                .toString();
    }

    static List<Target> targets(Results results) {
        Predicate<Case> large = of -> of.size() == LARGE;
        Predicate<Case> elementwise = of -> large.test(of) && !NOT_ELEMENTWISE.contains(of.subject());
        Map<String, Double> mean = new LinkedHashMap<>();
        Results.geometricMean(results.ratios(COMPUTING.and(large), "dl4j", "vector"))
                .ifPresent(value -> mean.put("geometric mean", value));
        return List.of(
                Target.atMost(
                        1,
                        "4 Mi: no elementwise function slower than PyTorch's",
                        results.ratios(elementwise, "vector", "pytorch")),
                Target.atLeast(8, "4 Mi: DL4J/pack, geometric mean, at least 8", mean),
                Target.atLeast(
                        1, "4 Mi: none slower than DL4J's", results.ratios(COMPUTING.and(large), "dl4j", "vector")),
                Target.atLeast(
                        1,
                        "4 Ki: none slower than DL4J's",
                        results.ratios(COMPUTING.and(of -> of.size() == SMALL), "dl4j", "vector")),
                Target.atLeast(
                        1,
                        "without the flag, all sizes: none slower than DL4J's",
                        results.ratios(COMPUTING, "dl4j", "loops")),
                Target.atMost(
                        1.3,
                        "4 Mi: pack/copy at most 1.3 for "
                                + String.join(", ", CHEAP.stream().sorted().toList()),
                        results.ratios(elementwise.and(of -> CHEAP.contains(of.subject())), "vector", "copy")),
                Target.atMost(
                        1.8,
                        "4 Mi: pack/copy at most 1.8 for the other elementwise functions",
                        results.ratios(elementwise.and(of -> !CHEAP.contains(of.subject())), "vector", "copy")));
    }

    private static String millis(Optional<Summary> summary) {
        return summary.map(s -> s.millis(2)).orElse("");
    }

    private static String ratio(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : "";
    }

    @Override
    BufferedImage chart(Results results) {
        int size = results.cases().stream().mapToInt(Case::size).max().orElseThrow();
        List<Charts.Panel> panels = new ArrayList<>();
        for (String part : PARTS) {
            List<Case> cases = results.cases(of -> of.part().equals(part) && of.size() == size);
            panels.add(Charts.panel(
                    String.format(
                            Locale.ROOT, "%s, %,d floats: time, of a plain copy = 1; shorter is better", part, size),
                    cases.stream().map(Case::subject).toList(),
                    List.of(Implementation.DL4J, Implementation.PYTORCH, Implementation.VECTOR),
                    (row, implementation) -> results.get(cases.get(row), implementation.name())
                            .flatMap(time -> results.get(cases.get(row), COPY.name())
                                    .map(copy -> time.median() / copy.median()))));
        }
        return Charts.draw(panels, true);
    }
}
