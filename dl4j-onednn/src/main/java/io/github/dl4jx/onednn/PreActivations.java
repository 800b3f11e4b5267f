package io.github.dl4jx.onednn;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a layer's activation leaves in a training pass for its backward pass: the pre-activations z, or the output where
 * that is enough.
 */
final class PreActivations {
    private final Nonlinearity nonlinearity;
    private @Nullable INDArray kept;
    private @Nullable INDArray keptFor;
    private boolean keptOutput;

    PreActivations(Nonlinearity nonlinearity) {
        this.nonlinearity = nonlinearity;
    }

    /**
     * f(z).
     *
     * @param z overwritten if nobody needs it any more
     * @param input what z was computed from
     * @param another makes an array that lies like z
     */
    INDArray activate(INDArray z, INDArray input, boolean training, boolean outputStays, Supplier<INDArray> another) {
        clear();
        if (!training || nonlinearity.isIdentity()) {
            return nonlinearity.activate(z, training);
        }
        keptFor = input;
        kept = z;
        keptOutput = outputStays && nonlinearity.outputTellsSlope();
        return keptOutput ? nonlinearity.activate(z, true) : nonlinearity.activate(z, another.get(), true);
    }

    /**
     * f′(z)·epsilon.
     *
     * @param z computes the pre-activations anew, where the last pass left none for this input
     * @param another makes an array that lies like z
     */
    INDArray backprop(INDArray epsilon, INDArray input, Supplier<INDArray> z, Supplier<INDArray> another) {
        if (nonlinearity.isIdentity()) {
            return epsilon;
        }
        INDArray left = keptFor == input ? kept : null;
        boolean output = keptOutput;
        clear();
        if (left == null) {
            return nonlinearity.backprop(z.get(), epsilon);
        }
        // the output is the next layer's input too, which others may still want to read
        return output ? nonlinearity.backprop(left, epsilon, another.get()) : nonlinearity.backprop(left, epsilon);
    }

    void clear() {
        kept = null;
        keptFor = null;
        keptOutput = false;
    }
}
