package io.github.dl4jx.examples.demo;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.examples.Spread;
import io.github.dl4jx.examples.signal.Picture;
import io.github.dl4jx.init.Initializers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.apache.commons.math3.stat.StatUtils;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.activations.IActivation;

/** Batch normalisation in front of the activation, or behind it. */
final class BatchNormOrder implements Demonstration {
    private static final int TRAIN = 45_000;
    private static final int STEPS = 400;
    private static final int SEEDS = 3;
    private static final double RATE = 0.01;

    private enum Place {
        NONE("none"),
        BEFORE("before"),
        AFTER("after");

        private final String label;

        Place(String label) {
            this.label = label;
        }
    }

    @Override
    public String name() {
        return "batch-norm-order";
    }

    @Override
    public String title() {
        return "Batch norm before or after the activation";
    }

    @Override
    public String claim() {
        return "Ioffe and Szegedy (2015) put batch normalisation between the weights and the activation, and most networks have"
                + " it there; others report that behind the activation is as good or better.";
    }

    @Override
    public String meaning() {
        return "One small network, one rate and the first four hundred steps: enough to see that normalising at either place"
                + " trains faster than none, and how large the difference of the places is beside that of the seeds. Not enough"
                + " to say which is better in general; the sign of a difference is not a law. In front of ReLU it keeps half of"
                + " the units open, whatever the weights do; behind, it centres what the next layer gets.";
    }

    private record Group(String activation, Place place, List<ImageRun> runs) {
        double mean(Function<ImageRun, Double> value) {
            return StatUtils.mean(values(value));
        }

        double[] values(Function<ImageRun, Double> value) {
            return runs.stream().mapToDouble(value::apply).toArray();
        }

        List<Double> meanCurve() {
            List<Double> curve = new ArrayList<>();
            for (int i = 0; i < runs.get(0).curve().size(); i++) {
                int at = i;
                curve.add(mean(
                        run -> run.curve().size() > at ? run.curve().get(at).error() : Double.NaN));
            }
            return curve;
        }
    }

    @Override
    public Outcome run(Setting setting) throws IOException {
        ImageTraining training = new ImageTraining(setting, TRAIN);
        int steps = Math.min(STEPS, setting.steps());
        List<Group> groups = new ArrayList<>();
        Table curves =
                Table.of("activation", "batch_norm", "seed", "step", "train_loss", "train_error", "test_accuracy");
        for (String activation : List.of("relu", "tanh")) {
            for (Place place : Place.values()) {
                List<ImageRun> runs = new ArrayList<>();
                for (long seed :
                        LongStream.range(setting.seed(), setting.seed() + SEEDS).toArray()) {
                    ImageRun run = training.run(
                            activation + ", batch norm " + place.label + ", rate " + RATE + ", seed " + seed,
                            configuration(activation, place, seed),
                            seed,
                            steps,
                            -1);
                    for (ImageRun.Moment moment : run.curve()) {
                        curves = curves.with(
                                activation,
                                place.label,
                                seed,
                                moment.step(),
                                moment.loss(),
                                moment.error(),
                                run.testAccuracy());
                    }
                    runs.add(run);
                }
                groups.add(new Group(activation, place, runs));
            }
        }
        Table summary = Table.of("activation", "batch norm", "test accuracy %", "training error %");
        for (Group group : groups) {
            summary = summary.with(
                    group.activation,
                    group.place.label,
                    percent(group, ImageRun::testAccuracy),
                    percent(group, run -> run.last().error()));
        }
        List<Check> checks = new ArrayList<>();
        for (String activation : List.of("relu", "tanh")) {
            double none = accuracy(groups, activation, Place.NONE);
            double before = accuracy(groups, activation, Place.BEFORE);
            double after = accuracy(groups, activation, Place.AFTER);
            checks.add(Check.atLeast(
                    activation + ": test accuracy with batch norm at the worse place less without, points",
                    100 * (Math.min(before, after) - none),
                    0));
            checks.add(Check.atMost(
                    activation + ": the places' difference by what batch norm gains at the better one",
                    Math.abs(before - after) / (Math.max(before, after) - none),
                    1));
            checks.add(Check.atLeast(
                            "\"before the activation\", " + activation + ": test accuracy before less after, points",
                            100 * (before - after),
                            0)
                    .ofOthers());
        }
        return new Outcome(
                training.setting() + ", He for ReLU and Xavier for tanh, rate " + RATE + ", " + steps + " steps, "
                        + SEEDS + " seeds from the one named on; ±: standard deviation over them",
                checks,
                summary,
                curves,
                new Outcome.Drawing(1_000, 420, g -> {
                    lines(groups, "relu").paint(g, 0, 0, 500, 420);
                    lines(groups, "tanh").paint(g, 500, 0, 500, 420);
                }));
    }

    private static Lines lines(List<Group> groups, String activation) {
        Lines lines = new Lines(activation + ", mean of " + SEEDS + " seeds", "step", "training error");
        List<Group> shown = groups.stream()
                .filter(group -> group.activation.equals(activation))
                .toList();
        for (int i = 0; i < shown.size(); i++) {
            Group group = shown.get(i);
            lines.line(
                    "batch norm " + group.place.label, group.runs.get(0).steps(), group.meanCurve(), Picture.colour(i));
        }
        return lines;
    }

    private static double accuracy(List<Group> groups, String activation, Place place) {
        return groups.stream()
                .filter(group -> group.activation.equals(activation) && group.place == place)
                .mapToDouble(group -> group.mean(ImageRun::testAccuracy))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static String percent(Group group, Function<ImageRun, Double> value) {
        return Spread.of(group.values(run -> 100 * value.apply(run)), 1);
    }

    private static MultiLayerConfiguration configuration(String activation, Place place, long seed) {
        ListBuilder layers = ImageTraining.builder(seed, RATE);
        for (int filters : ImageTraining.FILTERS) {
            IActivation function = Activations.get(activation);
            layers.layer(new ConvolutionLayer.Builder(3, 3)
                    .nOut(filters)
                    .activation(place == Place.BEFORE ? new Identity() : function)
                    .weightInit(Initializers.recommendedFor(function).initializer())
                    .build());
            if (place != Place.NONE) {
                layers.layer(new BatchNormalization.Builder().build());
            }
            if (place == Place.BEFORE) {
                layers.layer(new ActivationLayer.Builder().activation(function).build());
            }
            layers.layer(ImageTraining.pooling());
        }
        return ImageTraining.withOutput(layers);
    }
}
