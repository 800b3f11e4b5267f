package io.github.dl4jx.onednn;

import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** From an array to the same numbers in another order, or rounded; nothing to do where both are alike. */
final class Conversion {
    private final @Nullable Operation operation;
    private final long bytes;

    Conversion(Arena arena, memory.desc from, memory.desc to) {
        operation = from.equals(to) ? null : Images.reorder(arena, from, to);
        bytes = Math.max(from.get_size(), to.get_size());
    }

    /** The array itself, or a converted one. */
    INDArray of(INDArray array, WorkingMemory memory) {
        if (operation == null) {
            return array;
        }
        INDArray converted = memory.floats(bytes);
        operation.run(memory, array, converted);
        return converted;
    }

    /** What is to be filled, so that {@link #finish} can convert it to the array: the array itself, or room for it. */
    INDArray before(INDArray array, WorkingMemory memory) {
        return operation == null ? array : memory.floats(bytes);
    }

    void finish(INDArray before, INDArray array, WorkingMemory memory) {
        if (operation != null) {
            operation.run(memory, before, array);
        }
    }
}
