package io.github.dl4jx.activations.formula;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a formula on one engine, whichever the virtual machine has chosen. */
enum Engine {
    MEMORY,
    HEAP,
    PARTS,
    LOOPS,
    ND4J;

    /** Steps of a part: few, so that all but the shortest formulas are cut. */
    private static final int FEW = 4000;

    /** f(x), or if there is an upstream gradient f(x)·g; the length is a multiple of 16, and at most 1024. */
    double[] run(Formula f, Precision precision, double[] x, double... g) {
        boolean isGradient = g.length > 0;
        if (this == ND4J) {
            INDArray in = Nd4j.createFromArray(x).castTo(precision.type);
            INDArray result = isGradient
                    ? Nd4jEngine.gradient(f, in, Nd4j.createFromArray(g).castTo(precision.type))
                    : Nd4jEngine.value(f, in);
            return result.castTo(DataType.DOUBLE).toDoubleVector();
        }
        try {
            return run(loop(f, precision, isGradient), this, precision, x, isGradient ? g : x);
        } catch (Throwable e) {
            throw new AssertionError(f + ": " + e, e);
        }
    }

    ArrayLoop loop(Formula f, Precision precision, boolean isGradient) {
        boolean vectors = this != LOOPS;
        Step steps = isGradient ? Lowering.gradient(f, precision, vectors) : Lowering.value(f, precision, vectors);
        return FormulaKernel.define(
                vectors
                        ? VectorCompiler.compile(
                                steps, precision, this == HEAP, this == PARTS ? FEW : VectorCompiler.BUDGET)
                        : LoopsCompiler.compile(steps, precision));
    }

    static double[] run(ArrayLoop loop, Engine engine, Precision precision, double... x) throws Throwable {
        return run(loop, engine, precision, x, x);
    }

    private static double[] run(ArrayLoop loop, Engine engine, Precision precision, double[] x, double[] g)
            throws Throwable {
        if (engine == HEAP || engine == LOOPS) {
            Object xs = array(precision, x);
            loop.run(xs, array(precision, g), xs, 0, x.length);
            return numbers(xs);
        }
        ByteBuffer xs = memory(precision, x);
        Object wrapped = VectorMemory.wrap(xs);
        loop.run(wrapped, VectorMemory.wrap(memory(precision, g)), wrapped, 0, x.length);
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = precision == Precision.FLOAT ? xs.getFloat(4 * i) : xs.getDouble(8 * i);
        }
        return y;
    }

    private static Object array(Precision precision, double... numbers) {
        if (precision == Precision.DOUBLE) {
            return numbers.clone();
        }
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    private static double[] numbers(Object array) {
        if (array instanceof double[] doubles) {
            return doubles;
        }
        float[] floats = (float[]) array;
        double[] numbers = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            numbers[i] = floats[i];
        }
        return numbers;
    }

    private static ByteBuffer memory(Precision precision, double... numbers) {
        ByteBuffer memory = ByteBuffer.allocateDirect(numbers.length * precision.bytes + 64)
                .alignedSlice(64)
                .order(ByteOrder.nativeOrder());
        for (int i = 0; i < numbers.length; i++) {
            if (precision == Precision.FLOAT) {
                memory.putFloat(4 * i, (float) numbers[i]);
            } else {
                memory.putDouble(8 * i, numbers[i]);
            }
        }
        return memory;
    }
}
