package io.github.dl4jx.benchmarks;

import static org.bytedeco.dnnl.global.dnnl.dnnl_set_verbose;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;

/**
 * Where the time of a training step goes: by the stack of the training thread, and within oneDNN by its own clock, set
 * against what the cores can do.
 */
@Command(
        name = "profile",
        description = "Where the time of a training step goes.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProfileSuite extends StepSuite {
    private static final double WARMUP_SECONDS = 3;
    private static final double SECONDS = 8;
    private static final int CLOCKED_STEPS = 20;
    private static final int CLOCKED_STEPS_QUICKLY = 2;
    private static final int RATE_TRIALS = 20;

    /** Rows and columns of the matrices whose product tells what the cores can do. */
    private static final int MATRIX = 2048;

    private static final String RATE = "product of matrices";

    /** Before the words of a {@link Primitive}. */
    private static final String PRIMITIVE = "primitive ";

    @Override
    String name() {
        return "profile";
    }

    @Override
    List<String> all() {
        return List.of("small relu", "small swish", "small mish", "resnet-20 relu");
    }

    @Override
    List<Implementation> implementations() {
        return List.of(Implementation.LOOPS.withKeptMemory(), Implementation.VECTOR.withKeptMemory());
    }

    /** The parts of a step, by the classes that do it. */
    private enum Part {
        ACTIVATION("io.github.dl4jx.activations.", "org.nd4j.linalg.activations.", "io.github.dl4jx.onednn.Rectifier"),
        NORMALISATION(
                "io.github.dl4jx.onednn.BatchNormalization",
                "io.github.dl4jx.onednn.DnnBatchNormalization",
                "org.deeplearning4j.nn.layers.normalization."),
        SUM(
                "io.github.dl4jx.onednn.DnnAdd",
                "io.github.dl4jx.onednn.SummedGradient",
                "org.deeplearning4j.nn.graph.vertex.impl.ElementWiseVertex"),
        CONVOLUTION("io.github.dl4jx.onednn.Convolution", "org.deeplearning4j.nn.layers.convolution.ConvolutionLayer"),
        POOLING(
                "io.github.dl4jx.onednn.Pool",
                "org.deeplearning4j.nn.layers.convolution.subsampling.",
                "org.deeplearning4j.nn.layers.pooling."),
        DENSE_AND_LOSS(
                "io.github.dl4jx.onednn.Dense",
                "io.github.dl4jx.onednn.DnnDense",
                "org.deeplearning4j.nn.layers.BaseLayer",
                "org.deeplearning4j.nn.layers.BaseOutputLayer",
                "org.deeplearning4j.nn.layers.OutputLayer",
                "org.nd4j.linalg.lossfunctions."),
        UPDATER("org.deeplearning4j.nn.updater.", "org.nd4j.linalg.learning."),
        REST;

        private final String classes; // prefixes of their names, apart by spaces

        Part(String... classes) {
            this.classes = String.join(" ", classes);
        }

        static Part of(StackTraceElement[] stack) {
            return Stream.of(stack)
                    .flatMap(frame -> Stream.of(values()).filter(part -> part.owns(frame.getClassName())))
                    .findFirst()
                    .orElse(REST);
        }

        private boolean owns(String className) {
            return !classes.isEmpty() && Stream.of(classes.split(" ", -1)).anyMatch(className::startsWith);
        }

        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    @Override
    String group(Case of) {
        return Subject.of(of.subject()).network().toString();
    }

    /** The other path is worth a look where all is small. */
    @Override
    boolean takesPart(Implementation implementation, String group) {
        return group.equals(Architecture.SMALL.toString())
                || implementation.name().equals(Implementation.VECTOR.name());
    }

    @Override
    Session session(Task task, List<DataSet> batches) {
        return (of, result) -> {
            try (Steps training = Dl4jSteps.training(Subject.of(of.subject()).ofPack())) {
                training.time(batches, 1, task.quick() ? 1 : WARMUP_SECONDS);
                Sampler sampler = new Sampler(Thread.currentThread());
                sampler.start();
                List<Double> steps = training.time(batches, 1, task.quick() ? 2 : SECONDS);
                Map<Part, Double> shares = sampler.end();
                double step = mean(steps);
                shares.forEach((part, share) ->
                        result.accept(new Case(of.subject(), part.words(), of.size()), List.of(share * step)));
                dnnl_set_verbose(1);
                training.time(batches, clockedSteps(task.quick()), 0);
                dnnl_set_verbose(0);
            }
            result.accept(new Case(of.subject(), RATE, MATRIX), productsOfMatrices());
        };
    }

    private static int clockedSteps(boolean quick) {
        return quick ? CLOCKED_STEPS_QUICKLY : CLOCKED_STEPS;
    }

    private static List<Double> productsOfMatrices() {
        INDArray a = Nd4j.rand(DataType.FLOAT, MATRIX, MATRIX);
        INDArray product = Nd4j.createUninitialized(DataType.FLOAT, new long[] {MATRIX, MATRIX}, 'f');
        List<Double> nanos = new ArrayList<>();
        for (int i = 0; i < RATE_TRIALS; i++) {
            long before = System.nanoTime();
            a.mmuli(a, product);
            nanos.add((double) (System.nanoTime() - before));
        }
        return nanos;
    }

    /** With the primitives of the clocked steps, the time of all runs of one in a step. */
    @Override
    List<Raw> kept(Task task, Case of, Measurer.Answer answer) {
        Map<Primitive, List<Double>> runs = answer.printed().stream()
                .flatMap(line -> Primitive.parseRun(line).stream())
                .collect(Collectors.groupingBy(
                        Primitive.Run::primitive,
                        LinkedHashMap::new,
                        Collectors.mapping(Primitive.Run::nanos, Collectors.toList())));
        int steps = clockedSteps(task.quick());
        List<Raw> kept = new ArrayList<>(answer.raw());
        runs.forEach((primitive, nanos) -> kept.add(new Raw(
                task.round(),
                task.implementation(),
                new Case(of.subject(), PRIMITIVE + nanos.size() / steps + " " + primitive, of.size()),
                List.of(mean(nanos) * nanos.size() / steps),
                null)));
        return kept;
    }

    private static final class Sampler extends Thread {
        private final Thread watched;
        private final Map<Part, Integer> counts = new EnumMap<>(Part.class);
        private volatile boolean running = true;

        Sampler(Thread watched) {
            super("sampler");
            this.watched = watched;
        }

        @Override
        public void run() {
            while (running) {
                counts.merge(Part.of(watched.getStackTrace()), 1, Integer::sum);
                try {
                    sleep(1);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        /** The shares of the parts, which sum to 1. */
        Map<Part, Double> end() {
            running = false;
            try {
                join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            double samples =
                    counts.values().stream().mapToInt(Integer::intValue).sum();
            Map<Part, Double> shares = new EnumMap<>(Part.class);
            counts.forEach((part, count) -> shares.put(part, count / samples));
            return shares;
        }
    }

    @Override
    List<String> references() {
        return List.of("loops");
    }

    @Override
    List<String> method() {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "with `OneDnn.enable`; each network and activation for %.0f s, after a warm-up of %.0f s; each JVM"
                                + " trains %.0f s before",
                        SECONDS,
                        WARMUP_SECONDS,
                        SECONDS_TO_SETTLE),
                "small: " + Architecture.SMALL.description(),
                "resnet-20: " + Architecture.RESNET_20.description(),
                "parts: the training thread's stack once a millisecond; a sample belongs to the innermost frame that is of"
                        + " one of the parts, and its share of the samples is its share of the step; medians of the"
                        + " rounds",
                "primitives: oneDNN's own clock (`dnnl_set_verbose(1)`) over " + CLOCKED_STEPS
                        + " further steps; the floor is their multiplications and additions, those with padding too, at"
                        + " the rate at which ND4J multiplies two matrices of " + MATRIX + " × " + MATRIX
                        + " in the same JVM (median of " + RATE_TRIALS + ")");
    }

    @Override
    String tables(Results results) {
        StringBuilder text = new StringBuilder("Milliseconds of a step:\n\n| network and activation | path |");
        for (Part part : Part.values()) {
            text.append(' ').append(part.words()).append(" |");
        }
        text.append(" step |\n| --- | --- |")
                .append(" ---: |".repeat(Part.values().length + 1))
                .append('\n');
        for (String subject : subjects()) {
            for (Implementation implementation : implementations()) {
                List<Double> millis = millis(results, subject, implementation);
                double step = millis.stream().mapToDouble(Double::doubleValue).sum();
                if (step == 0) {
                    continue;
                }
                text.append("| ")
                        .append(subject)
                        .append(" | ")
                        .append(implementation.label())
                        .append(" |");
                millis.forEach(
                        part -> text.append(String.format(Locale.ROOT, " %.1f (%.0f %%) |", part, 100 * part / step)));
                text.append(String.format(Locale.ROOT, " %.1f |%n", step));
            }
        }
        subjects().forEach(subject -> text.append(primitives(results, subject)));
        return text.toString();
    }

    /** Of the pack with the flag: each primitive, longest first, and the floor of all. */
    private static String primitives(Results results, String subject) {
        Optional<Double> rate = results.get(new Case(subject, RATE, MATRIX), Implementation.VECTOR.name())
                .map(summary -> 2.0 * MATRIX * MATRIX * MATRIX / summary.median());
        if (rate.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%n%s, oneDNN's primitives (the cores multiply matrices at %.0f GFLOP/s):%n%n"
                        + "| primitive | direction | code | runs a step | ms a step | GFLOP/s | share of the floor |%n"
                        + "| --- | --- | --- | ---: | ---: | ---: | ---: |%n",
                subject,
                rate.get()));
        List<Case> cases = new ArrayList<>(
                results.cases(of -> of.subject().equals(subject) && of.part().startsWith(PRIMITIVE)));
        cases.sort(Comparator.comparingDouble(of -> -nanos(results, of)));
        double total = 0;
        double operations = 0;
        for (Case of : cases) {
            String[] parts = of.part().split(" ", 3);
            Primitive primitive = Primitive.parse(parts[2]);
            double nanos = nanos(results, of);
            double work = Integer.parseInt(parts[1]) * primitive.operations();
            total += nanos;
            operations += work;
            text.append(String.format(
                    Locale.ROOT,
                    "| %s %s | %s | %s | %s | %.2f |%s%n",
                    primitive.kind(),
                    primitive.words(),
                    primitive.direction(),
                    primitive.code(),
                    parts[1],
                    nanos / 1e6,
                    floor(work, nanos, rate.get())));
        }
        return text.append(String.format(
                        Locale.ROOT, "| all | | | | %.2f |%s%n", total / 1e6, floor(operations, total, rate.get())))
                .toString();
    }

    private static double nanos(Results results, Case of) {
        return results.get(of, Implementation.VECTOR.name())
                .map(Summary::median)
                .orElse(0.0);
    }

    private static String floor(double operations, double nanos, double rate) {
        return operations == 0
                ? " | |"
                : String.format(Locale.ROOT, " %.0f | %.0f %% |", operations / nanos, 100 * operations / nanos / rate);
    }

    /** What is told of a subject's step, in the order of the columns. */
    static List<Case> parts(String subject) {
        int batch = Subject.of(subject).network().batch();
        return Stream.of(Part.values())
                .map(part -> new Case(subject, part.words(), batch))
                .toList();
    }

    private static List<Double> millis(Results results, String subject, Implementation implementation) {
        return parts(subject).stream()
                .map(of -> results.get(of, implementation.name())
                        .map(summary -> summary.median() / 1e6)
                        .orElse(0.0))
                .toList();
    }

    @Override
    BufferedImage chart(Results results) {
        List<Charts.Panel> panels = subjects().stream()
                .map(subject -> Charts.panel(
                        subject + ": milliseconds of a training step",
                        Stream.of(Part.values()).map(Part::words).toList(),
                        implementations(),
                        (row, implementation) -> Optional.of(
                                millis(results, subject, implementation).get(row))))
                .toList();
        return Charts.draw(panels, false);
    }
}
