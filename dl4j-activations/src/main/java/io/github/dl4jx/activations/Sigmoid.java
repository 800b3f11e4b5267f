package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.sigmoid;
import static io.github.dl4jx.activations.formula.Formula.sigmoidSlope;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.activations.formula.FormulaKernel;
import io.github.dl4jx.catalogue.Entry;
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

    private static final FormulaKernel KERNEL = FormulaKernel.of(sigmoid(Formula.X), sigmoidSlope(Formula.X));

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return KERNEL.forward(in);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        return new Pair<>(KERNEL.backward(in, epsilon), null);
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
}
