package io.github.dl4jx.activations;

import io.github.dl4jx.activations.kernel.Ops;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gaussian error linear unit, the exact form; Φ and φ are distribution and density of N(0, 1).
 *
 * <pre>
 * f(x)  = x·Φ(x)
 * f'(x) = Φ(x) + x·φ(x)
 * </pre>
 *
 * Range [−0.1700, ∞), smooth; input of any shape. Hendrycks and Gimpel, <i>Gaussian error linear units</i>,
 * arXiv:1606.08415.
 */
public final class GELU extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    @Override
    protected INDArray value(INDArray x) {
        INDArray phi = cumulative(x.dup());
        return Ops.finiteBelow(x).muli(phi);
    }

    @Override
    protected INDArray slope(INDArray x) {
        INDArray phi = cumulative(x.dup());
        Ops.clamp(x, -40, 40); // the density is 0 beyond, in double too
        INDArray density = Ops.exp(x.mul(x).muli(-0.5)).muli(1 / Math.sqrt(2 * Math.PI));
        return phi.addi(density.muli(x));
    }

    /** Φ(x) = erfc(−x/√2)/2, which keeps its relative accuracy in the negative tail. */
    private static INDArray cumulative(INDArray x) {
        return Ops.erfc(x.muli(-Math.sqrt(0.5))).muli(0.5);
    }

    @Override
    public String toString() {
        return "gelu";
    }
}
