package io.github.dl4jx.examples.demo;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.Softmax;
import io.github.dl4jx.examples.signal.Picture;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** One large step kills ReLU units; others come back. */
final class DyingReLU implements Demonstration {
    private static final int EXAMPLES = 200;
    private static final int UNITS = 50;
    private static final int STEPS = 500;
    private static final int EVERY = 5;

    /** From here on for some steps the rate is large. */
    private static final int LARGE_FROM = 60;

    private static final int LARGE_STEPS = 3;
    private static final double RATE = 0.1;
    private static final double LARGE = 8;

    private static final List<Variant> VARIANTS = List.of(
            new Variant("ReLU, small steps only", "relu", false, false),
            new Variant("ReLU", "relu", false, true),
            new Variant("leaky ReLU", "leakyrelu", false, true),
            new Variant("ELU", "elu", false, true),
            new Variant("batch norm, ReLU", "relu", true, true));

    @Override
    public String name() {
        return "dying-relu";
    }

    @Override
    public String title() {
        return "A large step kills ReLU units";
    }

    @Override
    public String claim() {
        return "A large step can move a ReLU unit to where it is shut for every example. Then no gradient reaches its weights,"
                + " and it never opens again. Leaky ReLU and ELU let some gradient pass, and batch normalisation opens half of"
                + " all units anew.";
    }

    @Override
    public String meaning() {
        return "A unit is shut if its input is negative for all examples, and dead if its slope is 0 for all of them. A ReLU unit"
                + " that is shut is dead: nothing changes its own weights any more, and only a change of the layer before it"
                + " could open it. A shut leaky ReLU unit is not dead, but with a slope of 0.01 it moves a hundred times more"
                + " slowly, and in these steps that helps it little: not to be dead is not yet to be well. ELU's slope near 0 is"
                + " larger, and its network recovers; units thrown far below −100, where 32-bit floats round e^x to 0, would"
                + " be dead like ReLU's. Batch normalisation in front measures inputs by their own mean and deviation, so that"
                + " large steps of the weights shut nothing. So would a smaller step: without the large ones ReLU is fine.";
    }

    private record Variant(String label, String activation, boolean normalised, boolean largeSteps) {
        MultiLayerNetwork network(long seed) {
            ListBuilder layers = DenseNetwork.builder(seed, new Sgd(RATE), "he");
            for (int i = 0; i < 2; i++) {
                layers.layer(new DenseLayer.Builder()
                        .nOut(UNITS)
                        .activation(new Identity())
                        .build());
                if (normalised) {
                    layers.layer(new BatchNormalization.Builder().build());
                }
                layers.layer(new ActivationLayer.Builder()
                        .activation(Activations.get(activation))
                        .build());
            }
            // the cross-entropy of two classes by one sigmoid has no gradient where that is 0 or 1 in 32 bits
            MultiLayerNetwork network = new MultiLayerNetwork(layers.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                            .activation(new Softmax())
                            .nOut(2)
                            .build())
                    .setInputType(InputType.feedForward(2))
                    .build());
            network.init();
            return network;
        }
    }

    private static double accuracy(MultiLayerNetwork network, INDArray features, INDArray labels) {
        return network.output(features)
                .argMax(1)
                .eq(labels.argMax(1))
                .castTo(labels.dataType())
                .meanNumber()
                .doubleValue();
    }

    /** What is recorded at a step. */
    private record Moment(int step, double shut, Set<Integer> deadUnits, double loss) {
        double dead() {
            return deadUnits.size() / (2.0 * UNITS);
        }

        /** Of the units that were dead, the share that is so now. */
        double stillDead(Moment before) {
            return (double) before.deadUnits.stream()
                            .filter(deadUnits::contains)
                            .count()
                    / before.deadUnits.size();
        }
    }

    private record Training(Variant variant, List<Moment> moments, double accuracy) {
        List<Integer> steps() {
            return moments.stream().map(Moment::step).toList();
        }

        Moment last() {
            return moments.get(moments.size() - 1);
        }

        /** Right after the large steps. */
        Moment after() {
            return moments.stream()
                    .filter(moment -> moment.step >= LARGE_FROM + LARGE_STEPS)
                    .findFirst()
                    .orElseThrow();
        }

        double mostDead() {
            return moments.stream().mapToDouble(Moment::dead).max().orElse(Double.NaN);
        }
    }

    @Override
    public Outcome run(Setting setting) {
        Points points = Points.circles(EXAMPLES, setting.seed());
        List<Training> all = VARIANTS.stream()
                .map(variant -> train(variant, points, setting.seed()))
                .toList();
        Table curves = Table.of("variant", "step", "shut", "dead", "loss");
        Table summary = Table.of(
                "variant", "shut after the large steps", "shut at the end", "dead at the end", "training accuracy");
        for (Training one : all) {
            for (Moment moment : one.moments) {
                curves = curves.with(one.variant.label, moment.step, moment.shut, moment.dead(), moment.loss);
            }
            summary = summary.with(
                    one.variant.label,
                    one.after().shut,
                    one.last().shut,
                    one.last().dead(),
                    one.accuracy);
        }
        Training relu = all.get(1);
        Training leaky = all.get(2);
        Training elu = all.get(3);
        Training normalised = all.get(4);
        List<Check> checks = List.of(
                Check.atMost(
                        "ReLU, small steps only: share of dead units at the end",
                        all.get(0).last().dead(),
                        0.1),
                Check.atLeast(
                        "ReLU: share of dead units after the large steps",
                        relu.after().dead(),
                        0.4),
                Check.atLeast(
                        "ReLU: of those, share still dead at the end",
                        relu.last().stillDead(relu.after()),
                        0.9),
                Check.atMost("ReLU: training accuracy at the end", relu.accuracy, 0.9),
                Check.equal("leaky ReLU: most dead units at any time", leaky.mostDead(), 0),
                Check.atLeast(
                                "\"leaky ReLU mends it\": training accuracy at the end less ReLU's",
                                leaky.accuracy - relu.accuracy,
                                0.1)
                        .ofOthers(),
                Check.equal("ELU: most dead units at any time", elu.mostDead(), 0),
                Check.atLeast("ELU: training accuracy at the end", elu.accuracy, 0.95),
                Check.atMost(
                        "batch norm, ReLU: share of dead units after the large steps",
                        normalised.after().dead(),
                        0.1),
                Check.atLeast("batch norm, ReLU: training accuracy at the end", normalised.accuracy, 0.95));
        return new Outcome(
                EXAMPLES + " points in a disc and a ring, 2-" + UNITS + "-" + UNITS + "-2 units, He, SGD at " + RATE
                        + " over all points, but " + LARGE_STEPS + " steps at " + LARGE + " from step " + LARGE_FROM
                        + " on",
                checks,
                summary,
                curves,
                new Outcome.Drawing(1_500, 420, g -> {
                    lines("dead units: slope 0 for all examples", "share", all, Moment::dead)
                            .paint(g, 0, 0, 500, 420);
                    lines("shut units: never a positive input", "share", all, Moment::shut)
                            .paint(g, 500, 0, 500, 420);
                    lines("loss", "cross-entropy", all, Moment::loss)
                            .logarithmicY()
                            .paint(g, 1_000, 0, 500, 420);
                }));
    }

    private interface Value {
        double of(Moment moment);
    }

    private static Lines lines(String title, String axis, List<Training> all, Value value) {
        Lines lines = new Lines(title, "step", axis);
        for (int i = 0; i < all.size(); i++) {
            Training one = all.get(i);
            lines.line(
                    one.variant.label,
                    one.steps(),
                    one.moments.stream().map(value::of).toList(),
                    Picture.colour(i));
        }
        return lines;
    }

    private static Training train(Variant variant, Points points, long seed) {
        MultiLayerNetwork network = variant.network(seed);
        INDArray features = points.features();
        INDArray labels = Nd4j.hstack(points.labels().rsub(1), points.labels());
        List<Moment> moments = new ArrayList<>();
        for (int step = 0; step <= STEPS; step++) {
            if (variant.largeSteps && (step == LARGE_FROM || step == LARGE_FROM + LARGE_STEPS)) {
                network.setLearningRate(step == LARGE_FROM ? LARGE : RATE);
            }
            if (step % EVERY == 0) {
                moments.add(moment(step, network, features, labels));
            }
            network.fit(features, labels);
        }
        return new Training(variant, moments, accuracy(network, features, labels));
    }

    private static Moment moment(int step, MultiLayerNetwork network, INDArray features, INDArray labels) {
        List<INDArray> values = network.feedForward(features, true);
        long shut = 0;
        Set<Integer> dead = new HashSet<>();
        int before = 0;
        for (int i = 0; i < network.getnLayers(); i++) {
            if (network.getLayer(i).conf().getLayer() instanceof ActivationLayer layer) {
                INDArray inputs = values.get(i); // the network's own input is values.get(0)
                IActivation activation = layer.getActivationFn();
                INDArray slopes =
                        activation.backprop(inputs.dup(), Nd4j.onesLike(inputs)).getFirst();
                float[] highest = inputs.max(0).toFloatVector();
                float[] steepest = slopes.max(0).toFloatVector();
                for (int unit = 0; unit < UNITS; unit++) {
                    shut += highest[unit] <= 0 ? 1 : 0;
                    if (steepest[unit] == 0) {
                        dead.add(before + unit);
                    }
                }
                before += UNITS;
            }
        }
        return new Moment(step, shut / (2.0 * UNITS), dead, network.score(new DataSet(features, labels), true));
    }
}
