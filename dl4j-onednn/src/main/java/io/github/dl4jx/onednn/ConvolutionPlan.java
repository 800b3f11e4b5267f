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
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * oneDNN's primitives for a convolution of one shape: forwards, and backwards by weights and by data. Images lie with
 * their channels last; the weights as DL4J has them are brought into the order that each primitive likes, and back.
 */
final class ConvolutionPlan implements AutoCloseable {
    /** Channels that AVX-512 takes at once. */
    private static final int WIDEST_BLOCK = 16;

    private final Arena arena = new Arena();
    private final ConvolutionShape shape;
    private final memory.desc in;
    private final memory.desc out;
    private final memory.desc userWeights;
    private final memory.desc anyWeights;
    private final memory.@Nullable desc bias;
    private final convolution_forward.primitive_desc description;
    private final @Nullable Turned forwardWeights;
    private @Nullable Operation forward;
    private @Nullable Operation rectified;
    private @Nullable Operation byData;
    private @Nullable Turned dataWeights;
    private @Nullable Operation byWeights;
    private @Nullable Turned weightGradient;

    /** Weights in an order of oneDNN's own. */
    private record Turned(Operation operation, long bytes) {}

    ConvolutionPlan(ConvolutionShape shape, WeightOrder order) {
        this.shape = shape;
        Descriptions descriptions = new Descriptions(arena);
        in = descriptions.of(format_tag.nhwc, shape.in());
        out = descriptions.of(format_tag.nhwc, shape.out());
        userWeights = order.describe(shape, descriptions);
        anyWeights = descriptions.of(format_tag.any, order.dimensions(shape));
        bias = shape.bias() ? descriptions.of(format_tag.x, shape.outChannels()) : null;
        description = arena.own(new convolution_forward.primitive_desc(
                forwardDescription(), descriptions.attributes(), Native.engine()));
        forwardWeights = turned(userWeights, arena.own(description.weights_desc()));
    }

    private Operation forward(convolution_forward.primitive_desc of, memory.desc weights) {
        Operation.Builder builder = new Operation.Builder(arena, new convolution_forward(of), of)
                .with(DNNL_ARG_SRC, in)
                .with(DNNL_ARG_WEIGHTS, weights)
                .with(DNNL_ARG_DST, out);
        return (bias == null ? builder : builder.with(DNNL_ARG_BIAS, bias)).build();
    }

    /** ReLU before the result is written: a pass over the memory less. The weights lie as without. */
    private Operation makeRectified() {
        Descriptions descriptions = new Descriptions(arena);
        return forward(
                arena.own(new convolution_forward.primitive_desc(
                        forwardDescription(), Rectifier.appended(arena, descriptions.attributes()), Native.engine())),
                arena.own(description.weights_desc()));
    }

    private convolution_forward.desc forwardDescription() {
        long[] strides = shape.strides();
        long[] dilations = shape.dilations();
        return arena.own(
                bias == null
                        ? new convolution_forward.desc(
                                prop_kind.forward_training,
                                algorithm.convolution_direct,
                                in,
                                anyWeights,
                                out,
                                strides,
                                dilations,
                                shape.padBefore(),
                                shape.padAfter())
                        : new convolution_forward.desc(
                                prop_kind.forward_training,
                                algorithm.convolution_direct,
                                in,
                                anyWeights,
                                bias,
                                out,
                                strides,
                                dilations,
                                shape.padBefore(),
                                shape.padAfter()));
    }

    private @Nullable Turned turned(memory.desc from, memory.desc to) {
        return from.equals(to)
                ? null
                : new Turned(Images.reorder(arena, from, to), Math.max(from.get_size(), to.get_size()));
    }

    /** Whether oneDNN has real code for this shape, and not only its reference, which is a hundred times slower. */
    boolean isFast() {
        return !isReference(description);
    }

    private static boolean isReference(primitive_desc_base description) {
        return description.impl_info_str().getString().startsWith("ref");
    }

    /** z = x ∗ w + b, or max(0, z) if it is to be rectified. */
    void forward(
            INDArray x, INDArray weights, @Nullable INDArray b, INDArray z, boolean rectify, WorkingMemory memory) {
        INDArray w = turn(forwardWeights, weights, memory);
        Operation operation = rectify ? rectified : forward;
        if (operation == null) {
            operation = rectify ? makeRectified() : forward(description, arena.own(description.weights_desc()));
            rectified = rectify ? operation : rectified;
            forward = rectify ? forward : operation;
        }
        if (b == null) {
            operation.run(memory, x, w, z);
        } else {
            operation.run(memory, x, w, z, b);
        }
    }

    /** The gradient at the input. */
    void backwardByData(INDArray delta, INDArray weights, INDArray gradient, WorkingMemory memory) {
        Operation operation = byData;
        if (operation == null) {
            operation = makeByData();
            byData = operation;
        }
        operation.run(memory, delta, turn(dataWeights, weights, memory), gradient);
    }

    private Operation makeByData() {
        convolution_backward_data.primitive_desc backward = arena.own(new convolution_backward_data.primitive_desc(
                arena.own(new convolution_backward_data.desc(
                        algorithm.convolution_direct,
                        in,
                        anyWeights,
                        out,
                        shape.strides(),
                        shape.dilations(),
                        shape.padBefore(),
                        shape.padAfter())),
                new Descriptions(arena).attributes(),
                Native.engine(),
                description));
        memory.desc weights = arena.own(backward.weights_desc());
        dataWeights = turned(userWeights, weights);
        return new Operation.Builder(arena, new convolution_backward_data(backward), backward)
                .with(DNNL_ARG_DIFF_DST, out)
                .with(DNNL_ARG_WEIGHTS, weights)
                .with(DNNL_ARG_DIFF_SRC, in)
                .build();
    }

    /** The gradients of weights and bias. */
    void backwardByWeights(
            INDArray x, INDArray delta, INDArray gradient, @Nullable INDArray biasGradient, WorkingMemory memory) {
        Operation operation = byWeights;
        if (operation == null) {
            operation = makeByWeights();
            byWeights = operation;
        }
        INDArray own = weightGradient == null ? gradient : memory.floats(weightGradient.bytes);
        if (biasGradient == null) {
            operation.run(memory, x, delta, own);
        } else {
            operation.run(memory, x, delta, own, biasGradient);
        }
        if (weightGradient != null) {
            weightGradient.operation.run(memory, own, gradient);
        }
    }

    private Operation makeByWeights() {
        long[] strides = shape.strides();
        long[] dilations = shape.dilations();
        convolution_backward_weights.desc backward = arena.own(
                bias == null
                        ? new convolution_backward_weights.desc(
                                algorithm.convolution_direct,
                                in,
                                anyWeights,
                                out,
                                strides,
                                dilations,
                                shape.padBefore(),
                                shape.padAfter())
                        : new convolution_backward_weights.desc(
                                algorithm.convolution_direct,
                                in,
                                anyWeights,
                                bias,
                                out,
                                strides,
                                dilations,
                                shape.padBefore(),
                                shape.padAfter()));
        convolution_backward_weights.primitive_desc backwardDescription = arena.own(new convolution_backward_weights
                .primitive_desc(backward, new Descriptions(arena).attributes(), Native.engine(), description));
        while (writesPastItsMemory(backwardDescription) && backwardDescription.next_impl()) {}
        memory.desc gradient = arena.own(backwardDescription.diff_weights_desc());
        weightGradient = turned(gradient, userWeights);
        Operation.Builder builder = new Operation.Builder(
                        arena, new convolution_backward_weights(backwardDescription), backwardDescription)
                .with(DNNL_ARG_SRC, in)
                .with(DNNL_ARG_DIFF_DST, out)
                .with(DNNL_ARG_DIFF_WEIGHTS, gradient);
        return (bias == null ? builder : builder.with(DNNL_ARG_DIFF_BIAS, bias)).build();
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

    private static INDArray turn(@Nullable Turned turned, INDArray weights, WorkingMemory memory) {
        if (turned == null) {
            return weights;
        }
        INDArray own = memory.floats(turned.bytes);
        turned.operation.run(memory, weights, own);
        return own;
    }

    @Override
    public void close() {
        arena.close();
    }
}
