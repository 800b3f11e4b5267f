package io.github.dl4jx.examples.own;

import io.github.dl4jx.activations.ElementwiseActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * An activation of one's own, to copy: f and f′, once, in ND4J operations.
 *
 * <pre>
 * f(x)  = 1.7159·tanh(⅔x)
 * f'(x) = 1.7159·⅔·(1 − tanh²(⅔x))
 * </pre>
 *
 * Range (−1.7159, 1.7159), f(±1) = ±1. LeCun, Bottou, Orr and Müller, <i>Efficient BackProp</i>, 1998, section 4.4.
 */
public final class ScaledTanh extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;
    private static final double AMPLITUDE = 1.7159;

    @Override
    protected INDArray value(INDArray x) {
        return Transforms.tanh(x.muli(2.0 / 3), false).muli(AMPLITUDE);
    }

    @Override
    protected INDArray slope(INDArray x) {
        INDArray tanh = Transforms.tanh(x.muli(2.0 / 3), false);
        return tanh.muli(tanh).rsubi(1).muli(AMPLITUDE * 2 / 3);
    }

    @Override
    public String toString() {
        return "scaled-tanh";
    }
}
