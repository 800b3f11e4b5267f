package io.github.dl4jx.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * ReLU on oneDNN's threads: the one activation that oneDNN computes exactly, if it is asked in the right way. Its own ReLU
 * turns NaN into 0, and a network that has gone wrong would seem sound. So forwards it is asked for ELU with α = 0: x
 * where x is positive, and elsewhere 0·(e^x − 1), which is 0 for negative numbers and −∞, and NaN for NaN.
 */
final class Rectifier implements AutoCloseable {
    private final Arena arena = new Arena();
    private final Operation forward;
    private final Operation backward;

    /** For arrays of that many numbers. */
    Rectifier(long length) {
        Descriptions descriptions = new Descriptions(arena);
        memory.desc numbers = descriptions.of(format_tag.x, length);
        eltwise_forward.primitive_desc elu = arena.own(new eltwise_forward.primitive_desc(
                arena.own(new eltwise_forward.desc(prop_kind.forward_training, algorithm.eltwise_elu, numbers, 0, 0)),
                descriptions.attributes(),
                Native.engine()));
        forward = new Operation.Builder(arena, new eltwise_forward(elu), elu)
                .with(DNNL_ARG_SRC, numbers)
                .with(DNNL_ARG_DST, numbers)
                .build();
        eltwise_forward.primitive_desc hint = arena.own(new eltwise_forward.primitive_desc(
                arena.own(new eltwise_forward.desc(prop_kind.forward_training, algorithm.eltwise_relu, numbers, 0, 0)),
                descriptions.attributes(),
                Native.engine()));
        eltwise_backward.primitive_desc back = arena.own(new eltwise_backward.primitive_desc(
                arena.own(new eltwise_backward.desc(algorithm.eltwise_relu, numbers, numbers, 0, 0)),
                descriptions.attributes(),
                Native.engine(),
                hint));
        backward = new Operation.Builder(arena, new eltwise_backward(back), back)
                .with(DNNL_ARG_SRC, numbers)
                .with(DNNL_ARG_DIFF_DST, numbers)
                .with(DNNL_ARG_DIFF_SRC, numbers)
                .build();
    }

    /** What a convolution or dense layer does to its result before it writes it. */
    static primitive_attr appended(Arena arena, primitive_attr attributes) {
        post_ops after = arena.own(new post_ops());
        after.append_eltwise(1, algorithm.eltwise_elu, 0, 0);
        attributes.set_post_ops(after);
        return attributes;
    }

    /** Fills out with max(0, x); it may be x itself. */
    void forward(INDArray x, INDArray out, WorkingMemory memory) {
        forward.run(memory, x, out);
    }

    /** Fills out with epsilon where x &gt; 0, and 0 elsewhere; x may be what {@link #forward} gave. */
    void backward(INDArray x, INDArray epsilon, INDArray out, WorkingMemory memory) {
        backward.run(memory, x, epsilon, out);
    }

    @Override
    public void close() {
        arena.close();
    }
}
