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
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * oneDNN's primitives for a dense layer of one shape. The weights lie as DL4J has them, the inputs of an output side by side.
 * What is read may be rounded to bfloat16 before; sums and results are floats.
 */
final class DensePlan implements Plan {
    /** Rows, and numbers in and out of each. */
    record Key(long n, long in, long out, boolean bias) {}

    private final Arena arena = new Arena();
    private final memory.desc in;
    private final memory.desc out;
    private final memory.desc weights;
    private final memory.desc readIn;
    private final memory.desc readOut;
    private final memory.desc readWeights;
    private final memory.@Nullable desc bias;
    private final inner_product_forward.primitive_desc description;
    private final inner_product_backward_data.primitive_desc dataDescription;
    private final inner_product_backward_weights.primitive_desc weightsDescription;
    private final Conversion roundedIn;
    private final Conversion roundedOut;
    private final Conversion roundedWeights;
    private final Operation forward;
    private @Nullable Operation byData;
    private @Nullable Operation byWeights;

    /** @param reads what rows and weights are rounded to before they are read: {@code FLOAT} or {@code BFLOAT16} */
    DensePlan(Key key, DataType reads) {
        Descriptions descriptions = new Descriptions(arena);
        in = descriptions.of(format_tag.nc, key.n, key.in);
        out = descriptions.of(format_tag.nc, key.n, key.out);
        weights = descriptions.of(format_tag.oi, key.out, key.in);
        readIn = descriptions.of(reads, format_tag.nc, key.n, key.in);
        readOut = descriptions.of(reads, format_tag.nc, key.n, key.out);
        readWeights = descriptions.of(reads, format_tag.oi, key.out, key.in);
        bias = key.bias ? descriptions.of(format_tag.x, key.out) : null;
        description = arena.own(new inner_product_forward.primitive_desc(
                arena.own(
                        bias == null
                                ? new inner_product_forward.desc(prop_kind.forward_training, readIn, readWeights, out)
                                : new inner_product_forward.desc(
                                        prop_kind.forward_training, readIn, readWeights, bias, out)),
                descriptions.attributes(),
                Native.engine()));
        dataDescription = arena.own(new inner_product_backward_data.primitive_desc(
                arena.own(new inner_product_backward_data.desc(in, readWeights, readOut)),
                descriptions.attributes(),
                Native.engine(),
                description));
        weightsDescription = arena.own(new inner_product_backward_weights.primitive_desc(
                arena.own(
                        bias == null
                                ? new inner_product_backward_weights.desc(readIn, weights, readOut)
                                : new inner_product_backward_weights.desc(readIn, weights, bias, readOut)),
                descriptions.attributes(),
                Native.engine(),
                description));
        roundedIn = new Conversion(arena, in, readIn);
        roundedOut = new Conversion(arena, out, readOut);
        roundedWeights = new Conversion(arena, weights, readWeights);
        forward = new Operation.Builder(arena, new inner_product_forward(description), description)
                .with(DNNL_ARG_SRC, readIn)
                .with(DNNL_ARG_WEIGHTS, readWeights)
                .with(DNNL_ARG_DST, out)
                .with(DNNL_ARG_BIAS, bias)
                .build();
    }

    @Override
    public boolean isFast() {
        return !Descriptions.isReference(description)
                && !Descriptions.isReference(dataDescription)
                && !Descriptions.isReference(weightsDescription);
    }

    /** z = x·W + b. */
    void forward(INDArray x, INDArray w, @Nullable INDArray b, INDArray z, WorkingMemory memory) {
        INDArray read = roundedIn.of(x, memory);
        INDArray readW = roundedWeights.of(w, memory);
        forward.run(memory, read, readW, z, b);
    }

    /**
     * The gradients of weights and bias, and that at the input.
     *
     * @param gradient null if nobody will read it
     */
    void backward(
            INDArray x,
            INDArray delta,
            INDArray w,
            INDArray gradientOfWeights,
            @Nullable INDArray gradientOfBias,
            @Nullable INDArray gradient,
            WorkingMemory memory) {
        INDArray read = roundedOut.of(delta, memory);
        backwardByWeights(roundedIn.of(x, memory), read, gradientOfWeights, gradientOfBias, memory);
        if (gradient != null) {
            Operation operation = byData;
            if (operation == null) {
                operation = new Operation.Builder(
                                arena, new inner_product_backward_data(dataDescription), dataDescription)
                        .with(DNNL_ARG_DIFF_DST, readOut)
                        .with(DNNL_ARG_WEIGHTS, readWeights)
                        .with(DNNL_ARG_DIFF_SRC, in)
                        .build();
                byData = operation;
            }
            operation.run(memory, read, roundedWeights.of(w, memory), gradient);
        }
    }

    private void backwardByWeights(
            INDArray x, INDArray delta, INDArray gradient, @Nullable INDArray biasGradient, WorkingMemory memory) {
        Operation operation = byWeights;
        if (operation == null) {
            operation = new Operation.Builder(
                            arena, new inner_product_backward_weights(weightsDescription), weightsDescription)
                    .with(DNNL_ARG_SRC, readIn)
                    .with(DNNL_ARG_DIFF_DST, readOut)
                    .with(DNNL_ARG_DIFF_WEIGHTS, weights)
                    .with(DNNL_ARG_DIFF_BIAS, bias)
                    .build();
            byWeights = operation;
        }
        operation.run(memory, x, delta, gradient, biasGradient);
    }

    @Override
    public void close() {
        arena.close();
    }
}
