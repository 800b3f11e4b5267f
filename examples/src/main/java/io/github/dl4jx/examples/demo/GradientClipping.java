package io.github.dl4jx.examples.demo;

import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.examples.signal.Picture;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.Orthogonal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J's ways to limit gradients, on a recurrent network whose gradients explode. */
final class GradientClipping implements Demonstration {
    private static final int EXAMPLES = 64;
    private static final int TIME_STEPS = 40;
    private static final int UNITS = 16;
    private static final double GAIN = 1.2;
    private static final double RATE = 0.01;
    private static final double THRESHOLD = 1;
    private static final int STEPS = 500;

    @Override
    public String name() {
        return "gradient-clipping";
    }

    @Override
    public String title() {
        return "Gradient clipping and normalisation";
    }

    @Override
    public String claim() {
        return "Where gradients explode, a limit on their size lets the network train. DL4J has five: two limits on the L2 norm"
                + " (of a layer, or of each of its parameters), one on each element, and two that set the norm to 1.";
    }

    @Override
    public String meaning() {
        return "The recurrent weights stretch the signal by 1.2 at each of 40 time steps, forwards and backwards: the first step of"
                + " plain SGD lands beyond all numbers. A limit keeps the direction of the norm-clipped gradient and gives it a"
                + " length that the step can bear; the limit on each element turns it as well. Renormalising also makes small"
                + " gradients large: at a constant rate the steps never become smaller, and the loss ends a little above what"
                + " clipping reaches. All this limits the gradient. Limits on activations, which one of the lectures describes under this"
                + " name, are another thing: they stop it ([errata](errata.md)).";
    }

    /**
     * One training.
     *
     * @param losses before each step
     * @param norms of the gradient that was applied, of the layer with the larger one, at each step
     * @param largest element of any of them
     */
    private record Training(GradientNormalization mode, List<Double> losses, List<Double> norms, double largest) {
        double lastLoss() {
            return losses.get(losses.size() - 1);
        }

        double mostNorm() {
            return norms.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
        }

        double leastNorm() {
            return norms.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
        }
    }

    @Override
    public Outcome run(Setting setting) {
        List<Training> all = new ArrayList<>();
        for (GradientNormalization mode : GradientNormalization.values()) {
            all.add(train(mode, setting.seed()));
        }
        Table curves = Table.of("mode", "step", "loss", "applied_norm");
        Table summary = Table.of(
                "mode", "first gradient applied, largest norm of a layer", "loss at the start", "at the end", "steps");
        List<Check> checks = new ArrayList<>();
        for (Training one : all) {
            for (int i = 0; i < one.norms.size(); i++) {
                curves = curves.with(one.mode, i, one.losses.get(i), one.norms.get(i));
            }
            summary = summary.with(one.mode, one.norms.get(0), one.losses.get(0), one.lastLoss(), one.norms.size());
            switch (one.mode) {
                case None -> {
                    checks.add(Check.atLeast("None: norm of the first gradient", one.norms.get(0), 1_000));
                    checks.add(Check.atMost("None: steps until the loss is no number", one.norms.size(), 20));
                }
                case ClipL2PerLayer -> checks.add(atMostThreshold(one, "norm of a layer's gradient", one.mostNorm()));
                case ClipElementWiseAbsoluteValue ->
                    checks.add(atMostThreshold(one, "element of a gradient", one.largest));
                case RenormalizeL2PerLayer -> {
                    checks.add(atMostThreshold(one, "norm of a layer's gradient", one.mostNorm()));
                    checks.add(Check.atLeast(
                            one.mode + ": least norm of the larger layer's gradient", one.leastNorm(), 0.99));
                }
                default ->
                    checks.add(Check.atMost(
                            one.mode + ": largest norm of a layer's gradient, of three parameters",
                            one.mostNorm(),
                            Math.sqrt(3) * THRESHOLD * 1.001));
            }
            if (one.mode != GradientNormalization.None) {
                checks.add(Check.atMost(
                        one.mode + ": loss at the end by that at the start", one.lastLoss() / one.losses.get(0), 0.01));
            }
        }
        return new Outcome(
                "identity SimpleRnn of " + UNITS + " units, recurrent weights orthogonal times " + GAIN + ", "
                        + TIME_STEPS
                        + " time steps, " + EXAMPLES + " sequences of N(0, 1), target: their mean; SGD at " + RATE
                        + ", threshold " + THRESHOLD + ", " + STEPS + " steps",
                checks,
                summary,
                curves,
                new Outcome.Drawing(1_200, 440, g -> {
                    Lines losses = new Lines("loss", "step", "squared error").logarithmicY();
                    Lines norms = new Lines("gradient applied", "step", "largest norm of a layer").logarithmicY();
                    for (int i = 0; i < all.size(); i++) {
                        Training one = all.get(i);
                        List<Integer> steps = new ArrayList<>();
                        for (int step = 0; step < one.norms.size(); step++) {
                            steps.add(step);
                        }
                        losses.line(one.mode.name(), steps, one.losses, Picture.colour(i));
                        norms.line(one.mode.name(), steps, one.norms, Picture.colour(i));
                    }
                    losses.paint(g, 0, 0, 600, 440);
                    norms.paint(g, 600, 0, 600, 440);
                }));
    }

    /** With room for rounding: the gradient is measured by what it did to the parameters. */
    private static Check atMostThreshold(Training one, String what, double measured) {
        return Check.atMost(one.mode + ": largest " + what, measured, THRESHOLD * 1.001);
    }

    private static Training train(GradientNormalization mode, long seed) {
        MultiLayerNetwork network = network(mode, seed);
        Random random = new Random(seed);
        float[][][] sequences = new float[EXAMPLES][1][TIME_STEPS];
        double[][] targets = new double[EXAMPLES][1];
        for (int i = 0; i < EXAMPLES; i++) {
            for (int t = 0; t < TIME_STEPS; t++) {
                sequences[i][0][t] = (float) random.nextGaussian();
                targets[i][0] += sequences[i][0][t] / TIME_STEPS;
            }
        }
        INDArray features = Nd4j.create(sequences);
        INDArray labels = Points.array(targets);
        List<Double> losses = new ArrayList<>();
        List<Double> norms = new ArrayList<>();
        double largest = 0;
        for (int step = 0; step < STEPS; step++) {
            INDArray before = network.params().dup();
            network.fit(features, labels);
            losses.add(network.score());
            INDArray applied = before.subi(network.params()).divi(RATE);
            norms.add(norm(applied, network));
            largest = Math.max(largest, applied.amaxNumber().doubleValue());
            if (!Double.isFinite(network.score())) {
                break;
            }
        }
        return new Training(mode, losses, norms, largest);
    }

    private static double norm(INDArray applied, MultiLayerNetwork network) {
        double most = 0;
        long from = 0;
        INDArray flat = applied.ravel();
        for (Layer layer : network.getLayers()) {
            float[] values = flat.get(NDArrayIndex.interval(from, from + layer.numParams()))
                    .toFloatVector();
            double squares = 0;
            for (float value : values) {
                squares += (double) value * value;
            }
            most = Math.max(most, Math.sqrt(squares));
            from += layer.numParams();
        }
        return most;
    }

    private static MultiLayerNetwork network(GradientNormalization mode, long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Sgd(RATE))
                .weightInit(Initializers.get("lecun"))
                .gradientNormalization(mode)
                .gradientNormalizationThreshold(THRESHOLD)
                .list()
                .layer(new LastTimeStep(new SimpleRnn.Builder()
                        .nOut(UNITS)
                        .activation(new Identity())
                        .weightInitRecurrent(new Orthogonal(GAIN))
                        .build()))
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .activation(new Identity())
                        .nOut(1)
                        .build())
                .setInputType(InputType.recurrent(1, TIME_STEPS))
                .build());
        network.init();
        return network;
    }
}
