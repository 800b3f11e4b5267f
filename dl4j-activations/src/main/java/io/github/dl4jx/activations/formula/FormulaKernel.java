package io.github.dl4jx.activations.formula;

import java.lang.invoke.MethodHandles;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A formula and its derivative, compiled once and for all arrays: in one pass over the memory where that can be, on all
 * threads that ND4J may use, and in ND4J operations elsewhere. DL4J's in-place contract holds: the input is overwritten and
 * returned, the upstream gradient is only read.
 */
public final class FormulaKernel {
    private static final Logger LOG = LoggerFactory.getLogger("io.github.dl4jx.kernels");

    /** Equal formulas share a kernel, whatever clones DL4J makes; one that nothing uses any more can be collected. */
    private static final Map<Functions, SoftReference<FormulaKernel>> ALL = new WeakHashMap<>();

    /** f, and f′ as it is to be computed. */
    private record Functions(Formula value, Formula slope) {}

    private final Functions functions;
    private final Pass forward;
    private final Pass backward;

    private FormulaKernel(Functions functions) {
        this.functions = functions;
        forward = new Pass(functions.value, false);
        backward = new Pass(functions.slope, true);
    }

    /** The kernel of these. */
    public static FormulaKernel of(Formula value, Formula slope) {
        synchronized (ALL) {
            Functions functions = new Functions(value, slope);
            SoftReference<FormulaKernel> known = ALL.get(functions);
            FormulaKernel kernel = known == null ? null : known.get();
            if (kernel == null) {
                kernel = new FormulaKernel(functions);
                ALL.put(kernel.functions, new SoftReference<>(kernel));
            }
            return kernel;
        }
    }

    /** Whether both compute the same formulas. */
    public boolean isSameAs(FormulaKernel other) {
        return functions.equals(other.functions);
    }

    /** f. */
    public Formula value() {
        return functions.value;
    }

    /** f′. */
    public Formula slope() {
        return functions.slope;
    }

    /** Overwrites {@code in} with f(in), and returns it. */
    public INDArray forward(INDArray in) {
        return in.isEmpty() || forward.run(in, in, in) ? in : ArrayRunner.forward(this::value, in);
    }

    /**
     * Overwrites {@code in} with f′(in)·epsilon, and returns it.
     *
     * @throws IllegalArgumentException if the shapes differ
     */
    public INDArray backward(INDArray in, INDArray epsilon) {
        ArrayRunner.requireSameShape(in, epsilon);
        return in.isEmpty() || backward.run(in, epsilon, in)
                ? in
                : ArrayRunner.backward((x, g) -> Nd4jEngine.gradient(functions.slope, x, g), in, epsilon);
    }

    /**
     * Fills {@code out} with f(in), or with f′(in)·epsilon if there is an upstream gradient.
     *
     * @param inPlace what overwrites its argument with the same
     * @return {@code out}
     * @throws IllegalArgumentException if the shapes differ
     */
    public INDArray into(UnaryOperator<INDArray> inPlace, INDArray in, @Nullable INDArray epsilon, INDArray out) {
        ArrayRunner.requireSameShape(in, "out", out);
        if (in.isEmpty() || (epsilon == null ? forward.into(in, in, out) : backward.into(in, epsilon, out))) {
            return out;
        }
        return inPlace.apply(out.assign(in));
    }

    /** f of each element, in ND4J operations; may overwrite {@code x}, and returns the result, there or elsewhere. */
    public INDArray value(INDArray x) {
        return Nd4jEngine.value(functions.value, x);
    }

    /** f′ of each element, as {@link #value(INDArray)}. */
    public INDArray slope(INDArray x) {
        return Nd4jEngine.value(functions.slope, x);
    }

    @Override
    public String toString() {
        return functions.toString();
    }

    /** The instance of a generated class; the class can be collected with it. */
    static ArrayLoop define(byte[] classFile) {
        try {
            return (ArrayLoop) MethodHandles.lookup()
                    .defineHiddenClass(classFile, true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the loop of a formula cannot be defined", e);
        }
    }

    static Logger log() {
        return LOG;
    }
}
