package io.github.dl4jx.examples.demo;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.examples.signal.Picture;
import io.github.dl4jx.init.Initializers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.StatUtils;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.activations.IActivation;

/** Steps to 25 % training error on CIFAR-10, for three activations at the best of three rates each. */
final class SixTimesFaster implements Demonstration {
    private static final int TRAIN = 10_000;
    private static final double TARGET = 0.25;
    private static final int MORE_SEEDS = 2;
    private static final Map<String, List<Double>> RATES = new TreeMap<>(Map.of(
            "relu", List.of(0.01, 0.03, 0.1),
            "tanh", List.of(0.01, 0.03, 0.1),
            "sigmoid", List.of(0.1, 0.03, 0.3)));
    private static final List<String> ACTIVATIONS = List.of("relu", "tanh", "sigmoid");

    @Override
    public String name() {
        return "six-times";
    }

    @Override
    public String title() {
        return "\"ReLU converges six times faster than tanh\"";
    }

    @Override
    public String claim() {
        return "Krizhevsky et al. (2012, figure 1) trained a four-layer convolutional network on CIFAR-10 to 25 % training error,"
                + " with ReLU in a sixth of the steps that tanh took, each at a rate of its own and without regularisation."
                + " Lectures repeat it of sigmoid and tanh, and of networks at large.";
    }

    @Override
    public String meaning() {
        return "Here, with Xavier's weights and a rate of its own, tanh arrives as soon as ReLU does; their seeds overlap. It is the"
                + " sigmoid that falls behind, by more than one could wait for. A small network on a part of the data is not"
                + " theirs, and the initialisers are younger than their paper: the factor belongs to network, data and rates, not"
                + " to the functions. A rate's run is"
                + " stopped where a better rate of the same activation had arrived. Training errors are of 1,000 training"
                + " images, measured every 25 steps.";
    }

    /** A run of an activation, and the steps that it took to the target: −1 if it never came there. */
    private record Race(String activation, double rate, long seed, ImageRun run) {
        int reached() {
            return run.last().error() <= TARGET ? run.last().step() : -1;
        }
    }

    /**
     * All runs of an activation; the best is the first to arrive, or else the one that came nearest. The steps are of other
     * seeds than that which the rate was chosen by; where the best did not arrive, there are none, and it is the bound.
     */
    private record Entrant(String activation, List<Race> rates, Race best, List<Race> seeds) {
        /** The mean over the seeds; the most that a run may take where one did not arrive. */
        double steps(int most) {
            return StatUtils.mean(seeds.stream()
                    .mapToDouble(race -> race.reached() < 0 ? most : race.reached())
                    .toArray());
        }

        boolean arrived() {
            return seeds.stream().allMatch(race -> race.reached() > 0);
        }

        String each() {
            return seeds.stream()
                    .map(race -> race.reached() < 0
                            ? "not within " + race.run.last().step()
                            : String.valueOf(race.reached()))
                    .collect(Collectors.joining(", "));
        }
    }

    @Override
    public Outcome run(Setting setting) throws IOException {
        ImageTraining training = new ImageTraining(setting, TRAIN);
        List<Entrant> entrants = new ArrayList<>();
        for (String activation : ACTIVATIONS) {
            entrants.add(entrant(training, activation, setting));
        }
        Table curves = Table.of("activation", "rate", "seed", "step", "train_loss", "train_error");
        Table summary =
                Table.of("activation", "best rate", "steps to 25 %, a seed each", "mean", "training error at the end");
        for (Entrant entrant : entrants) {
            List<Race> all = new ArrayList<>(entrant.rates);
            entrant.seeds.stream().filter(race -> !all.contains(race)).forEach(all::add);
            for (Race race : all) {
                for (ImageRun.Moment moment : race.run.curve()) {
                    curves = curves.with(
                            race.activation, race.rate, race.seed, moment.step(), moment.loss(), moment.error());
                }
            }
            summary = summary.with(
                    entrant.activation,
                    entrant.best.rate,
                    entrant.each(),
                    (entrant.arrived() ? "" : "≥ ") + Table.number(entrant.steps(setting.steps())),
                    entrant.best.run.last().error());
        }
        Entrant relu = entrants.get(0);
        double reluSteps = relu.steps(setting.steps());
        List<Check> checks = new ArrayList<>();
        checks.add(Check.atMost(
                "ReLU: training error at the end", relu.best.run.last().error(), TARGET));
        for (Entrant other : entrants.subList(1, entrants.size())) {
            double ratio = other.steps(setting.steps()) / reluSteps;
            String what = other.activation + "'s steps by ReLU's" + (other.arrived() ? "" : ", a lower bound");
            checks.add(other.activation.equals("tanh") ? Check.atMost(what, ratio, 2) : Check.atLeast(what, ratio, 2));
            checks.add(Check.between("\"six times\": " + what, ratio, 5, other.arrived() ? 7 : Double.POSITIVE_INFINITY)
                    .ofOthers());
        }
        return new Outcome(
                training.setting()
                        + ", He for ReLU and Xavier for tanh and sigmoid, three rates each with the seed named, steps of "
                        + MORE_SEEDS + " other seeds at the best, at most " + setting.steps() + " steps a run",
                checks,
                summary,
                curves,
                new Outcome.Drawing(1_000, 460, g -> {
                    Lines best = new Lines("each at its best rate", "step", "training error");
                    Lines all = new Lines("all rates, one seed", "step", "training error");
                    for (int i = 0; i < entrants.size(); i++) {
                        Entrant entrant = entrants.get(i);
                        best.line(
                                entrant.activation + ", " + entrant.best.rate,
                                entrant.best.run.steps(),
                                entrant.best.run.errors(),
                                Picture.colour(i));
                        for (Race race : entrant.rates) {
                            all.line(
                                    entrant.activation + ", " + race.rate,
                                    race.run.steps(),
                                    race.run.errors(),
                                    Picture.colour(i));
                        }
                    }
                    int end = entrants.stream()
                            .mapToInt(entrant -> entrant.best.run.last().step())
                            .max()
                            .orElse(1);
                    best.dashed("25 %", List.of(0, end), List.of(TARGET, TARGET))
                            .paint(g, 0, 0, 500, 460);
                    all.dashed("25 %", List.of(0, end), List.of(TARGET, TARGET)).paint(g, 500, 0, 500, 460);
                }));
    }

    private static Entrant entrant(ImageTraining training, String activation, Setting setting) throws IOException {
        List<Race> rates = new ArrayList<>();
        Race best = null;
        for (double rate : Objects.requireNonNull(RATES.get(activation))) {
            // slower than the best so far is all that one needs to know of a rate
            int most = best == null || best.reached() < 0 ? setting.steps() : best.reached();
            Race race = race(training, activation, rate, setting.seed(), most);
            rates.add(race);
            if (best == null
                    || race.reached() > 0
                    || (best.reached() < 0
                            && race.run.last().error() < best.run.last().error())) {
                best = race;
            }
        }
        Race fastest = Objects.requireNonNull(best);
        List<Race> seeds = new ArrayList<>();
        for (int i = 1; i <= MORE_SEEDS && fastest.reached() > 0; i++) {
            seeds.add(race(training, activation, fastest.rate, setting.seed() + i, setting.steps()));
        }
        if (seeds.isEmpty()) {
            seeds.add(fastest);
        }
        return new Entrant(activation, rates, fastest, seeds);
    }

    private static Race race(ImageTraining training, String activation, double rate, long seed, int most)
            throws IOException {
        return new Race(
                activation,
                rate,
                seed,
                training.run(
                        activation + ", rate " + rate + ", seed " + seed,
                        configuration(activation, rate, seed),
                        seed,
                        most,
                        TARGET));
    }

    private static MultiLayerConfiguration configuration(String activation, double rate, long seed) {
        ListBuilder layers = ImageTraining.builder(seed, rate);
        for (int filters : ImageTraining.FILTERS) {
            IActivation function = Activations.get(activation);
            layers.layer(new ConvolutionLayer.Builder(3, 3)
                    .nOut(filters)
                    .activation(function)
                    .weightInit(Initializers.recommendedFor(function).initializer())
                    .build());
            layers.layer(ImageTraining.pooling());
        }
        return ImageTraining.withOutput(layers);
    }
}
