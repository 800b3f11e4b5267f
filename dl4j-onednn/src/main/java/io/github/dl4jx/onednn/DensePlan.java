package io.github.dl4jx.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** oneDNN's primitives for a dense layer of one shape. The weights lie as DL4J has them, the inputs of an output side by side. */
final class DensePlan implements AutoCloseable {
    /** Rows, and numbers in and out of each. */
    record Key(long n, long in, long out, boolean bias) {}

    private final Arena arena = new Arena();
    private final memory.desc in;
    private final memory.desc out;
    private final memory.desc weights;
    private final memory.@Nullable desc bias;
    private final inner_product_forward.primitive_desc description;
    private final Operation forward;
    private @Nullable Operation byData;
    private @Nullable Operation byWeights;

    DensePlan(Key key) {
        Descriptions descriptions = new Descriptions(arena);
        in = descriptions.of(format_tag.nc, key.n, key.in);
        out = descriptions.of(format_tag.nc, key.n, key.out);
        weights = descriptions.of(format_tag.oi, key.out, key.in);
        bias = key.bias ? descriptions.of(format_tag.x, key.out) : null;
        description = arena.own(new inner_product_forward.primitive_desc(
                arena.own(
                        bias == null
                                ? new inner_product_forward.desc(prop_kind.forward_training, in, weights, out)
                                : new inner_product_forward.desc(prop_kind.forward_training, in, weights, bias, out)),
                descriptions.attributes(),
                Native.engine()));
        Operation.Builder builder = new Operation.Builder(arena, new inner_product_forward(description), description)
                .with(DNNL_ARG_SRC, in)
                .with(DNNL_ARG_WEIGHTS, weights)
                .with(DNNL_ARG_DST, out);
        forward = (bias == null ? builder : builder.with(DNNL_ARG_BIAS, bias)).build();
    }

    /** z = x·W + b. */
    void forward(INDArray x, INDArray w, @Nullable INDArray b, INDArray z, WorkingMemory memory) {
        if (b == null) {
            forward.run(memory, x, w, z);
        } else {
            forward.run(memory, x, w, z, b);
        }
    }

    /** The gradient at the input. */
    void backwardByData(INDArray delta, INDArray w, INDArray gradient, WorkingMemory memory) {
        Operation operation = byData;
        if (operation == null) {
            inner_product_backward_data.primitive_desc of = arena.own(new inner_product_backward_data.primitive_desc(
                    arena.own(new inner_product_backward_data.desc(in, weights, out)),
                    new Descriptions(arena).attributes(),
                    Native.engine(),
                    description));
            operation = new Operation.Builder(arena, new inner_product_backward_data(of), of)
                    .with(DNNL_ARG_DIFF_DST, out)
                    .with(DNNL_ARG_WEIGHTS, weights)
                    .with(DNNL_ARG_DIFF_SRC, in)
                    .build();
            byData = operation;
        }
        operation.run(memory, delta, w, gradient);
    }

    /** The gradients of weights and bias. */
    void backwardByWeights(
            INDArray x, INDArray delta, INDArray gradient, @Nullable INDArray biasGradient, WorkingMemory memory) {
        Operation operation = byWeights;
        if (operation == null) {
            inner_product_backward_weights.primitive_desc of =
                    arena.own(new inner_product_backward_weights.primitive_desc(
                            arena.own(
                                    bias == null
                                            ? new inner_product_backward_weights.desc(in, weights, out)
                                            : new inner_product_backward_weights.desc(in, weights, bias, out)),
                            new Descriptions(arena).attributes(),
                            Native.engine(),
                            description));
            Operation.Builder builder = new Operation.Builder(arena, new inner_product_backward_weights(of), of)
                    .with(DNNL_ARG_SRC, in)
                    .with(DNNL_ARG_DIFF_DST, out)
                    .with(DNNL_ARG_DIFF_WEIGHTS, weights);
            operation = (bias == null ? builder : builder.with(DNNL_ARG_DIFF_BIAS, bias)).build();
            byWeights = operation;
        }
        if (biasGradient == null) {
            operation.run(memory, x, delta, gradient);
        } else {
            operation.run(memory, x, delta, gradient, biasGradient);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
