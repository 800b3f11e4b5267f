package io.github.dl4jx.activations.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What DL4J hands to a layer: three examples of six channels, with odd numbers of everything else. */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes them
enum Inputs {
    DENSE(1, InputType.feedForward(6), 3, 6),
    NCHW(1, InputType.convolutional(5, 3, 6), 3, 6, 5, 3),
    NHWC(3, InputType.convolutional(5, 3, 6, CNN2DFormat.NHWC), 3, 5, 3, 6),
    NCW(1, InputType.recurrent(6, 7), 3, 6, 7),
    NWC(2, InputType.recurrent(6, RNNFormat.NWC), 3, 7, 6),
    NCDHW(1, InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 2, 5, 3, 6), 3, 6, 2, 5, 3),
    NDHWC(4, InputType.convolutional3D(Convolution3D.DataFormat.NDHWC, 2, 5, 3, 6), 3, 2, 5, 3, 6);

    final int channelAxis;
    final InputType type;
    private final long[] shape;

    Inputs(int channelAxis, InputType type, long... shape) {
        this.channelAxis = channelAxis;
        this.type = type;
        this.shape = shape;
    }

    long[] shape() {
        return shape.clone();
    }

    int length() {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    boolean recurrent() {
        return shape.length == 3;
    }

    /** How the same values can lie in memory. */
    enum Memory {
        C,
        F,
        PERMUTED,
        STRIDED_VIEW;

        /** What the upstream gradient may come in instead. */
        Memory another() {
            return switch (this) {
                case C -> F;
                case F -> PERMUTED;
                case PERMUTED -> STRIDED_VIEW;
                case STRIDED_VIEW -> C;
            };
        }

        INDArray of(double[] values, DataType type, long... shape) {
            INDArray c = Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
            return switch (this) {
                case C -> c.dup('c');
                case F -> c.dup('f');
                case PERMUTED -> {
                    int[] swap = {1, 0, 2, 3, 4};
                    int[] order = Arrays.copyOf(swap, shape.length);
                    yield c.permute(order).dup('c').permute(order);
                }
                case STRIDED_VIEW -> {
                    long[] wide = shape.clone();
                    wide[shape.length - 1] = 2 * wide[shape.length - 1] + 1;
                    INDArrayIndex[] everySecond = new INDArrayIndex[shape.length];
                    Arrays.fill(everySecond, NDArrayIndex.all());
                    everySecond[shape.length - 1] = NDArrayIndex.interval(1, 2, wide[shape.length - 1]);
                    yield Nd4j.valueArrayOf(wide, 77.0, type).get(everySecond).assign(c);
                }
            };
        }
    }
}
