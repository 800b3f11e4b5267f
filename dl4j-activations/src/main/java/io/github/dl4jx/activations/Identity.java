package io.github.dl4jx.activations;

import io.github.dl4jx.catalogue.Entry;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The identity, or linear activation.
 *
 * <pre>
 * f(x)  = x
 * f'(x) = 1
 * </pre>
 *
 * Range (−∞, ∞), smooth; input of any shape. For the outputs of a regression, and in front of an activation that is a
 * layer of its own.
 */
public final class Identity extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    static final Entry<IActivation> ENTRY = Entry.<IActivation>of("identity", Identity.class, a -> new Identity())
            .aliases("linear")
            .formula("x")
            .derivative("1")
            .range("(-inf, inf)")
            .source("Widrow and Hoff 1960, WESCON (ADALINE)")
            .build();

    @Override
    protected INDArray value(INDArray x) {
        return x;
    }

    @Override
    protected INDArray slope(INDArray x) {
        return x.assign(1);
    }

    @Override
    INDArray gradient(INDArray x, INDArray epsilon) {
        return x.assign(epsilon);
    }

    @Override
    public String toString() {
        return "identity";
    }
}
