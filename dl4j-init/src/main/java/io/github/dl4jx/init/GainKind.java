package io.github.dl4jx.init;

import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.LeakyReLU;
import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.Tanh;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * The two kinds of gain that literature calls by one name: a factor of the weights' standard deviation that makes up for
 * the activation before them. They agree for linear units and the ReLU family alone, so a network uses one kind
 * throughout.
 *
 * <pre>{@code
 * .weightInit(LeCun.normal().withGain(GainKind.SECOND_MOMENT.of(new Mish())))
 * }</pre>
 */
public enum GainKind {
    /**
     * The factors of common practice, those of PyTorch's {@code calculate_gain}.
     *
     * <pre>
     * identity, sigmoid   1
     * tanh                5/3
     * relu                √2
     * leakyrelu           √(2/(1 + slope²))
     * selu                3/4
     * </pre>
     *
     * Practice has settled no factor for any other activation; {@link #of} refuses those.
     */
    CONVENTIONAL {
        @Override
        public double of(IActivation activation) {
            if (activation instanceof LeakyReLU leaky) {
                return leaky(leaky.getNegativeSlope());
            }
            if (activation instanceof ActivationLReLU leaky) {
                return leaky(leaky.getAlpha());
            }
            if (activation instanceof ReLU || activation.getClass() == ActivationReLU.class) {
                return leaky(0);
            }
            if (activation instanceof Tanh || activation instanceof ActivationTanH) {
                return 5.0 / 3;
            }
            if (activation instanceof SELU || activation instanceof ActivationSELU) {
                return 0.75;
            }
            // the pack's Sigmoid extends DL4J's
            if (activation instanceof Identity
                    || activation instanceof ActivationIdentity
                    || activation instanceof ActivationSigmoid) {
                return 1;
            }
            throw new IllegalArgumentException("activation " + activation
                    + " has no conventional gain; valid: identity, leakyrelu, relu, selu, sigmoid, tanh, or the gain"
                    + " SECOND_MOMENT");
        }
    },

    /**
     * 1/√E[f(z)²] with z ~ N(0, 1), by {@link GaussianMoments}: with weights of variance gain²/fanIn the second moment of
     * activations stays from layer to layer. For any activation that maps each element by itself.
     */
    SECOND_MOMENT {
        @Override
        public double of(IActivation activation) {
            double secondMoment = GaussianMoments.of(activation, 1).secondMoment();
            if (secondMoment == 0) {
                throw new IllegalArgumentException("activation " + activation
                        + " is 0 everywhere, and no gain makes up for it; valid: one with E[f(z)^2] > 0");
            }
            return 1 / Math.sqrt(secondMoment);
        }
    };

    /**
     * The gain of this kind for an activation, this pack's or DL4J's own.
     *
     * @throws IllegalArgumentException if it has none
     */
    public abstract double of(IActivation activation);

    private static double leaky(double slope) {
        return Math.sqrt(2 / (1 + slope * slope));
    }
}
