package io.github.dl4jx.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** oneDNN's primitives for pooling of one shape; images lie with their channels last. */
final class PoolingPlan implements AutoCloseable {
    /** What is pooled, and how. */
    record Key(ConvolutionShape shape, Kind kind) {}

    /** How the numbers of a window become one. */
    enum Kind {
        MAX(algorithm.pooling_max),
        /** Over the pixels of the window that are there. */
        AVERAGE_OF_PIXELS(algorithm.pooling_avg_exclude_padding),
        /** Over the whole window, padding included. */
        AVERAGE_OF_WINDOW(algorithm.pooling_avg_include_padding);

        private final algorithm way;

        Kind(algorithm way) {
            this.way = way;
        }
    }

    private final Arena arena = new Arena();
    private final Key key;
    private final memory.desc in;
    private final memory.desc out;
    private final pooling_forward.primitive_desc description;
    private final Operation training;

    /** Of the positions of the maxima; 0 for averages. */
    private final long positionBytes;

    private @Nullable Operation inference;
    private @Nullable Operation backward;

    PoolingPlan(Key key) {
        this.key = key;
        Descriptions descriptions = new Descriptions(arena);
        in = descriptions.of(format_tag.nhwc, key.shape.in());
        out = descriptions.of(format_tag.nhwc, key.shape.out());
        description = describe(prop_kind.forward_training);
        positionBytes =
                key.kind == Kind.MAX ? arena.own(description.workspace_desc()).get_size() : 0;
        training = withPositions(new Operation.Builder(arena, new pooling_forward(description), description)
                        .with(DNNL_ARG_SRC, in)
                        .with(DNNL_ARG_DST, out))
                .build();
    }

    private pooling_forward.primitive_desc describe(prop_kind kind) {
        return arena.own(new pooling_forward.primitive_desc(
                arena.own(new pooling_forward.desc(
                        kind,
                        key.kind.way,
                        in,
                        out,
                        key.shape.strides(),
                        kernel(),
                        key.shape.padBefore(),
                        key.shape.padAfter())),
                new Descriptions(arena).attributes(),
                Native.engine()));
    }

    private long[] kernel() {
        return new long[] {key.shape.kernelHeight(), key.shape.kernelWidth()};
    }

    private Operation.Builder withPositions(Operation.Builder builder) {
        return positionBytes == 0 ? builder : builder.with(DNNL_ARG_WORKSPACE, arena.own(description.workspace_desc()));
    }

    /**
     * Pools, and remembers where the maxima are.
     *
     * @return their positions, for {@link #backward}; null for averages
     */
    @Nullable
    INDArray forward(INDArray x, INDArray y, WorkingMemory memory) {
        if (positionBytes == 0) {
            training.run(memory, x, y);
            return null;
        }
        INDArray positions = memory.manager()
                .createUninitialized(ArrayType.ACTIVATIONS, DataType.INT8, new long[] {positionBytes}, 'c');
        training.run(memory, x, y, positions);
        return positions;
    }

    /** Pools. */
    void infer(INDArray x, INDArray y, WorkingMemory memory) {
        Operation operation = inference;
        if (operation == null) {
            pooling_forward.primitive_desc forward = describe(prop_kind.forward_inference);
            operation = new Operation.Builder(arena, new pooling_forward(forward), forward)
                    .with(DNNL_ARG_SRC, in)
                    .with(DNNL_ARG_DST, out)
                    .build();
            inference = operation;
        }
        operation.run(memory, x, y);
    }

    /** The gradient at the input. */
    void backward(INDArray epsilon, INDArray gradient, @Nullable INDArray positions, WorkingMemory memory) {
        Operation operation = backward;
        if (operation == null) {
            pooling_backward.primitive_desc back = arena.own(new pooling_backward.primitive_desc(
                    arena.own(new pooling_backward.desc(
                            key.kind.way,
                            in,
                            out,
                            key.shape.strides(),
                            kernel(),
                            key.shape.padBefore(),
                            key.shape.padAfter())),
                    new Descriptions(arena).attributes(),
                    Native.engine(),
                    description));
            operation = withPositions(new Operation.Builder(arena, new pooling_backward(back), back)
                            .with(DNNL_ARG_DIFF_DST, out)
                            .with(DNNL_ARG_DIFF_SRC, in))
                    .build();
            backward = operation;
        }
        operation.run(memory, epsilon, gradient, positions);
    }

    @Override
    public void close() {
        arena.close();
    }
}
