package io.github.dl4jx.activations;

import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.activations.formula.FormulaKernel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An activation that is one formula. Derivative, loops and text follow from it, and it runs as fast as the pack's own:
 *
 * <pre>{@code
 * public final class Serf extends FormulaActivation {
 *     @Override
 *     protected Formula f(Formula x) {
 *         return x.times(erf(softplus(x)));
 *     }
 * }
 * }</pre>
 *
 * A parameter is a final field, taken by a {@code @JsonCreator} constructor, with a {@link #toString()} that prints it.
 */
public abstract class FormulaActivation extends ElementwiseActivation {
    private static final long serialVersionUID = 1L;

    private transient volatile @Nullable FormulaKernel kernel;

    /** f. The same formula at each call: its numbers may depend on final fields and on nothing else. */
    protected abstract Formula f(Formula x);

    /** f′; by rule, unless a subclass has a better form, which is compared with that by rule in tests. */
    protected Formula slope(Formula x) {
        return f(x).derivative();
    }

    /** The formula. */
    public final Formula formula() {
        return formulas().value();
    }

    private FormulaKernel formulas() {
        FormulaKernel known = kernel;
        if (known == null) {
            known = FormulaKernel.of(f(Formula.X), slope(Formula.X));
            kernel = known;
        }
        return known;
    }

    @Override
    protected final INDArray value(INDArray x) {
        return formulas().value(x);
    }

    @Override
    protected final INDArray slope(INDArray x) {
        return formulas().slope(x);
    }

    @Override
    final INDArray forward(INDArray in) {
        return formulas().forward(in);
    }

    @Override
    final INDArray backward(INDArray in, INDArray epsilon) {
        return formulas().backward(in, epsilon);
    }

    @Override
    final INDArray into(INDArray in, @Nullable INDArray epsilon, INDArray out) {
        return formulas().into(x -> inPlace(x, epsilon), in, epsilon, out);
    }

    @Override
    final boolean computesAs(NamedActivation other) {
        return formulas().isSameAs(((FormulaActivation) other).formulas());
    }

    /** The name of the class in lower case, its words joined by hyphens: {@code scaled-tanh} for ScaledTanh. */
    @Override
    public String toString() {
        return getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}
