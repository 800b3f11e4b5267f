package io.github.dl4jx.examples.demo;

import io.github.dl4jx.examples.signal.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.stat.StatUtils;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** The same data as it comes, centred, and normalised: how well conditioned the problem is, and how fast SGD solves it. */
final class ScaledData implements Demonstration {
    private static final int EXAMPLES = 400;
    private static final int STEPS = 3_000;

    /** A loss so far above the least is counted as reached. */
    private static final double NEAR = 0.01;

    /** Below this a loss in 32 bits is noise. */
    private static final double ROUNDING = 1e-6;

    @Override
    public String name() {
        return "scaled-data";
    }

    @Override
    public String title() {
        return "Original, zero-centred and normalised data";
    }

    @Override
    public String claim() {
        return "Subtracting the mean and dividing by the standard deviation makes the loss rounder, so that the same descent needs"
                + " far fewer steps.";
    }

    @Override
    public String meaning() {
        return "The condition number is that of the loss's Hessian at the start, largest by smallest curvature; gradient descent"
                + " needs a number of steps of that order. A mean far from 0 couples the weights with the bias, different scales make"
                + " one weight's valley long. Each training gets the rate that its own largest curvature allows, 1/λ, so nobody is"
                + " handicapped by a rate that suits another. All three have the same least loss: the data tell the same, only the"
                + " coordinates differ. What is left after normalising is the correlation of the two features; whitening would take"
                + " that too.";
    }

    private record Training(
            String label, Points points, double condition, double rate, List<Double> excess, int reached) {
        String steps() {
            return reached < 0 ? "not within " + STEPS : String.valueOf(reached);
        }

        /** A lower bound where it was not reached. */
        int atLeast() {
            return reached < 0 ? STEPS : reached;
        }
    }

    @Override
    public Outcome run(Setting setting) {
        Random random = new Random(setting.seed());
        double[][] original = new double[EXAMPLES][];
        int[] labels = new int[EXAMPLES];
        for (int i = 0; i < EXAMPLES; i++) {
            double first = random.nextGaussian();
            double second = 0.5 * first + Math.sqrt(0.75) * random.nextGaussian();
            original[i] = new double[] {4 + 2 * first, 2 + 0.5 * second};
            labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-first + 2 * second)) ? 1 : 0;
        }
        double[][] centred = standardised(original, false);
        double[][] normalised = standardised(original, true);
        double least = leastLoss(new Points(normalised, labels));
        List<Training> all = List.of(
                train("original", new Points(original, labels), least, setting.seed()),
                train("zero-centred", new Points(centred, labels), least, setting.seed()),
                train("normalised", new Points(normalised, labels), least, setting.seed()));
        Table curves = Table.of("data", "step", "loss_above_least");
        Table summary = Table.of("data", "condition number", "rate", "steps to within 0.01 of the least loss");
        for (Training one : all) {
            for (int i = 0; i < one.excess.size(); i += 10) {
                curves = curves.with(one.label, i, one.excess.get(i));
            }
            summary = summary.with(one.label, one.condition, one.rate, one.steps());
        }
        Training raw = all.get(0);
        Training middle = all.get(1);
        Training best = all.get(2);
        List<Check> checks = List.of(
                Check.atLeast("condition number, original by zero-centred", raw.condition / middle.condition, 5),
                Check.atLeast("condition number, zero-centred by normalised", middle.condition / best.condition, 3),
                Check.atMost("condition number, normalised", best.condition, 4),
                Check.atLeast("steps, original by zero-centred", (double) raw.atLeast() / middle.atLeast(), 2),
                Check.atLeast("steps, zero-centred by normalised", (double) middle.atLeast() / best.atLeast(), 2),
                Check.atMost("steps, normalised", best.atLeast(), 100));
        return new Outcome(
                EXAMPLES
                        + " points, two correlated features (means 4 and 2, deviations 2 and 0.5), one sigmoid unit that starts"
                        + " at 0, gradient descent over all points at 1/λ, λ the largest curvature at the start",
                checks,
                summary,
                curves,
                new Outcome.Drawing(1_200, 760, g -> {
                    for (int i = 0; i < all.size(); i++) {
                        Plane plane = new Plane(g, 20 + i * 400, 10, 360, 0, 0, 10);
                        plane.title(all.get(i).label);
                        plane.axes();
                        plane.points(all.get(i).points);
                    }
                    Lines losses = new Lines("loss above the least", "step", "cross-entropy")
                            .logarithmicY()
                            .logarithmicX();
                    for (int i = 0; i < all.size(); i++) {
                        List<Integer> steps = new ArrayList<>();
                        for (int step = 0; step < all.get(i).excess.size(); step++) {
                            steps.add(step);
                        }
                        List<Double> shown = all.get(i).excess.stream()
                                .map(loss -> loss < ROUNDING ? Double.NaN : loss)
                                .toList();
                        losses.line(all.get(i).label, steps, shown, Picture.colour(i));
                    }
                    losses.paint(g, 0, 400, 1_200, 360);
                }));
    }

    private static double[][] standardised(double[][] values, boolean divided) {
        double[][] result = new double[values.length][values[0].length];
        RealMatrix matrix = new Array2DRowRealMatrix(values);
        for (int j = 0; j < values[0].length; j++) {
            double[] column = matrix.getColumn(j);
            double mean = StatUtils.mean(column);
            double deviation = divided ? Math.sqrt(StatUtils.populationVariance(column)) : 1;
            for (int i = 0; i < values.length; i++) {
                result[i][j] = (values[i][j] - mean) / deviation;
            }
        }
        return result;
    }

    private static Training train(String label, Points points, double least, long seed) {
        double[] curvatures = new EigenDecomposition(hessian(points, new ArrayRealVector(3))).getRealEigenvalues();
        double largest = new ArrayRealVector(curvatures).getMaxValue();
        double rate = 1 / largest;
        MultiLayerNetwork unit = DenseNetwork.of(seed, new Sgd(rate), "sigmoid", "constant", 2);
        INDArray features = points.features();
        INDArray wanted = points.labels();
        List<Double> excess = new ArrayList<>();
        int reached = -1;
        for (int step = 0; step < STEPS; step++) {
            unit.fit(features, wanted);
            excess.add(unit.score() - least); // of the parameters before the step
            if (reached < 0 && unit.score() - least < NEAR) {
                reached = step;
            }
        }
        return new Training(
                label, points, largest / new ArrayRealVector(curvatures).getMinValue(), rate, excess, reached);
    }

    /** Of the mean cross-entropy by the weights and the bias. */
    private static RealMatrix hessian(Points points, RealVector parameters) {
        RealMatrix hessian = new Array2DRowRealMatrix(3, 3);
        for (int i = 0; i < points.size(); i++) {
            RealVector x = new ArrayRealVector(points.position(i)).append(1);
            double p = 1 / (1 + Math.exp(-parameters.dotProduct(x)));
            hessian = hessian.add(x.outerProduct(x).scalarMultiply(p * (1 - p) / points.size()));
        }
        return hessian;
    }

    /** By Newton's method, which does not care about coordinates. */
    private static double leastLoss(Points points) {
        RealVector parameters = new ArrayRealVector(3);
        double loss = 0;
        for (int round = 0; round < 20; round++) {
            RealVector gradient = new ArrayRealVector(3);
            loss = 0;
            for (int i = 0; i < points.size(); i++) {
                RealVector x = new ArrayRealVector(points.position(i)).append(1);
                double p = 1 / (1 + Math.exp(-parameters.dotProduct(x)));
                gradient = gradient.add(x.mapMultiply((p - points.classOf(i)) / points.size()));
                loss -= Math.log(points.classOf(i) == 1 ? p : 1 - p) / points.size();
            }
            parameters = parameters.subtract(
                    new LUDecomposition(hessian(points, parameters)).getSolver().solve(gradient));
        }
        return loss;
    }
}
