package io.github.dl4jx.examples.demo;

import io.github.dl4jx.examples.signal.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/** Units that start equal stay equal. */
final class ConstantInitialization implements Demonstration {
    private static final int EXAMPLES = 200;
    private static final int UNITS = 8;
    private static final int STEPS = 500;
    private static final int EVERY = 10;
    private static final double RATE = 0.02;

    @Override
    public String name() {
        return "symmetry";
    }

    @Override
    public String title() {
        return "Constant initialisation keeps all units equal";
    }

    @Override
    public String claim() {
        return "Units of a layer that start with the same weights compute the same, receive the same gradient and remain one"
                + " unit for ever. Random weights tell them apart.";
    }

    @Override
    public String meaning() {
        return "However many units it has, each layer of the first network is a single one, and no training changes that: the"
                + " weights move, but in step. So it separates the disc from the ring about as badly as one unit can. Nothing"
                + " in gradient descent breaks the symmetry; random initial weights do, and so would dropout.";
    }

    /**
     * One network's training.
     *
     * @param weights from the first input to each unit of the first layer, for each step recorded
     * @param distinct different units of each layer, for each step recorded
     */
    private record Training(List<float[]> weights, List<int[]> distinct, double accuracy) {
        IntStream distinct(int layer) {
            return distinct.stream().mapToInt(counts -> counts[layer]);
        }

        List<Double> weights(int unit) {
            return weights.stream().map(row -> (double) row[unit]).toList();
        }
    }

    @Override
    public Outcome run(Setting setting) {
        Points points = Points.circles(EXAMPLES, setting.seed());
        Training constant = train(points, "constant(value=0.5)", setting.seed());
        Training random = train(points, "xavier", setting.seed());
        List<Integer> steps = new ArrayList<>();
        Table curves = Table.of("step", "constant_layer_1", "constant_layer_2", "random_layer_1", "random_layer_2");
        for (int i = 0; i < constant.distinct.size(); i++) {
            steps.add(i * EVERY);
            int[] one = constant.distinct.get(i);
            int[] other = random.distinct.get(i);
            curves = curves.with(i * EVERY, one[0], one[1], other[0], other[1]);
        }
        List<Check> checks = List.of(
                Check.equal(
                        "constant: most distinct units of layer 1 at any time",
                        constant.distinct(0).max().orElse(0),
                        1),
                Check.equal(
                        "constant: most distinct units of layer 2 at any time",
                        constant.distinct(1).max().orElse(0),
                        1),
                Check.equal(
                        "random: fewest distinct units of either layer at any time",
                        IntStream.concat(random.distinct(0), random.distinct(1))
                                .min()
                                .orElse(0),
                        UNITS),
                Check.atMost("constant: training accuracy", constant.accuracy, 0.8),
                Check.atLeast("random: training accuracy", random.accuracy, 0.98));
        Table summary = Table.of("initialiser", "distinct units, layer 1", "layer 2", "training accuracy")
                .with(
                        "constant 0.5",
                        constant.distinct(0).max().orElse(0),
                        constant.distinct(1).max().orElse(0),
                        constant.accuracy)
                .with(
                        "Xavier",
                        random.distinct(0).min().orElse(0),
                        random.distinct(1).min().orElse(0),
                        random.accuracy);
        return new Outcome(
                EXAMPLES + " points in a disc and a ring, 2-" + UNITS + "-" + UNITS + "-1 units, tanh, Adam at " + RATE
                        + ", " + STEPS + " steps over all points",
                checks,
                summary,
                curves,
                new Outcome.Drawing(1_000, 380, g -> {
                    lines("constant 0.5: eight units, one line", constant, steps)
                            .paint(g, 0, 0, 500, 380);
                    lines("Xavier: eight units, eight lines", random, steps).paint(g, 500, 0, 500, 380);
                }));
    }

    private static Lines lines(String title, Training training, List<Integer> steps) {
        Lines lines = new Lines(title, "step", "weight from input 1 to each unit of layer 1").withoutLegend();
        for (int unit = 0; unit < UNITS; unit++) {
            lines.line("unit " + (unit + 1), steps, training.weights(unit), Picture.colour(unit));
        }
        return lines;
    }

    private static Training train(Points points, String initializer, long seed) {
        MultiLayerNetwork network = DenseNetwork.of(seed, new Adam(RATE), "tanh", initializer, 2, UNITS, UNITS);
        INDArray features = points.features();
        INDArray labels = points.labels();
        List<float[]> weights = new ArrayList<>();
        List<int[]> distinct = new ArrayList<>();
        for (int step = 0; step <= STEPS; step++) {
            if (step % EVERY == 0) {
                weights.add(network.getLayer(0).getParam("W").getRow(0).toFloatVector());
                distinct.add(new int[] {distinct(network, 0), distinct(network, 1)});
            }
            network.fit(features, labels);
        }
        return new Training(weights, distinct, points.accuracy(network));
    }

    /** Units that differ in a weight or in their bias, be it by the last bit. */
    private static int distinct(MultiLayerNetwork network, int layer) {
        INDArray weights = network.getLayer(layer).getParam("W");
        INDArray biases = network.getLayer(layer).getParam("b");
        return (int) IntStream.range(0, weights.columns())
                .mapToObj(unit -> {
                    List<Float> unitWeights = new ArrayList<>();
                    for (float weight : weights.getColumn(unit).toFloatVector()) {
                        unitWeights.add(weight);
                    }
                    unitWeights.add(biases.getFloat(unit));
                    return unitWeights;
                })
                .distinct()
                .count();
    }
}
