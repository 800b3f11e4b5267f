package io.github.dl4jx.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.reorder;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batches of images [n, c, h, w], and how they lie in memory. oneDNN's convolutions are fastest where the channels of a
 * pixel are neighbours, in the order [n, h, w, c]; ND4J sees such an array as one with unusual strides.
 */
final class Images {
    private static final int[] TO_CHANNELS_LAST = {0, 2, 3, 1};
    private static final int[] TO_CHANNELS_FIRST = {0, 3, 1, 2};

    private final Plans<Turn, Turning> turnings = new Plans<>(Turning::new);

    /** A new array whose channels are neighbours. */
    static INDArray create(LayerWorkspaceMgr manager, ArrayType type, long n, long c, long h, long w) {
        return asChannelsFirst(manager.createUninitialized(type, DataType.FLOAT, new long[] {n, h, w, c}, 'c'));
    }

    /** Of [n, c, h, w] with channels last. */
    static long[] strides(long c, long h, long w) {
        return new long[] {h * w * c, 1, w * c, c};
    }

    /** Room for so many floats; without an array, since each costs ND4J a look-up in native code. */
    @SuppressWarnings("try") // workspaces are used by being open
    static DataBuffer memory(LayerWorkspaceMgr manager, ArrayType type, long length) {
        try (MemoryWorkspace scope = manager.notifyScopeBorrowed(type)) {
            return Nd4j.createBuffer(
                    DataType.FLOAT, length, false, Nd4j.getMemoryManager().getCurrentWorkspace());
        }
    }

    /** The same memory as [n, h, w, c]. */
    static INDArray asChannelsLast(INDArray images) {
        return images.permute(TO_CHANNELS_LAST);
    }

    /** The same memory as [n, c, h, w]. */
    static INDArray asChannelsFirst(INDArray images) {
        return images.permute(TO_CHANNELS_FIRST);
    }

    /** Whether all numbers lie in one stretch of memory, the channels of a pixel side by side. */
    static boolean areChannelsLast(INDArray images) {
        return areDense(images, TO_CHANNELS_LAST);
    }

    /** Whether all numbers lie in one stretch of memory, in the order of the indices. */
    static boolean areRowMajor(INDArray images) {
        return areDense(images, new int[] {0, 1, 2, 3});
    }

    /** The numbers of a dense array as they lie in memory. */
    static FloatBuffer floats(INDArray array) {
        return Operation.place(array, Float.BYTES * array.length())
                .asByteBuffer()
                .asFloatBuffer();
    }

    /** Weights in the order of their indices; what a weight noise returns may lie in another. */
    static INDArray rows(INDArray weights) {
        return areRowMajor(weights) ? weights : weights.dup('c');
    }

    private static boolean areDense(INDArray images, int[] order) {
        long stride = 1;
        for (int i = order.length - 1; i >= 0; i--) {
            long size = images.size(order[i]);
            if (size > 1 && images.stride(order[i]) != stride) {
                return false;
            }
            stride *= size;
        }
        return true;
    }

    /** The images themselves if their channels are neighbours, else a copy of which that is true. */
    INDArray channelsLast(INDArray images, ArrayType type, WorkingMemory memory) {
        if (areChannelsLast(images)) {
            return images;
        }
        INDArray from = areRowMajor(images) ? images : memory.manager().dup(memory.type(), images, 'c');
        INDArray to = create(memory.manager(), type, from.size(0), from.size(1), from.size(2), from.size(3));
        return turn(from, to, false, memory);
    }

    /** The images themselves if they are dense in the order of their indices, else a copy of which that is true. */
    INDArray rowMajor(INDArray images, ArrayType type, WorkingMemory memory) {
        if (areRowMajor(images)) {
            return images;
        }
        if (!areChannelsLast(images)) {
            return memory.manager().dup(type, images, 'c');
        }
        INDArray to = memory.manager().createUninitialized(type, DataType.FLOAT, images.shape(), 'c');
        return turn(images, to, true, memory);
    }

    private INDArray turn(INDArray from, INDArray to, boolean toRows, WorkingMemory memory) {
        turnings.get(new Turn(from.size(0), from.size(1), from.size(2), from.size(3), toRows))
                .operation
                .run(memory, from, to);
        return to;
    }

    private record Turn(long n, long c, long h, long w, boolean toRows) {}

    private static final class Turning implements AutoCloseable {
        private final Arena arena = new Arena();
        private final Operation operation;

        Turning(Turn turn) {
            Descriptions descriptions = new Descriptions(arena);
            memory.desc rows = descriptions.of(format_tag.nchw, turn.n, turn.c, turn.h, turn.w);
            memory.desc pixels = descriptions.of(format_tag.nhwc, turn.n, turn.c, turn.h, turn.w);
            operation = reorder(arena, turn.toRows ? pixels : rows, turn.toRows ? rows : pixels);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /** From the first array to the second. */
    static Operation reorder(Arena arena, memory.desc from, memory.desc to) {
        reorder.primitive_desc description = arena.own(new reorder.primitive_desc(
                Native.engine(), from, Native.engine(), to, new Descriptions(arena).attributes(), false));
        return new Operation.Builder(arena, new reorder(description), description)
                .with(DNNL_ARG_FROM, from)
                .with(DNNL_ARG_TO, to)
                .build();
    }
}
