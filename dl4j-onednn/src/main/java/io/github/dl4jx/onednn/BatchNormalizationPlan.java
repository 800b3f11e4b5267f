package io.github.dl4jx.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;

import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * oneDNN's primitives for batch normalisation of one shape; images lie with their channels last. Scale and shift are one
 * array, the scales first, as DL4J's flat parameters have them.
 */
final class BatchNormalizationPlan implements AutoCloseable {
    /**
     * What is normalised, and how.
     *
     * @param affine whether there are scale and shift; else they are 1 and 0
     */
    record Key(long n, long channels, long height, long width, float epsilon, boolean affine) {}

    private final Arena arena = new Arena();
    private final Key key;
    private final memory.desc images;
    private final memory.desc scales;
    private final memory.desc channels;
    private final batch_normalization_forward.primitive_desc description;
    private final Operation training;
    private @Nullable Operation inference;
    private @Nullable Operation backward;

    BatchNormalizationPlan(Key key) {
        this.key = key;
        Descriptions descriptions = new Descriptions(arena);
        images = descriptions.of(format_tag.nhwc, key.n, key.channels, key.height, key.width);
        scales = descriptions.of(format_tag.nc, 2, key.channels);
        channels = descriptions.of(format_tag.x, key.channels);
        description = describe(prop_kind.forward_training, false);
        training = operation(description);
    }

    private batch_normalization_forward.primitive_desc describe(prop_kind kind, boolean global) {
        int flags = (key.affine ? normalization_flags.use_scale_shift.value : 0)
                | (global ? normalization_flags.use_global_stats.value : 0);
        return arena.own(new batch_normalization_forward.primitive_desc(
                arena.own(new batch_normalization_forward.desc(kind.value, images, key.epsilon, flags)),
                new Descriptions(arena).attributes(),
                Native.engine()));
    }

    private Operation operation(batch_normalization_forward.primitive_desc of) {
        Operation.Builder builder = new Operation.Builder(arena, new batch_normalization_forward(of), of)
                .with(DNNL_ARG_SRC, images)
                .with(DNNL_ARG_DST, images)
                .with(DNNL_ARG_MEAN, channels)
                .with(DNNL_ARG_VARIANCE, channels);
        return (key.affine ? builder.with(DNNL_ARG_SCALE_SHIFT, scales) : builder).build();
    }

    /** Normalises by the batch's mean and variance, which it returns in the arrays given for them. */
    void forward(
            INDArray x,
            INDArray y,
            INDArray mean,
            INDArray variance,
            @Nullable INDArray scaleShift,
            WorkingMemory memory) {
        run(training, x, y, mean, variance, scaleShift, memory);
    }

    /** Normalises by the given mean and variance. */
    void infer(
            INDArray x,
            INDArray y,
            INDArray mean,
            INDArray variance,
            @Nullable INDArray scaleShift,
            WorkingMemory memory) {
        Operation operation = inference;
        if (operation == null) {
            operation = operation(describe(prop_kind.forward_inference, true));
            inference = operation;
        }
        run(operation, x, y, mean, variance, scaleShift, memory);
    }

    private static void run(
            Operation operation,
            INDArray x,
            INDArray y,
            INDArray mean,
            INDArray variance,
            @Nullable INDArray scaleShift,
            WorkingMemory memory) {
        operation.run(memory, x, y, mean, variance, scaleShift);
    }

    /** The gradients at the input and, if there are any, of scale and shift. */
    void backward(
            INDArray x,
            INDArray epsilon,
            INDArray mean,
            INDArray variance,
            INDArray gradient,
            @Nullable INDArray scaleShift,
            @Nullable INDArray scaleShiftGradient,
            WorkingMemory memory) {
        Operation operation = backward;
        if (operation == null) {
            operation = makeBackward();
            backward = operation;
        }
        if (scaleShift == null || scaleShiftGradient == null) {
            operation.run(memory, x, epsilon, mean, variance, gradient);
        } else {
            operation.run(memory, x, epsilon, mean, variance, gradient, scaleShift, scaleShiftGradient);
        }
    }

    private Operation makeBackward() {
        prop_kind kind = key.affine ? prop_kind.backward : prop_kind.backward_data;
        int flags = key.affine ? normalization_flags.use_scale_shift.value : 0;
        batch_normalization_backward.primitive_desc of = arena.own(new batch_normalization_backward.primitive_desc(
                arena.own(new batch_normalization_backward.desc(kind.value, images, images, key.epsilon, flags)),
                new Descriptions(arena).attributes(),
                Native.engine(),
                description));
        Operation.Builder builder = new Operation.Builder(arena, new batch_normalization_backward(of), of)
                .with(DNNL_ARG_SRC, images)
                .with(DNNL_ARG_DIFF_DST, images)
                .with(DNNL_ARG_MEAN, channels)
                .with(DNNL_ARG_VARIANCE, channels)
                .with(DNNL_ARG_DIFF_SRC, images);
        return (key.affine
                        ? builder.with(DNNL_ARG_SCALE_SHIFT, scales).with(DNNL_ARG_DIFF_SCALE_SHIFT, scales)
                        : builder)
                .build();
    }

    @Override
    public void close() {
        arena.close();
    }
}
