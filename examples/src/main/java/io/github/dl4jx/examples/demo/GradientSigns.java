package io.github.dl4jx.examples.demo;

import io.github.dl4jx.examples.signal.Picture;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/** What positive inputs do to the gradients of a sigmoid unit's weights. */
final class GradientSigns implements Demonstration {
    private static final int EXAMPLES = 256;
    private static final int INPUTS = 20;
    private static final int BATCH = 64;

    private static final int WARM_UP = 50;

    /** Of the descent in two dimensions. */
    private static final int STEPS = 400;

    private static final double RATE = 2;
    private static final double[] WANTED = {2, -2};

    @Override
    public String name() {
        return "gradient-signs";
    }

    @Override
    public String title() {
        return "Positive inputs give all weight gradients of a unit one sign";
    }

    @Override
    public String claim() {
        return "If all inputs of a sigmoid unit are positive, the gradients of its weights are all positive or all negative, so"
                + " that descent zigzags. This is why data is centred, and why what leaves a sigmoid layer, which is positive,"
                + " hinders the next one.";
    }

    @Override
    public String meaning() {
        return "A weight's gradient is the unit's error times the input, so positive inputs leave the sign to the error alone:"
                + " in one example always, without exception. Centred, the signs mix; 20 fair coins have a majority of 0.59."
                + " The weights wanted on the right, (2, −2), cannot be approached directly when both must rise or fall"
                + " together: each step is at least 45° off. The lecture's \"always\" ends with the batch: summed over examples"
                + " whose errors differ in sign, signs mix for positive inputs too, if less.";
    }

    @Override
    public Outcome run(Setting setting) {
        long seed = setting.seed();
        double[][] positive = uniform(EXAMPLES, INPUTS, 0, seed);
        double[][] centred = uniform(EXAMPLES, INPUTS, -0.5, seed);
        INDArray labels = labels(seed);
        MultiLayerNetwork unit = trained(positive, labels, seed);
        double onePositive = oneSign(unit, Points.array(positive), labels, 1, 0);
        double batchPositive = oneSign(unit, Points.array(positive), labels, BATCH, 0);
        MultiLayerNetwork centredUnit = trained(centred, labels, seed);
        double oneCentred = oneSign(centredUnit, Points.array(centred), labels, 1, 0);
        double batchCentred = oneSign(centredUnit, Points.array(centred), labels, BATCH, 0);
        MultiLayerNetwork sigmoids = DenseNetwork.of(seed, new Sgd(0), "sigmoid", "xavier", INPUTS, INPUTS, INPUTS);
        MultiLayerNetwork tanhs = DenseNetwork.of(seed, new Sgd(0), "tanh", "xavier", INPUTS, INPUTS, INPUTS);
        double behindSigmoid = oneSign(sigmoids, Points.array(centred), labels, 1, 1);
        double behindTanh = oneSign(tanhs, Points.array(centred), labels, 1, 1);

        double[][] plane = uniform(STEPS, 2, 0, seed + 1);
        double[][] centredPlane = uniform(STEPS, 2, -0.5, seed + 1);
        List<double[]> zigzag = descend(plane, seed);
        List<double[]> straight = descend(centredPlane, seed);
        Table curves = Table.of("step", "positive_w1", "positive_w2", "centred_w1", "centred_w2");
        for (int i = 0; i <= STEPS; i++) {
            curves = curves.with(i, zigzag.get(i)[0], zigzag.get(i)[1], straight.get(i)[0], straight.get(i)[1]);
        }
        List<Check> checks = List.of(
                Check.equal(
                        "positive inputs, one example: share of gradients with the majority's sign", onePositive, 1),
                Check.atMost("centred inputs, one example: the same share", oneCentred, 0.65),
                Check.equal("hidden unit behind sigmoid units, one example: the same share", behindSigmoid, 1),
                Check.atMost("hidden unit behind tanh units, one example: the same share", behindTanh, 0.65),
                Check.equal(
                                "\"always all positive or all negative\", summed over a batch of " + BATCH
                                        + ": the same share",
                                batchPositive,
                                1)
                        .ofOthers(),
                Check.atMost(
                        "positive inputs: best cosine between a step and the way to the weights wanted",
                        bestCosine(zigzag),
                        Math.sqrt(0.5) + 1e-4),
                Check.atLeast(
                        "length of the path to the weights, positive by centred",
                        length(zigzag) / length(straight),
                        1.5));
        Table summary = Table.of("gradients of one sign", "one example", "batch of " + BATCH)
                .with("positive inputs", onePositive, batchPositive)
                .with("centred inputs", oneCentred, batchCentred);
        return new Outcome(
                EXAMPLES + " examples of " + INPUTS
                        + " inputs from U(0, 1), centred: U(−1/2, 1/2), signs after "
                        + WARM_UP + " steps; descent: two inputs, SGD at " + RATE
                        + ", one example a step, " + STEPS + " steps",
                checks,
                summary,
                curves,
                new Outcome.Drawing(1_000, 500, g -> {
                    paint(new Plane(g, 20, 15, 460, 1, -1, 2.2), "positive inputs: zigzag", plane, zigzag);
                    paint(new Plane(g, 520, 15, 460, 1, -1, 2.2), "centred inputs", centredPlane, straight);
                }));
    }

    private static void paint(Plane plane, String title, double[][] inputs, List<double[]> path) {
        plane.title(title + " (axes: the two weights; white: low loss)");
        double floor = loss(WANTED, inputs);
        plane.shade(places -> {
            double[] shades = new double[places.length];
            for (int i = 0; i < shades.length; i++) {
                // rings of equal loss, the brighter the lower
                double above = Math.sqrt(Math.max(0, loss(places[i], inputs) - floor));
                shades[i] = 0.5 + 0.5 * Math.min(1, Math.floor(above * 24) / 16);
            }
            return shades;
        });
        plane.axes();
        plane.path(path, Color.BLACK);
        plane.point(WANTED, Picture.colour(1));
    }

    private static double[][] uniform(int rows, int columns, double low, long seed) {
        Random random = new Random(seed);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int j = 0; j < columns; j++) {
                row[j] = low + random.nextDouble();
            }
        }
        return values;
    }

    private static INDArray labels(long seed) {
        Random random = new Random(~seed);
        double[][] labels = new double[EXAMPLES][1];
        for (double[] label : labels) {
            label[0] = random.nextInt(2);
        }
        return Points.array(labels);
    }

    /** A few steps: at the very start the errors of a whole batch may agree in sign by chance of the first weights. */
    private static MultiLayerNetwork trained(double[][] inputs, INDArray labels, long seed) {
        MultiLayerNetwork unit = DenseNetwork.of(seed, new Sgd(0.5), "sigmoid", "xavier", INPUTS);
        INDArray features = Points.array(inputs);
        for (int step = 0; step < WARM_UP; step++) {
            unit.fit(features, labels);
        }
        return unit;
    }

    /** Of the gradients of each unit's weights in each batch, the share that has the majority's sign; the mean of all. */
    private static double oneSign(MultiLayerNetwork network, INDArray inputs, INDArray labels, int batch, int layer) {
        return IntStream.range(0, EXAMPLES / batch)
                .mapToObj(i -> NDArrayIndex.interval(i * batch, (i + 1) * batch))
                .map(rows -> network.calculateGradients(
                                inputs.get(rows, NDArrayIndex.all()), labels.get(rows, NDArrayIndex.all()), null, null)
                        .getFirst()
                        .getGradientFor(layer + "_W"))
                .mapToDouble(GradientSigns::oneSign)
                .average()
                .orElse(Double.NaN);
    }

    private static double oneSign(INDArray gradients) {
        return IntStream.range(0, gradients.columns())
                .mapToDouble(unit -> {
                    float[] ofUnit = gradients.getColumn(unit).toFloatVector();
                    long positive = IntStream.range(0, ofUnit.length)
                            .filter(i -> ofUnit[i] > 0)
                            .count();
                    long negative = IntStream.range(0, ofUnit.length)
                            .filter(i -> ofUnit[i] < 0)
                            .count();
                    return Math.max(positive, negative) / (double) ofUnit.length;
                })
                .average()
                .orElse(Double.NaN);
    }

    /** From (0, 0), an example a step; the labels are the probabilities that the weights wanted give. */
    private static List<double[]> descend(double[][] inputs, long seed) {
        MultiLayerNetwork unit =
                DenseNetwork.withOutput(DenseNetwork.builder(seed, new Sgd(RATE), "constant"), 2, false);
        List<double[]> path = new ArrayList<>();
        path.add(new double[2]);
        for (double[] input : inputs) {
            double[][] label = {{probability(WANTED, input)}};
            unit.fit(Points.array(new double[][] {input}), Points.array(label));
            INDArray weights = unit.getLayer(0).getParam("W");
            path.add(new double[] {weights.getDouble(0), weights.getDouble(1)});
        }
        return path;
    }

    private static double probability(double[] weights, double[] input) {
        return 1 / (1 + Math.exp(-weights[0] * input[0] - weights[1] * input[1]));
    }

    private static double loss(double[] weights, double[][] inputs) {
        double sum = 0;
        for (double[] input : inputs) {
            double label = probability(WANTED, input);
            double output = probability(weights, input);
            sum -= label * Math.log(output) + (1 - label) * Math.log(1 - output);
        }
        return sum / inputs.length;
    }

    /** Of the steps with an effect, the one that comes closest to the direction of the weights wanted. */
    private static double bestCosine(List<double[]> path) {
        return IntStream.range(1, path.size())
                .filter(i -> step(path, i) > 1e-3)
                .mapToDouble(i -> (path.get(i)[0] - path.get(i - 1)[0] - path.get(i)[1] + path.get(i - 1)[1])
                        / (Math.sqrt(2) * step(path, i)))
                .max()
                .orElse(Double.NaN);
    }

    private static double length(List<double[]> path) {
        return IntStream.range(1, path.size()).mapToDouble(i -> step(path, i)).sum();
    }

    private static double step(List<double[]> path, int i) {
        return Math.hypot(path.get(i)[0] - path.get(i - 1)[0], path.get(i)[1] - path.get(i - 1)[1]);
    }
}
