package io.github.dl4jx.init.health;

import io.github.dl4jx.init.data.LayerSignal;
import java.util.OptionalDouble;

/**
 * A layer in a training step. Root mean squares are over all of its weights, without biases; they are empty where it has none,
 * or is frozen.
 *
 * @param signal its values, as the next layer has them: where that one drops its input, with the zeros of that. Its gradient is
 *     the training's own, of each example's own loss, and of dense and convolutional layers and {@code ActivationLayer} alone.
 *     It has neither singular values nor a condition number
 * @param weights root mean square before the step
 * @param weightGradient root mean square of the gradient of the batch's mean loss, before clipping and regularisation
 * @param step root mean square of what the updater subtracts
 */
public record MonitoredLayer(
        LayerSignal signal, OptionalDouble weights, OptionalDouble weightGradient, OptionalDouble step) {
    /** The step by the weights, some 0.001 in a training that goes well; empty also of weights that are all 0. */
    public OptionalDouble relativeStep() {
        return weights.isPresent() && step.isPresent() && weights.getAsDouble() != 0
                ? OptionalDouble.of(step.getAsDouble() / weights.getAsDouble())
                : OptionalDouble.empty();
    }
}
