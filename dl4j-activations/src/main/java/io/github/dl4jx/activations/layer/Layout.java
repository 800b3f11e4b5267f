package io.github.dl4jx.activations.layer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional3D;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutionalFlat;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeFeedForward;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What DL4J's input types say of the arrays that a layer will meet. */
final class Layout {
    /** Stands for any size: the minibatch and the time steps. */
    private static final long ANY = -1;

    private Layout() {}

    /**
     * The type of the arrays as they come in. Flattened images come as rows.
     *
     * @throws IllegalArgumentException if it is missing or counts no channels
     */
    static InputType require(@Nullable InputType type) {
        if (type == null) {
            throw new IllegalArgumentException("inputType is null; valid: a type, by setInputType on the network or"
                    + " inputType on the builder of this layer");
        }
        InputType known =
                type instanceof InputTypeConvolutionalFlat flat ? InputType.feedForward(flat.getFlattenedSize()) : type;
        if (channels(known) < 1) {
            throw new IllegalArgumentException("inputType is " + type + "; valid: a type with 1 or more channels");
        }
        return known;
    }

    /** The axis that counts channels or features: 1, or the last one. Unknown types have it at 1. */
    static int channelAxis(@Nullable InputType type) {
        return type != null && channelsLast(type) ? type.getShape(true).length - 1 : 1;
    }

    /** How many channels or features there are. */
    static long channels(InputType type) {
        return type.getShape(true)[channelAxis(type)];
    }

    /** The same type with another number of channels. */
    static InputType withChannels(InputType type, long channels) {
        if (type instanceof InputTypeFeedForward rows) {
            return InputType.feedForward(channels, rows.getTimeDistributedFormat());
        }
        if (type instanceof InputTypeRecurrent sequence) {
            return InputType.recurrent(channels, sequence.getTimeSeriesLength(), sequence.getFormat());
        }
        if (type instanceof InputTypeConvolutional image) {
            return InputType.convolutional(image.getHeight(), image.getWidth(), channels, image.getFormat());
        }
        if (type instanceof InputTypeConvolutional3D volume) {
            return InputType.convolutional3D(
                    volume.getDataFormat(), volume.getDepth(), volume.getHeight(), volume.getWidth(), channels);
        }
        throw new IllegalArgumentException("inputType is " + type
                + "; valid: feed-forward, recurrent, convolutional or three-dimensional convolutional");
    }

    /**
     * The shape of learned parameters, ready to be broadcast: 1 on each axis along which one is shared.
     *
     * @throws IllegalArgumentException if the type is missing or leaves a size open that counts parameters
     */
    static long[] parameterShape(Sharing sharing, @Nullable InputType type) {
        if (sharing == Sharing.SHARED) {
            return new long[] {1, 1};
        }
        InputType given = require(type);
        if (!isKnown(sharing, given)) {
            throw new IllegalArgumentException("inputType is " + type + "; valid: a type with every size known");
        }
        return Arrays.stream(expected(sharing, given))
                .map(size -> size == ANY ? 1 : size)
                .toArray();
    }

    /** Whether the type is there, and leaves no size open that counts parameters. */
    static boolean isKnown(Sharing sharing, @Nullable InputType type) {
        return sharing == Sharing.SHARED
                || (type != null && Arrays.stream(expected(sharing, type)).allMatch(size -> size == ANY || size >= 1));
    }

    /**
     * Checks that an array is of the type, on every axis where the sharing needs it; a missing type leaves the rank
     * open.
     *
     * @throws IllegalArgumentException if it is not
     */
    static void check(INDArray x, Sharing sharing, @Nullable InputType type) {
        long[] shape = x.shape();
        if (type == null || sharing == Sharing.SHARED) {
            if (shape.length < 2) {
                throw new IllegalArgumentException(
                        "input has shape " + Arrays.toString(shape) + "; valid: rank 2 or more");
            }
            return;
        }
        long[] expected = expected(sharing, type);
        boolean valid = shape.length == expected.length;
        for (int axis = 0; valid && axis < shape.length; axis++) {
            valid = expected[axis] == ANY || expected[axis] == shape[axis];
        }
        if (!valid) {
            throw new IllegalArgumentException("input has shape " + Arrays.toString(shape) + "; valid: "
                    + Arrays.toString(expected) + ", where -1 is any size");
        }
    }

    /** A new array of the shape of x, dense, with its elements in the order in which those of x lie. */
    static INDArray like(INDArray x, ArrayType type, LayerWorkspaceMgr workspaceMgr) {
        int[] axes = IntStream.range(0, x.rank())
                .boxed()
                .sorted(Comparator.comparing(axis -> -x.stride(axis)))
                .mapToInt(axis -> axis)
                .toArray();
        long[] shape = Arrays.stream(axes).mapToLong(x::size).toArray();
        int[] back = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            back[axes[i]] = i;
        }
        return workspaceMgr.createUninitialized(type, x.dataType(), shape, 'c').permute(back);
    }

    /** The shape of the arrays, with {@link #ANY} where the size does not matter. */
    private static long[] expected(Sharing sharing, InputType type) {
        long[] shape = type.getShape(true);
        int channels = channelAxis(type);
        boolean channelsOnly = sharing == Sharing.CHANNEL || type instanceof InputTypeRecurrent;
        for (int axis = 0; axis < shape.length; axis++) {
            if (axis == 0 || (channelsOnly && axis != channels)) {
                shape[axis] = ANY;
            }
        }
        return shape;
    }

    private static boolean channelsLast(InputType type) {
        return (type instanceof InputTypeConvolutional image && image.getFormat() == CNN2DFormat.NHWC)
                || (type instanceof InputTypeRecurrent sequence && sequence.getFormat() == RNNFormat.NWC)
                || (type instanceof InputTypeConvolutional3D volume
                        && volume.getDataFormat() == Convolution3D.DataFormat.NDHWC);
    }
}
