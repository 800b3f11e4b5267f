package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Require;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Moments of f(s·z), z ~ N(0, 1), by quadrature: what mean-field theory asks of an activation.
 *
 * <pre>
 * mean               E f(s·z)
 * secondMoment       E f(s·z)²
 * slopeSecondMoment  E f'(s·z)²
 * </pre>
 *
 * <p>Gauss–Legendre in double precision, over panels that are graded towards 0 and halved until halving changes nothing: so
 * kinks and jumps are found, whoever wrote the activation. For standard deviations from 1e-8 to 1e4 the error stays
 * below 1e-8 of the moment, or of E|f| for the mean.
 *
 * @param mean E f
 * @param secondMoment E f²
 * @param slopeSecondMoment E f′²; a step's derivative is what its {@code backprop} says
 */
public record GaussianMoments(double mean, double secondMoment, double slopeSecondMoment) {
    /** Where the density is 1e-22. */
    private static final int LAST = 10;

    /** So near to 0 every activation is taken for smooth, until halving proves it is not. */
    private static final double SMALL_INPUT = 1e-3;

    /** Of the moment, a panel. */
    private static final double TOLERANCE = 1e-13;

    /** By then a panel at a jump is as narrow as the tolerance. */
    private static final int HALVINGS = 50;

    private static final GaussIntegrator RULE = new GaussIntegratorFactory().legendre(16);

    /**
     * The moments of an activation, this pack's, DL4J's or anyone's.
     *
     * @param activation maps each element by itself
     * @param standardDeviation s, a finite number ≥ 0
     * @throws IllegalArgumentException if {@code standardDeviation} is none, if the activation does not map each element
     *     by itself, as softmax, or if a value or slope is not finite within ten standard deviations
     */
    public static GaussianMoments of(IActivation activation, double standardDeviation) {
        double[] moments = integrate(activation, standardDeviation);
        return new GaussianMoments(moments[0], moments[1], moments[2]);
    }

    /** E f, E f², E f′² and E f′⁴. */
    static double[] integrate(IActivation activation, double standardDeviation) {
        Require.notNegative("standardDeviation", standardDeviation);
        requireElementwise(activation);
        List<Panel> open = integrate(activation, standardDeviation, firstPanels(standardDeviation));
        double[] tolerance = new double[Panel.INTEGRALS];
        for (Panel panel : open) {
            for (int i = 0; i < tolerance.length; i++) {
                tolerance[i] += TOLERANCE * Math.abs(panel.integrals[i]);
            }
        }
        double[] moments = new double[Panel.INTEGRALS];
        for (int halving = 0; !open.isEmpty(); halving++) {
            List<Panel> halves = integrate(
                    activation,
                    standardDeviation,
                    open.stream().flatMap(panel -> panel.halves().stream()).toList());
            List<Panel> stillOpen = new ArrayList<>();
            for (int i = 0; i < open.size(); i++) {
                Panel left = halves.get(2 * i);
                Panel right = halves.get(2 * i + 1);
                if (halving < HALVINGS && open.get(i).differs(left, right, tolerance)) {
                    stillOpen.add(left);
                    stillOpen.add(right);
                } else {
                    left.addTo(moments);
                    right.addTo(moments);
                }
            }
            open = stillOpen;
        }
        return moments;
    }

    /** A stretch of z, with the integrals of f, f², f′² and f′⁴ times the density. */
    private static final class Panel {
        static final int INTEGRALS = 4;

        private final double from;
        private final double to;
        private final double[] integrals = new double[INTEGRALS];

        Panel(double from, double to) {
            this.from = from;
            this.to = to;
        }

        double z(int point) {
            return (from + to) / 2 + (to - from) / 2 * RULE.getPoint(point);
        }

        void add(int point, double value, double slope) {
            double z = z(point);
            double weight = (to - from) / 2 * RULE.getWeight(point) * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
            integrals[0] += weight * value;
            integrals[1] += weight * value * value;
            integrals[2] += weight * slope * slope;
            integrals[3] += weight * slope * slope * slope * slope;
        }

        List<Panel> halves() {
            double middle = (from + to) / 2;
            return List.of(new Panel(from, middle), new Panel(middle, to));
        }

        boolean differs(Panel left, Panel right, double[] tolerance) {
            boolean differs = false;
            for (int i = 0; i < tolerance.length; i++) {
                differs |= Math.abs(integrals[i] - left.integrals[i] - right.integrals[i]) > tolerance[i];
            }
            return differs;
        }

        void addTo(double[] sums) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += integrals[i];
            }
        }
    }

    /** Both sides alike, so that an odd function's mean is 0. */
    private static List<Panel> firstPanels(double standardDeviation) {
        List<Panel> panels = new ArrayList<>();
        double to = LAST;
        while (to > 0) {
            double next = to > 1 ? to - 1 : to * standardDeviation > SMALL_INPUT ? to / 2 : 0;
            panels.add(new Panel(next, to));
            panels.add(new Panel(-to, -next));
            to = next;
        }
        return panels;
    }

    /** All panels at once: a call of an activation costs as much as thousands of elements. */
    private static List<Panel> integrate(IActivation activation, double standardDeviation, List<Panel> panels) {
        int points = RULE.getNumberOfPoints();
        double[] inputs = new double[panels.size() * points];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = standardDeviation * panels.get(i / points).z(i % points);
        }
        double[] values = values(activation, inputs);
        double[] slopes = slopes(activation, inputs);
        for (int i = 0; i < inputs.length; i++) {
            if (!Double.isFinite(values[i]) || !Double.isFinite(slopes[i])) {
                throw new IllegalArgumentException("activation " + activation + " has value " + values[i]
                        + " and slope " + slopes[i] + " at " + inputs[i] + "; valid: finite ones");
            }
            panels.get(i / points).add(i % points, values[i], slopes[i]);
        }
        return panels;
    }

    private static double[] values(IActivation activation, double... inputs) {
        return activation.getActivation(row(inputs), false).toDoubleVector();
    }

    private static double[] slopes(IActivation activation, double... inputs) {
        INDArray ones = Nd4j.ones(DataType.DOUBLE, 1, inputs.length);
        return activation.backprop(row(inputs), ones).getFirst().toDoubleVector();
    }

    /** An example of one row; the activation may overwrite it. */
    private static INDArray row(double... inputs) {
        return Nd4j.createFromArray(new double[][] {inputs});
    }

    private static void requireElementwise(IActivation activation) {
        double[] values = values(activation, 0.5, -1, 2);
        double[] amongOthers = values(activation, 0.5, -3, -4);
        if (values[0] != amongOthers[0]) {
            throw new IllegalArgumentException(
                    "activation " + activation + " maps 0.5 to " + values[0] + " beside -1 and 2," + " and to "
                            + amongOthers[0] + " beside -3 and -4; valid: one that maps each element by itself");
        }
    }
}
