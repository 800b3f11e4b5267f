package io.github.dl4jx.activations.kernel;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Relu6;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMin;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erfc;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Expm1;
import org.nd4j.linalg.api.ops.impl.transforms.strict.HardTanh;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log1p;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The ND4J operations that the activations are written in. Each overwrites its argument and returns it, so that one
 * array passes through a chain of them; {@code dup()} starts a second chain. Those that say so keep NaN a NaN, which
 * ND4J's own maximum and minimum do not.
 */
public final class Ops {
    private Ops() {}

    /** σ(x); keeps NaN. */
    public static INDArray sigmoid(INDArray x) {
        return Nd4j.getExecutioner().exec(new Sigmoid(x, x));
    }

    /** e^x; keeps NaN. */
    public static INDArray exp(INDArray x) {
        return Nd4j.getExecutioner().exec(new Exp(x, x));
    }

    /** e^x − 1; keeps NaN. ND4J subtracts after rounding: exact to an ulp of 1, not relative to a tiny result. */
    public static INDArray expm1(INDArray x) {
        return Nd4j.getExecutioner().exec(new Expm1(x, x));
    }

    /** 1 − erf(x) without cancellation; keeps NaN. */
    public static INDArray erfc(INDArray x) {
        return Nd4j.getExecutioner().exec(new Erfc(x, x));
    }

    /** max(x, 0); keeps NaN. */
    public static INDArray relu(INDArray x) {
        return Nd4j.getExecutioner().exec(new RectifiedLinear(x, x, 0));
    }

    /** min(max(x, 0), 6); NaN becomes 6. */
    public static INDArray relu6(INDArray x) {
        return Nd4j.getExecutioner().exec(new Relu6(x, x, 0));
    }

    /** min(x, 0); keeps NaN. */
    public static INDArray negativePart(INDArray x) {
        return relu(x.negi()).negi();
    }

    /** 1 where x &gt; threshold, else 0. */
    public static INDArray above(INDArray x, double threshold) {
        return Nd4j.getExecutioner().exec(new Step(x, x, threshold));
    }

    /** x confined to [low, high]; NaN becomes a bound, so another factor must carry it. */
    public static INDArray clamp(INDArray x, double low, double high) {
        Nd4j.getExecutioner().exec(new ScalarMax(x, null, x, low));
        return Nd4j.getExecutioner().exec(new ScalarMin(x, null, x, high));
    }

    /**
     * −∞ becomes the lowest finite number, so that a product with a factor that vanishes there is 0 and not NaN. NaN
     * is lost as in {@link #clamp}.
     */
    public static INDArray finiteBelow(INDArray x) {
        return Nd4j.getExecutioner().exec(new ScalarMax(x, null, x, -largest(x)));
    }

    /** ±∞ becomes the finite number of largest magnitude. NaN is lost as in {@link #clamp}. */
    public static INDArray finite(INDArray x) {
        return clamp(x, -largest(x), largest(x));
    }

    private static double largest(INDArray x) {
        return x.dataType() == DataType.DOUBLE ? Double.MAX_VALUE : Float.MAX_VALUE;
    }

    /** |x|; keeps NaN. */
    public static INDArray abs(INDArray x) {
        return Nd4j.getExecutioner().exec(new Abs(x, x));
    }

    /** tanh x; keeps NaN. */
    public static INDArray tanh(INDArray x) {
        return Nd4j.getExecutioner().exec(new Tanh(x, x));
    }

    /** log(1 + x); keeps NaN. ND4J adds before the logarithm: exact to an ulp of 1, not relative to a tiny result. */
    public static INDArray log1p(INDArray x) {
        return Nd4j.getExecutioner().exec(new Log1p(x, x));
    }

    /** 0 for a number, infinite ones included, and NaN for NaN: to be added to what an operation above has lost. */
    public static INDArray zeroUnlessNan(INDArray x) {
        return Nd4j.getExecutioner().exec(new HardTanh(x, x)).muli(0);
    }
}
