package io.github.dl4jx.init.data;

import java.util.OptionalDouble;

/**
 * What a batch does in one layer, or other vertex, of a network; {@link Signals} measures it. Where a quantity is not
 * defined for a layer, it is empty.
 *
 * @param name of the vertex; in a {@code MultiLayerNetwork} the layer's index
 * @param type the class of its configuration, or {@code input}
 * @param mean of all values that leave it
 * @param standardDeviation of all values that leave it, whatever the unit
 * @param spread what of it tells one example from another: the standard deviation of a unit's values over the batch (and over
 *     positions or time steps), the root mean square over the units
 * @param zeros the fraction of values that is exactly 0
 * @param saturated the fraction of values where the activation's derivative is below {@value #SATURATION} in size, so that
 *     hardly any gradient passes; of dense and convolutional layers and {@code ActivationLayer}, where the activation maps each
 *     element by itself
 * @param units how many units: columns of dense layers, channels of convolutional and recurrent ones
 * @param deadUnits units whose value is the same for the whole batch, as that of a ReLU which never opens
 * @param gradient the standard deviation of the gradient that comes back to the layer's output, when one of independent N(0,
 *     1) comes to the network's last layer before its loss; empty where none arrives
 * @param meanSquaredSingularValue of the Jacobian J = ∂output/∂input of an example, the mean over the batch: ‖J‖²/N, where N
 *     is the number of inputs. By this factor the layer changes the mean square of a gradient that passes it backwards. Of
 *     dense layers without layer normalisation
 * @param conditionNumber the largest singular value of the batch's first J by the smallest; infinite where J is singular,
 *     as it is wherever a ReLU is shut. Of the same layers
 */
public record LayerSignal(
        String name,
        String type,
        double mean,
        double standardDeviation,
        double spread,
        double zeros,
        OptionalDouble saturated,
        long units,
        long deadUnits,
        OptionalDouble gradient,
        OptionalDouble meanSquaredSingularValue,
        OptionalDouble conditionNumber) {
    /** A derivative below this passes hardly any gradient. */
    public static final double SATURATION = 0.01;
}
