package io.github.dl4jx.activations.formula;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the code of {@link VectorCompiler} refers to. A loaded vector is cast to the machine's vector class: with it C2 knows
 * the class of all that is computed from it, and needs no profile.
 */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    static final Class<?> FLOAT_CLASS = FLOATS.vectorType();
    static final Class<?> DOUBLE_CLASS = DOUBLES.vectorType();

    /** The bits of ∞. */
    static final IntVector FLOAT_INFINITY =
            IntVector.broadcast(IntVector.SPECIES_PREFERRED, Float.floatToRawIntBits(Float.POSITIVE_INFINITY));

    static final LongVector DOUBLE_INFINITY =
            LongVector.broadcast(LongVector.SPECIES_PREFERRED, Double.doubleToRawLongBits(Double.POSITIVE_INFINITY));

    /** Numbers of an intermediate result, few enough for the first-level cache. */
    static final int SCRATCH = 1024;

    private static final ThreadLocal<float[][]> FLOAT_SCRATCH = ThreadLocal.withInitial(() -> new float[0][]);
    private static final ThreadLocal<double[][]> DOUBLE_SCRATCH = ThreadLocal.withInitial(() -> new double[0][]);

    private Lanes() {}

    static int count(Precision precision) {
        return precision == Precision.FLOAT ? FLOATS.length() : DOUBLES.length();
    }

    /** This thread's arrays for intermediate results. */
    static float[][] floatScratch(int count) {
        float[][] scratch = FLOAT_SCRATCH.get();
        if (scratch.length < count) {
            scratch = new float[count][SCRATCH];
            FLOAT_SCRATCH.set(scratch);
        }
        return scratch;
    }

    /** The same for doubles. */
    static double[][] doubleScratch(int count) {
        double[][] scratch = DOUBLE_SCRATCH.get();
        if (scratch.length < count) {
            scratch = new double[count][SCRATCH];
            DOUBLE_SCRATCH.set(scratch);
        }
        return scratch;
    }
}
