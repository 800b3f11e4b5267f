package io.github.dl4jx.init;

import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Random walk initialisation, for very deep networks. On its way back the logarithm of the gradient's length makes a
 * random walk from layer to layer; the variance of the weights is such that the walk has no drift: the expected logarithm
 * is kept, and not the expected square, which a few rare draws make up.
 *
 * <pre>
 * w ~ N(0, g²/N), N = fan-in
 * linear  g = exp(1/(2N))
 * relu    g = √2·exp(1.2/(max(N, 6) − 2.4))
 * tanh    g = 1.15, whatever N: found by trying, no solution of anything
 * </pre>
 *
 * <p>Any other activation has by {@link #forActivation} the g that solves
 *
 * <pre>
 * E log(g²/N·Σ f'(h_i)²·z_i²) = 0,  h_i and z_i ~ N(0, 1), i = 1 … N
 * </pre>
 *
 * to first order in 1/N: g = exp((3·m4/m2² − 1)/(4N))/√m2 with m2 = E f′², m4 = E f′⁴. Pre-activations are thus assumed to
 * have variance 1. The linear form is that solution with m2 = m4 = 1; with ReLU's ½ and ½ it is √2·exp(5/(4N)).
 * Sussillo and Abbott, <i>Random walk initialization for training very deep feedforward networks</i>, arXiv:1412.6558.
 */
public final class RandomWalk extends NamedInitializer {
    private static final long serialVersionUID = 1L;

    /** Where g comes from. */
    public enum Form {
        /** The solution for the moments of the activation's slope. */
        SLOPES,
        /** The paper's fit for ReLU. */
        RELU,
        /** The paper's rule for tanh. */
        TANH
    }

    private final Form form;
    private final double slopeSecondMoment;
    private final double slopeFourthMoment;

    /** As {@link #linear}. */
    public RandomWalk() {
        this(Form.SLOPES, 1, 1);
    }

    /**
     * As the factories make it.
     *
     * @param form where g comes from
     * @param slopeSecondMoment E f′², a finite number &gt; 0; of {@link Form#SLOPES} alone
     * @param slopeFourthMoment E f′⁴, a finite number not below E f′² squared; of {@link Form#SLOPES} alone
     * @throws IllegalArgumentException if a moment is not valid
     */
    @JsonCreator
    public RandomWalk(
            @JsonProperty("form") Form form,
            @JsonProperty("slopeSecondMoment") double slopeSecondMoment,
            @JsonProperty("slopeFourthMoment") double slopeFourthMoment) {
        this.form = Require.given("form", form);
        this.slopeSecondMoment = Require.positive("slopeSecondMoment", slopeSecondMoment);
        this.slopeFourthMoment = Require.positive("slopeFourthMoment", slopeFourthMoment);
        // a few units in the last place of mercy for what a quadrature found
        if (slopeFourthMoment < slopeSecondMoment * slopeSecondMoment * (1 - 1e-9)) {
            throw new IllegalArgumentException("slopeFourthMoment is " + slopeFourthMoment
                    + "; valid: at least the square of slopeSecondMoment, " + slopeSecondMoment);
        }
    }

    /** For linear units. */
    public static RandomWalk linear() {
        return new RandomWalk();
    }

    /** For ReLU. */
    public static RandomWalk relu() {
        return new RandomWalk(Form.RELU, 1, 1);
    }

    /** For tanh. */
    public static RandomWalk tanh() {
        return new RandomWalk(Form.TANH, 1, 1);
    }

    /**
     * The paper's own form for ReLU and tanh, and the solution above for every other activation, this pack's, DL4J's or
     * anyone's.
     *
     * @throws IllegalArgumentException if the activation does not map each element by itself, or has slope 0 everywhere
     */
    public static RandomWalk forActivation(IActivation activation) {
        if (activation instanceof ReLU || activation.getClass() == ActivationReLU.class) {
            return relu();
        }
        if (activation instanceof Tanh || activation instanceof ActivationTanH) {
            return tanh();
        }
        double[] moments = GaussianMoments.integrate(activation, 1);
        return new RandomWalk(Form.SLOPES, moments[2], moments[3]);
    }

    /** g, of which √N is the standard deviation's share. */
    double gain(double inputs) {
        return switch (form) {
            case SLOPES ->
                Math.exp((3 * slopeFourthMoment / (slopeSecondMoment * slopeSecondMoment) - 1) / (4 * inputs))
                        / Math.sqrt(slopeSecondMoment);
            case RELU -> Math.sqrt(2) * Math.exp(1.2 / (Math.max(inputs, 6) - 2.4));
            case TANH -> 1.15;
        };
    }

    @Override
    void fill(double fanIn, double fanOut, INDArray weights) {
        Distribution.NORMAL.fill(weights, gain(fanIn) / Math.sqrt(fanIn));
    }

    @Override
    public String toString() {
        return "random-walk(form=" + Parameter.word(form) + ", m2=" + slopeSecondMoment + ", m4=" + slopeFourthMoment
                + ")";
    }
}
