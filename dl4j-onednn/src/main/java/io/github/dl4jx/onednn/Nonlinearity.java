package io.github.dl4jx.onednn;

import io.github.dl4jx.activations.ElementwiseActivation;
import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.ReLU;
import java.util.Set;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer's activation, over arrays that are dense in memory: row-major, or images with channels last. What maps each number
 * by itself goes through the memory as it lies; ReLU does so on oneDNN's threads, see {@link Rectifier}.
 */
final class Nonlinearity {
    /** DL4J's own that map each number by itself; exactly these classes, since a subclass may do anything. */
    private static final Set<Class<?>> ELEMENTWISE = Set.of(
            ActivationCube.class,
            ActivationELU.class,
            ActivationGELU.class,
            ActivationHardSigmoid.class,
            ActivationHardTanH.class,
            ActivationLReLU.class,
            ActivationMish.class,
            ActivationRationalTanh.class,
            ActivationReLU.class,
            ActivationReLU6.class,
            ActivationRectifiedTanh.class,
            ActivationSELU.class,
            ActivationSigmoid.class,
            ActivationSoftPlus.class,
            ActivationSoftSign.class,
            ActivationSwish.class,
            ActivationTanH.class);

    private final IActivation activation;
    private final boolean elementwise;
    private final Plans<Long, Rectifier> rectifiers = new Plans<>(Rectifier::new);
    private final boolean nhwc;

    Nonlinearity(IActivation activation) {
        this(activation, false);
    }

    /** @param nhwc whether images come in as [n, c, h, w] though the layer's own are [n, h, w, c] */
    Nonlinearity(IActivation activation, boolean nhwc) {
        this.activation = activation;
        this.nhwc = nhwc;
        elementwise = activation instanceof ElementwiseActivation || ELEMENTWISE.contains(activation.getClass());
    }

    boolean isIdentity() {
        return activation.getClass() == ActivationIdentity.class || activation.getClass() == Identity.class;
    }

    /** Whether it is max(0, x): its slope at f(x) is that at x, so that the output is enough for the backward pass. */
    boolean isRectifier() {
        return activation.getClass() == ReLU.class
                || (activation.getClass() == ActivationReLU.class && activation.equals(new ActivationReLU()));
    }

    /** Overwrites z with f(z). */
    INDArray activate(INDArray z, boolean training, WorkingMemory memory) {
        if (isIdentity()) {
            return z;
        }
        if (isRectifier()) {
            rectifiers.get(z.length()).forward(z, z, memory);
            return z;
        }
        if (elementwise) {
            activation.getActivation(flat(z), training);
            return z;
        }
        return nhwc
                ? Images.asChannelsFirst(activation.getActivation(Images.asChannelsLast(z), training))
                : activation.getActivation(z, training);
    }

    /** Fills another array that lies alike with f(z). */
    INDArray activate(INDArray z, INDArray out, boolean training, WorkingMemory memory) {
        if (isRectifier()) {
            rectifiers.get(z.length()).forward(z, out, memory);
            return out;
        }
        if (activation instanceof ElementwiseActivation ours) {
            return ours.activate(z, out);
        }
        flat(out).assign(flat(z));
        return activate(out, training, memory);
    }

    /** Overwrites z with f′(z)·epsilon; returns it, or another array with the result. */
    INDArray backprop(INDArray z, INDArray epsilon, WorkingMemory memory) {
        if (isIdentity()) {
            return epsilon;
        }
        if (isRectifier()) {
            return backprop(z, epsilon, z, memory);
        }
        if (!elementwise) {
            return nhwc
                    ? Images.asChannelsFirst(activation
                            .backprop(Images.asChannelsLast(z), Images.asChannelsLast(epsilon))
                            .getFirst())
                    : activation.backprop(z, epsilon).getFirst();
        }
        INDArray flat = flat(z);
        INDArray result = activation.backprop(flat, flat(epsilon)).getFirst();
        return result == flat ? z : flat == z ? result : Images.asChannelsFirst(result);
    }

    /** Fills another array that lies alike with f′(z)·epsilon; returns it, or another array with the result. */
    INDArray backprop(INDArray z, INDArray epsilon, INDArray out, WorkingMemory memory) {
        if (isRectifier()) {
            rectifiers.get(z.length()).backward(z, epsilon, out, memory);
            return out;
        }
        if (activation instanceof ElementwiseActivation ours) {
            return ours.backprop(z, epsilon, out);
        }
        flat(out).assign(flat(z));
        return backprop(out, epsilon, memory);
    }

    /** The same memory in the order in which it lies: ND4J is many times slower on anything else. */
    private static INDArray flat(INDArray array) {
        return array.rank() == 4 && !Images.areRowMajor(array) ? Images.asChannelsLast(array) : array;
    }
}
