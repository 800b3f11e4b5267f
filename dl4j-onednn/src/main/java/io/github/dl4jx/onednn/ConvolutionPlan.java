package io.github.dl4jx.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.primitive_desc_base;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * oneDNN's primitives for a convolution of one shape: forwards, and backwards by weights and by data. Images lie with
 * their channels last; the weights as DL4J has them are brought into the order that each primitive likes, and back. What
 * is read may be rounded to bfloat16 before; sums and results are floats.
 */
final class ConvolutionPlan implements Plan {
    /** Channels that AVX-512 takes at once. */
    private static final int WIDEST_BLOCK = 16;

    private final Arena arena = new Arena();
    private final Descriptions descriptions = new Descriptions(arena);
    private final ConvolutionShape shape;
    private final memory.desc in;
    private final memory.desc out;
    private final memory.desc readIn;
    private final memory.desc readOut;
    private final memory.desc userWeights;
    private final memory.desc anyWeights;
    private final memory.desc anyGradient;
    private final memory.@Nullable desc bias;
    private final convolution_forward.primitive_desc description;
    private final convolution_backward_data.primitive_desc dataDescription;
    private final convolution_backward_weights.primitive_desc weightsDescription;
    private final Conversion forwardWeights;
    private final Conversion dataWeights;
    private final Conversion weightGradient;
    private final Conversion roundedIn;
    private final Conversion roundedOut;
    private @Nullable Operation forward;
    private @Nullable Operation rectified;
    private @Nullable Operation byData;
    private @Nullable Operation byWeights;

    /** @param reads what images and weights are rounded to before they are read: {@code FLOAT} or {@code BFLOAT16} */
    ConvolutionPlan(ConvolutionShape shape, WeightOrder order, DataType reads) {
        this.shape = shape;
        in = descriptions.of(format_tag.nhwc, shape.in());
        out = descriptions.of(format_tag.nhwc, shape.out());
        readIn = descriptions.of(reads, format_tag.nhwc, shape.in());
        readOut = descriptions.of(reads, format_tag.nhwc, shape.out());
        userWeights = order.describe(shape, descriptions);
        anyWeights = descriptions.of(reads, format_tag.any, order.dimensions(shape));
        anyGradient = descriptions.of(format_tag.any, order.dimensions(shape));
        bias = shape.bias() ? descriptions.of(format_tag.x, shape.outChannels()) : null;
        description = arena.own(new convolution_forward.primitive_desc(
                forwardDescription(), descriptions.attributes(), Native.engine()));
        dataDescription = describeByData();
        weightsDescription = describeByWeights();
        forwardWeights = new Conversion(arena, userWeights, arena.own(description.weights_desc()));
        dataWeights = new Conversion(arena, userWeights, arena.own(dataDescription.weights_desc()));
        weightGradient = new Conversion(arena, arena.own(weightsDescription.diff_weights_desc()), userWeights);
        roundedIn = new Conversion(arena, in, readIn);
        roundedOut = new Conversion(arena, out, readOut);
    }

    ConvolutionShape shape() {
        return shape;
    }

    @Override
    public boolean isFast() {
        return !Descriptions.isReference(description)
                && !Descriptions.isReference(dataDescription)
                && !Descriptions.isReference(weightsDescription);
    }

    private convolution_forward.desc forwardDescription() {
        long[] strides = shape.strides();
        long[] dilations = shape.dilations();
        return arena.own(
                bias == null
                        ? new convolution_forward.desc(
                                prop_kind.forward_training,
                                algorithm.convolution_direct,
                                readIn,
                                anyWeights,
                                out,
                                strides,
                                dilations,
                                shape.padBefore(),
                                shape.padAfter())
                        : new convolution_forward.desc(
                                prop_kind.forward_training,
                                algorithm.convolution_direct,
                                readIn,
                                anyWeights,
                                bias,
                                out,
                                strides,
                                dilations,
                                shape.padBefore(),
                                shape.padAfter()));
    }

    private convolution_backward_data.primitive_desc describeByData() {
        return arena.own(new convolution_backward_data.primitive_desc(
                arena.own(new convolution_backward_data.desc(
                        algorithm.convolution_direct,
                        in,
                        anyWeights,
                        readOut,
                        shape.strides(),
                        shape.dilations(),
                        shape.padBefore(),
                        shape.padAfter())),
                descriptions.attributes(),
                Native.engine(),
                description));
    }

    private convolution_backward_weights.primitive_desc describeByWeights() {
        long[] strides = shape.strides();
        long[] dilations = shape.dilations();
        convolution_backward_weights.desc backward = arena.own(
                bias == null
                        ? new convolution_backward_weights.desc(
                                algorithm.convolution_direct,
                                readIn,
                                anyGradient,
                                readOut,
                                strides,
                                dilations,
                                shape.padBefore(),
                                shape.padAfter())
                        : new convolution_backward_weights.desc(
                                algorithm.convolution_direct,
                                readIn,
                                anyGradient,
                                bias,
                                readOut,
                                strides,
                                dilations,
                                shape.padBefore(),
                                shape.padAfter()));
        convolution_backward_weights.primitive_desc described = arena.own(new convolution_backward_weights
                .primitive_desc(backward, descriptions.attributes(), Native.engine(), description));
        while (writesPastItsMemory(described) && described.next_impl()) {}
        return described;
    }

    /**
     * Whether this code has less memory for the pixels that it picks out than it writes. So it is in all releases up to
     * 3.12: https://github.com/uxlfoundation/oneDNN/issues/6035.
     */
    private boolean writesPastItsMemory(primitive_desc_base backward) {
        return shape.inChannels() < WIDEST_BLOCK
                && shape.strideHeight() * shape.strideWidth() > 1
                && backward.impl_info_str().getString().startsWith("jit_1x1");
    }

    /** z = x ∗ w + b, or max(0, z) if it is to be rectified. */
    void forward(
            INDArray x, INDArray weights, @Nullable INDArray b, INDArray z, boolean rectify, WorkingMemory memory) {
        Operation operation = rectify ? rectified : forward;
        if (operation == null) {
            operation = makeForward(rectify);
            rectified = rectify ? operation : rectified;
            forward = rectify ? forward : operation;
        }
        INDArray read = roundedIn.of(x, memory);
        INDArray w = forwardWeights.of(weights, memory);
        operation.run(memory, read, w, z, b);
    }

    /** ReLU before the result is written: a pass over the memory less. The weights lie as without. */
    private Operation makeForward(boolean rectify) {
        convolution_forward.primitive_desc of = rectify
                ? arena.own(new convolution_forward.primitive_desc(
                        forwardDescription(), Rectifier.appended(arena, descriptions.attributes()), Native.engine()))
                : description;
        return new Operation.Builder(arena, new convolution_forward(of), of)
                .with(DNNL_ARG_SRC, readIn)
                .with(DNNL_ARG_WEIGHTS, arena.own(description.weights_desc()))
                .with(DNNL_ARG_DST, out)
                .with(DNNL_ARG_BIAS, bias)
                .build();
    }

    /**
     * The gradients of weights and bias, and that at the input.
     *
     * @param gradient null if nobody will read it
     */
    void backward(
            INDArray x,
            INDArray delta,
            INDArray weights,
            INDArray gradientOfWeights,
            @Nullable INDArray gradientOfBias,
            @Nullable INDArray gradient,
            WorkingMemory memory) {
        INDArray read = roundedOut.of(delta, memory);
        backwardByWeights(roundedIn.of(x, memory), read, gradientOfWeights, gradientOfBias, memory);
        if (gradient != null) {
            Operation operation = byData;
            if (operation == null) {
                operation = makeByData();
                byData = operation;
            }
            operation.run(memory, read, dataWeights.of(weights, memory), gradient);
        }
    }

    private Operation makeByData() {
        return new Operation.Builder(arena, new convolution_backward_data(dataDescription), dataDescription)
                .with(DNNL_ARG_DIFF_DST, readOut)
                .with(DNNL_ARG_WEIGHTS, arena.own(dataDescription.weights_desc()))
                .with(DNNL_ARG_DIFF_SRC, in)
                .build();
    }

    private void backwardByWeights(
            INDArray x, INDArray delta, INDArray gradient, @Nullable INDArray biasGradient, WorkingMemory memory) {
        Operation operation = byWeights;
        if (operation == null) {
            operation = makeByWeights();
            byWeights = operation;
        }
        INDArray own = weightGradient.before(gradient, memory);
        operation.run(memory, x, delta, own, biasGradient);
        weightGradient.finish(own, gradient, memory);
    }

    private Operation makeByWeights() {
        return new Operation.Builder(arena, new convolution_backward_weights(weightsDescription), weightsDescription)
                .with(DNNL_ARG_SRC, readIn)
                .with(DNNL_ARG_DIFF_DST, readOut)
                .with(DNNL_ARG_DIFF_WEIGHTS, arena.own(weightsDescription.diff_weights_desc()))
                .with(DNNL_ARG_DIFF_BIAS, bias)
                .build();
    }

    @Override
    public void close() {
        arena.close();
    }
}
