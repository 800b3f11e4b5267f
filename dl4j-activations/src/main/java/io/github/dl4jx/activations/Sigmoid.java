package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.kernel.VectorMath.LOWEST_EXPONENT;
import static io.github.dl4jx.activations.kernel.VectorMath.SPECIES;
import static io.github.dl4jx.activations.kernel.VectorMath.atLeast;
import static io.github.dl4jx.activations.kernel.VectorMath.clamp;
import static io.github.dl4jx.activations.kernel.VectorMath.exp;
import static io.github.dl4jx.activations.kernel.VectorMath.rounder;
import static io.github.dl4jx.activations.kernel.VectorMath.scaledExp;
import static jdk.incubator.vector.FloatVector.broadcast;

import io.github.dl4jx.activations.kernel.ArrayRunner;
import io.github.dl4jx.activations.kernel.Kernel;
import io.github.dl4jx.activations.kernel.Ops;
import io.github.dl4jx.catalogue.Entry;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The logistic function. It extends DL4J's class, since losses, LSTM and validation test for that.
 *
 * <pre>
 * f(x)  = σ(x) = 1/(1 + e^−x)
 * f'(x) = σ(x)·σ(−x)
 * </pre>
 *
 * Range (0, 1), smooth, saturates on both sides; input of any shape. For binary and multi-label outputs. Rumelhart,
 * Hinton and Williams, <i>Learning representations by back-propagating errors</i>, Nature 323, 1986.
 */
public final class Sigmoid extends ActivationSigmoid {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("sigmoid", Sigmoid.class, a -> new Sigmoid())
            .aliases("logistic")
            .formula("s(x) = 1/(1 + exp(-x))")
            .derivative("s(x)*s(-x)")
            .range("(0, 1)")
            .source("Rumelhart et al. 1986, Nature 323")
            .build();

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return ArrayRunner.forward(Sigmoid::kernel, Ops::sigmoid, in);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        return new Pair<>(ArrayRunner.backward(Sigmoid::kernel, Sigmoid::slope, in, epsilon), null);
    }

    private static Kernel kernel() {
        return new Lanes(); // a reference to the constructor would link the class too early
    }

    /** σ′ in place; σ(−x) is 1 − σ(x) without cancellation. */
    static INDArray slope(INDArray x) {
        INDArray complement = Ops.sigmoid(x.neg());
        return Ops.sigmoid(x).muli(complement);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sigmoid;
    }

    @Override
    protected boolean canEqual(@Nullable Object other) {
        return other instanceof Sigmoid;
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return "sigmoid";
    }

    /** The same in one pass; other functions are made of it. */
    static final class Lanes implements Kernel {
        /** 2^−24·(1 + e^−x) is finite for all x that give a float other than 0. */
        private static final float ROUNDER = rounder(-24);

        private static final float UNIT = 0x1p-24f;

        /** σ is 1 to the last bit from here on. */
        private static final float HIGHEST = 30;

        @Override
        public FloatVector value(FloatVector x) {
            return sigma(x);
        }

        @Override
        public FloatVector slope(FloatVector x) {
            return steepness(x);
        }

        static FloatVector sigma(FloatVector x) {
            FloatVector z = clamp(LOWEST_EXPONENT, HIGHEST, x);
            return broadcast(SPECIES, UNIT).div(scaledExp(z.neg(), ROUNDER).add(UNIT));
        }

        /** σ(x)σ(−x) = e/(1 + e)², where e = e^−|x|. */
        static FloatVector steepness(FloatVector x) {
            FloatVector e = exp(atLeast(LOWEST_EXPONENT, x.abs().neg()));
            FloatVector sum = e.add(1);
            return e.div(sum.mul(sum));
        }
    }
}
