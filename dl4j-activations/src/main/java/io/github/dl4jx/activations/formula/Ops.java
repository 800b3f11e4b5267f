package io.github.dl4jx.activations.formula;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMin;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.comparison.CompareAndSet;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.gradient.SigmoidDerivative;
import org.nd4j.linalg.api.ops.impl.transforms.gradient.SoftmaxBp;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.same.Max;
import org.nd4j.linalg.api.ops.impl.transforms.same.TimesOneMinus;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erfc;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Expm1;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log1p;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.conditions.Condition;
import org.nd4j.linalg.indexing.conditions.Conditions;

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

    /** log(1 + x); keeps NaN. */
    static INDArray log1p(INDArray x) {
        return Nd4j.getExecutioner().exec(new Log1p(x, x));
    }

    /** √x; keeps NaN. */
    static INDArray sqrt(INDArray x) {
        return Nd4j.getExecutioner().exec(new Sqrt(x, x));
    }

    /** erf x; keeps NaN. */
    static INDArray erf(INDArray x) {
        return Nd4j.getExecutioner().exec(new Erf(x, x));
    }

    /** x where the mask is 1, and 0 where it is 0, whatever x is there. */
    static INDArray masked(INDArray x, INDArray mask) {
        // the second array's number where that is no less than −½, which 0 is and −1 is not
        return Nd4j.getExecutioner().exec(new CompareAndSet(x, mask.neg(), x, Conditions.greaterThan(-0.5)));
    }

    /** 1 − erf(x) without cancellation; keeps NaN. */
    public static INDArray erfc(INDArray x) {
        return Nd4j.getExecutioner().exec(new Erfc(x, x));
    }

    /** max(x, 0); keeps NaN. */
    public static INDArray relu(INDArray x) {
        return Nd4j.getExecutioner().exec(new RectifiedLinear(x, x, 0));
    }

    /** min(x, 0); keeps NaN. */
    public static INDArray negativePart(INDArray x) {
        return relu(x.negi()).negi(); // faster than atMost where the sign cannot be foretold
    }

    /** max(x, low); keeps NaN. */
    public static INDArray atLeast(INDArray x, double low) {
        return Nd4j.getExecutioner().exec(new RectifiedLinear(x, x, low));
    }

    /** min(x, high); keeps NaN. */
    public static INDArray atMost(INDArray x, double high) {
        return replace(Conditions.greaterThan(high), high, x);
    }

    private static INDArray replace(Condition condition, double value, INDArray x) {
        return Nd4j.getExecutioner().exec(new CompareAndSet(x, value, condition));
    }

    /** max(x, y); NaN where x is. */
    public static INDArray max(INDArray x, INDArray y) {
        return Nd4j.getExecutioner().exec(new Max(y, x, x)); // the second operand, unless the first is larger
    }

    /** x(1 − x); keeps NaN. */
    public static INDArray timesOneMinus(INDArray x) {
        return Nd4j.getExecutioner().exec(new TimesOneMinus(x, x));
    }

    /** σ′(x)·epsilon; keeps NaN. */
    public static INDArray sigmoidGradient(INDArray x, INDArray epsilon) {
        return Nd4j.exec(new SigmoidDerivative(x, epsilon, x))[0];
    }

    /** Softmax along a dimension, which is moved to the end: elsewhere oneDNN's is wrong for rank 4. */
    public static INDArray softmax(INDArray x, int dimension) {
        INDArray last = dimension == x.rank() - 1 ? x : x.permute(toTheEnd(dimension, x.rank()));
        Nd4j.exec(new SoftMax(last, last, -1));
        return x;
    }

    /** The gradient of {@link #softmax}; oneDNN's mixes up the elements of two arrays that are laid out differently. */
    public static INDArray softmaxGradient(INDArray x, INDArray epsilon, int dimension) {
        boolean alike = Arrays.equals(x.stride(), epsilon.stride());
        INDArray in = alike ? x : x.dup('c');
        INDArray g = alike ? epsilon : epsilon.dup('c');
        return Nd4j.exec(new SoftmaxBp(in, g, in, dimension))[0];
    }

    private static int[] toTheEnd(int dimension, int rank) {
        IntStream others = IntStream.range(0, rank).filter(i -> i != dimension);
        return IntStream.concat(others, IntStream.of(dimension)).toArray();
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
     * −∞ becomes the lowest finite number, so that a product with a factor that vanishes there is 0 and not NaN; keeps
     * NaN.
     */
    public static INDArray finiteBelow(INDArray x) {
        return atLeast(x, -largest(x));
    }

    /** ±∞ becomes the finite number of largest magnitude; keeps NaN. */
    public static INDArray finite(INDArray x) {
        return atMost(finiteBelow(x), largest(x));
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

    /** 0 for a number, infinite ones included, and NaN for NaN: to be added to what an operation above has lost. */
    public static INDArray zeroUnlessNan(INDArray x) {
        return atLeast(x, 1).rdivi(0);
    }
}
