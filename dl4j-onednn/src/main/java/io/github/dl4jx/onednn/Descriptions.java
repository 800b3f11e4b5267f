package io.github.dl4jx.onednn;

import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.nd4j.linalg.api.buffer.DataType;

/** How arrays lie in memory, in oneDNN's terms; and what all our primitives have in common. */
final class Descriptions {
    private final Arena arena;

    Descriptions(Arena arena) {
        this.arena = arena;
    }

    /** Floats in one of oneDNN's orders. */
    memory.desc of(memory.format_tag order, long... shape) {
        return of(DataType.FLOAT, order, shape);
    }

    /** Numbers in one of oneDNN's orders, {@code FLOAT} or {@code BFLOAT16}. */
    memory.desc of(DataType type, memory.format_tag order, long... shape) {
        memory.data_type own = type == DataType.BFLOAT16 ? memory.data_type.bf16 : memory.data_type.f32;
        return arena.own(new memory.desc(shape, own, order));
    }

    /** Floats with given strides. */
    memory.desc strided(long[] shape, long... strides) {
        return arena.own(new memory.desc(shape, memory.data_type.f32, strides));
    }

    /**
     * With temporary memory from the caller. oneDNN's own is the creating thread's, and a layer may be called from
     * another.
     */
    primitive_attr attributes() {
        primitive_attr attributes = arena.own(new primitive_attr());
        attributes.set_scratchpad_mode(scratchpad_mode.user);
        return attributes;
    }

    /** Whether it is of oneDNN's code for everything that it has no other for. */
    static boolean isReference(primitive_desc_base description) {
        return description.impl_info_str().getString().startsWith("ref");
    }
}
