package io.github.dl4jx.init;

import java.lang.ref.Reference;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/** A Java function over all elements of an array. */
final class Elements {
    /** Floats that stay in the cache between being read and being written. */
    private static final int BLOCK = 1 << 14;

    /** Elements that are worth a task of their own. */
    private static final long TASK = 1L << 20;

    private Elements() {}

    /** Overwrites each element x with f(x), in double precision. */
    static void map(INDArray array, DoubleUnaryOperator f) {
        if (array.dataType() == DataType.FLOAT
                && array.elementWiseStride() == 1
                && Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU) {
            FloatPointer memory = new FloatPointer(array.data().pointer());
            try {
                LongStream.rangeClosed(0, (array.length() - 1) / TASK)
                        .parallel()
                        .map(task -> task * TASK)
                        .forEach(from -> map(memory, array.offset() + from, Math.min(TASK, array.length() - from), f));
            } finally {
                Reference.reachabilityFence(array); // a pointer does not keep the memory
            }
        } else {
            double[] values = array.ravel().toDoubleVector();
            for (int i = 0; i < values.length; i++) {
                values[i] = f.applyAsDouble(values[i]);
            }
            array.assign(Nd4j.createFromArray(values).reshape('c', array.shape()));
        }
    }

    private static void map(FloatPointer memory, long from, long count, DoubleUnaryOperator f) {
        FloatPointer place = new FloatPointer(memory);
        float[] block = new float[(int) Math.min(BLOCK, count)];
        for (long at = 0; at < count; at += block.length) {
            int length = (int) Math.min(block.length, count - at);
            place.position(from + at).get(block, 0, length);
            for (int i = 0; i < length; i++) {
                block[i] = (float) f.applyAsDouble(block[i]);
            }
            place.put(block, 0, length);
        }
    }
}
