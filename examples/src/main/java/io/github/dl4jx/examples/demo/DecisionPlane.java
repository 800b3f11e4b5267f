package io.github.dl4jx.examples.demo;

import io.github.dl4jx.examples.signal.Picture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/** Logistic regression finds the plane that is best for two normally distributed classes. */
final class DecisionPlane implements Demonstration {
    private static final int EXAMPLES = 4_000;
    private static final int STEPS = 400;
    private static final double RATE = 0.05;
    private static final int DRAWN = 600;

    /** Pixels of a unit. */
    private static final int SCALE = 52;

    /** Of each class around its own mean. */
    private static final RealMatrix COVARIANCE =
            new Array2DRowRealMatrix(new double[][] {{1, 0.5, 0}, {0.5, 1, -0.3}, {0, -0.3, 0.6}});

    private static final RealVector FIRST = new ArrayRealVector(new double[] {-0.8, 0.4, -0.6});
    private static final RealVector SECOND = new ArrayRealVector(new double[] {0.8, -0.4, 0.6});

    @Override
    public String name() {
        return "decision-plane";
    }

    @Override
    public String title() {
        return "Logistic regression's decision plane";
    }

    @Override
    public String claim() {
        return "One sigmoid unit divides space by a plane, wᵀx + b = 0, and its value is the probability of a class, the surer"
                + " the farther from the plane. For two normal distributions of one covariance it is the best classifier.";
    }

    @Override
    public String meaning() {
        return "For such classes Bayes' rule gives exactly a sigmoid of w*ᵀx + b* with w* = Σ⁻¹(μ₁ − μ₀), so there is something to"
                + " compare with: training, which knows neither means nor covariance, finds the same plane up to what the sample"
                + " leaves open, and is as often right as anything can be. w is not the difference of the means; the covariance"
                + " turns it. Classes that no plane divides are the next demonstration's.";
    }

    @Override
    public Outcome run(Setting setting) {
        RealMatrix inverse = new CholeskyDecomposition(COVARIANCE).getSolver().getInverse();
        RealVector difference = SECOND.subtract(FIRST);
        RealVector wanted = inverse.operate(difference);
        double wantedBias = -0.5 * wanted.dotProduct(FIRST.add(SECOND));
        double bayes = new NormalDistribution().cumulativeProbability(Math.sqrt(wanted.dotProduct(difference)) / 2);

        Points points = points(setting.seed());
        MultiLayerNetwork unit = DenseNetwork.of(setting.seed(), new Adam(RATE), "sigmoid", "xavier", 3);
        INDArray features = points.features();
        INDArray labels = points.labels();
        Table curves = Table.of("step", "w1", "w2", "w3", "b", "angle_degrees");
        for (int step = 0; step <= STEPS; step++) {
            if (step % 10 == 0) {
                RealVector w = weights(unit);
                curves = curves.with(step, w.getEntry(0), w.getEntry(1), w.getEntry(2), bias(unit), degrees(w, wanted));
            }
            unit.fit(features, labels);
        }
        RealVector found = weights(unit);
        double bias = bias(unit);
        double accuracy = points.accuracy(unit);
        List<Check> checks = List.of(
                Check.atMost("angle between the plane found and Bayes' plane, degrees", degrees(found, wanted), 5),
                Check.between("length of w by that of w*", found.getNorm() / wanted.getNorm(), 0.9, 1.1),
                Check.between("accuracy less Bayes' " + Table.number(bayes), accuracy - bayes, -0.015, 0.015),
                Check.atLeast(
                        "angle between the difference of the means and w*, degrees", degrees(difference, wanted), 10));
        Table summary = Table.of("plane", "w1", "w2", "w3", "b", "accuracy")
                .with("found", found.getEntry(0), found.getEntry(1), found.getEntry(2), bias, accuracy)
                .with("Bayes", wanted.getEntry(0), wanted.getEntry(1), wanted.getEntry(2), wantedBias, bayes);
        return new Outcome(
                EXAMPLES
                        + " points of two normal distributions in three dimensions, one sigmoid unit, cross-entropy, Adam at "
                        + RATE + ", " + STEPS + " steps over all points",
                checks,
                summary,
                curves,
                new Outcome.Drawing(1_060, 480, g -> {
                    view(g, points, found, bias);
                    probabilities(g, points, found, bias);
                }));
    }

    private static Points points(long seed) {
        RealMatrix root = new CholeskyDecomposition(COVARIANCE).getL();
        Random random = new Random(seed);
        double[][] positions = new double[EXAMPLES][];
        int[] classes = new int[EXAMPLES];
        for (int i = 0; i < EXAMPLES; i++) {
            RealVector normal = new ArrayRealVector(
                    new double[] {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()});
            classes[i] = i % 2;
            positions[i] =
                    root.operate(normal).add(classes[i] == 0 ? FIRST : SECOND).toArray();
        }
        return new Points(positions, classes);
    }

    private static RealVector weights(MultiLayerNetwork unit) {
        return new ArrayRealVector(unit.getLayer(0).getParam("W").ravel().toDoubleVector());
    }

    private static double bias(MultiLayerNetwork unit) {
        return unit.getLayer(0).getParam("b").getDouble(0);
    }

    private static double degrees(RealVector one, RealVector other) {
        return Math.toDegrees(Math.acos(Math.min(1, one.cosine(other))));
    }

    /** The points from a side from which the plane looks narrow, and the plane as a net of lines. */
    private static void view(Graphics2D g, Points points, RealVector w, double bias) {
        RealVector normal = w.unitVector();
        RealVector inPlane = perpendicular(normal, new ArrayRealVector(new double[] {0, 0, 1}));
        RealVector alsoInPlane = perpendicular(normal, inPlane);
        double turn = Math.toRadians(18);
        RealVector right = normal.mapMultiply(Math.cos(turn)).add(alsoInPlane.mapMultiply(Math.sin(turn)));
        RealVector foot = normal.mapMultiply(-bias / w.getNorm());
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        g.drawString("points in three dimensions, and the plane wᵀx + b = 0", 60, 20);
        for (int i = 0; i < DRAWN; i++) {
            RealVector point = new ArrayRealVector(points.position(i));
            g.setColor(points.classOf(i) == 0 ? Plane.FIRST : Plane.SECOND);
            g.fill(new Ellipse2D.Double(
                    250 + SCALE * point.dotProduct(right) - 2.5, 265 - SCALE * point.dotProduct(inPlane) - 2.5, 5, 5));
        }
        g.setColor(new Color(0, 0, 0, 120));
        g.setStroke(new BasicStroke(1.2f));
        for (int i = -6; i <= 6; i++) {
            line(
                    g,
                    corner(foot, inPlane, alsoInPlane, i / 2.0, -3),
                    corner(foot, inPlane, alsoInPlane, i / 2.0, 3),
                    right,
                    inPlane);
            line(
                    g,
                    corner(foot, inPlane, alsoInPlane, -3, i / 2.0),
                    corner(foot, inPlane, alsoInPlane, 3, i / 2.0),
                    right,
                    inPlane);
        }
    }

    private static RealVector corner(RealVector foot, RealVector one, RealVector other, double first, double second) {
        return foot.add(one.mapMultiply(first)).add(other.mapMultiply(second));
    }

    private static void line(Graphics2D g, RealVector from, RealVector to, RealVector right, RealVector up) {
        g.draw(new Line2D.Double(
                250 + SCALE * from.dotProduct(right),
                265 - SCALE * from.dotProduct(up),
                250 + SCALE * to.dotProduct(right),
                265 - SCALE * to.dotProduct(up)));
    }

    private static RealVector perpendicular(RealVector one, RealVector other) {
        return new ArrayRealVector(new double[] {
                    one.getEntry(1) * other.getEntry(2) - one.getEntry(2) * other.getEntry(1),
                    one.getEntry(2) * other.getEntry(0) - one.getEntry(0) * other.getEntry(2),
                    one.getEntry(0) * other.getEntry(1) - one.getEntry(1) * other.getEntry(0)
                })
                .unitVector();
    }

    /** How often the second class is found at a distance from the plane, and what the unit says. */
    private static void probabilities(Graphics2D g, Points points, RealVector w, double bias) {
        List<Double> distances = new ArrayList<>();
        List<Double> unit = new ArrayList<>();
        List<Double> found = new ArrayList<>();
        for (int bin = -12; bin <= 12; bin++) {
            double distance = bin / 4.0;
            int[] there = IntStream.range(0, EXAMPLES)
                    .filter(i -> Math.abs(distance(points.position(i), w, bias) - distance) < 0.125)
                    .toArray();
            distances.add(distance);
            unit.add(1 / (1 + Math.exp(-distance * w.getNorm())));
            found.add(
                    there.length < 10
                            ? Double.NaN
                            : IntStream.of(there)
                                    .mapToDouble(i -> points.classOf(i))
                                    .average()
                                    .orElse(0));
        }
        new Lines("probability of the second class", "distance from the plane", "")
                .line("the unit, σ(wᵀx + b)", distances, unit, Picture.colour(0))
                .line("share among the points", distances, found, Picture.colour(1))
                .paint(g, 530, 0, 520, 480);
    }

    private static double distance(double[] position, RealVector w, double bias) {
        return (w.dotProduct(new ArrayRealVector(position)) + bias) / w.getNorm();
    }
}
