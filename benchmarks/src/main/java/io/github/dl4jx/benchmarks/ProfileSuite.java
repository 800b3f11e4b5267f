package io.github.dl4jx.benchmarks;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.linalg.dataset.DataSet;
import picocli.CommandLine.Command;

/**
 * Where the time of a training step goes: the stack of the training thread, looked at once a millisecond, belongs to the
 * part of the innermost frame that is known to be of one.
 */
@Command(
        name = "profile",
        description = "Where the time of a training step goes.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProfileSuite extends StepSuite {
    private static final double WARMUP_SECONDS = 3;
    private static final double SECONDS = 8;

    @Override
    String name() {
        return "profile";
    }

    @Override
    List<String> all() {
        return List.of("relu", "swish", "mish");
    }

    @Override
    List<Implementation> implementations() {
        return List.of(Implementation.LOOPS.withKeptMemory(), Implementation.VECTOR.withKeptMemory());
    }

    /** The parts of a step, by the classes that do it. */
    private enum Part {
        ACTIVATION("io.github.dl4jx.activations.", "org.nd4j.linalg.activations.", "io.github.dl4jx.onednn.Rectifier"),
        CONVOLUTION("io.github.dl4jx.onednn.Convolution", "org.deeplearning4j.nn.layers.convolution.ConvolutionLayer"),
        POOLING("io.github.dl4jx.onednn.Pool", "org.deeplearning4j.nn.layers.convolution.subsampling."),
        DENSE_AND_LOSS(
                "io.github.dl4jx.onednn.Dense",
                "io.github.dl4jx.onednn.DnnDense",
                "org.deeplearning4j.nn.layers.BaseLayer",
                "org.deeplearning4j.nn.layers.BaseOutputLayer",
                "org.deeplearning4j.nn.layers.OutputLayer",
                "org.nd4j.linalg.lossfunctions."),
        ADAM("org.deeplearning4j.nn.updater.", "org.nd4j.linalg.learning."),
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
            }
        };
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
                        "%s, with `OneDnn.enable`; each activation for %.0f s, after a warm-up of %.0f s; each JVM trains"
                                + " %.0f s before",
                        ConvolutionTraining.DESCRIPTION,
                        SECONDS,
                        WARMUP_SECONDS,
                        SECONDS_TO_SETTLE),
                "the training thread's stack once a millisecond; a sample belongs to the innermost frame that is of one of"
                        + " the parts, and its share of the samples is its share of the step; medians of the rounds");
    }

    @Override
    String tables(Results results) {
        StringBuilder text = new StringBuilder("Milliseconds of a step:\n\n| activation | path |");
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
        return text.toString();
    }

    private static List<Double> millis(Results results, String subject, Implementation implementation) {
        List<Double> millis = new ArrayList<>();
        for (Part part : Part.values()) {
            Optional<Summary> summary =
                    results.get(new Case(subject, part.words(), ConvolutionTraining.BATCH), implementation.name());
            millis.add(summary.map(s -> s.median() / 1e6).orElse(0.0));
        }
        return millis;
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
