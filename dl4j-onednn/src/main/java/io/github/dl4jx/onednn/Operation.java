package io.github.dl4jx.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A primitive of oneDNN that is called on ND4J's arrays. Not for two threads at once: the native objects that tell where
 * the arrays lie are set anew at each call.
 */
final class Operation {
    /** oneDNN's own alignment of temporary memory. */
    private static final int ALIGNMENT = 64;

    private final primitive code;
    private final IntMemoryMap arguments;
    private final Argument[] array;
    private final long scratchBytes;
    private final @Nullable Argument scratch;

    private Operation(
            primitive code, IntMemoryMap arguments, Argument[] array, long scratchBytes, @Nullable Argument scratch) {
        this.code = code;
        this.arguments = arguments;
        this.array = array;
        this.scratchBytes = scratchBytes;
        this.scratch = scratch;
    }

    /** Says which arrays a primitive is called on, and how each of them lies in memory. */
    static final class Builder {
        private final Arena arena;
        private final primitive code;
        private final IntMemoryMap arguments;
        private final List<Argument> array = new ArrayList<>();
        private final memory.desc scratchpad;

        /**
         * Of a primitive.
         *
         * @param description its description, made with {@link Descriptions#attributes()}
         */
        Builder(Arena arena, primitive code, primitive_desc_base description) {
            this.arena = arena;
            this.code = arena.own(code);
            arguments = arena.own(new IntMemoryMap());
            scratchpad = arena.own(description.scratchpad_desc());
        }

        /** The next array; none if the primitive has none of that kind. */
        Builder with(int argument, memory.@Nullable desc description) {
            if (description != null) {
                array.add(argument(argument, description));
            }
            return this;
        }

        private Argument argument(int argument, memory.desc description) {
            Argument made = new Argument(arena.own(new memory(description, Native.engine(), new Place())));
            arguments.put(argument, made.handle);
            return made;
        }

        Operation build() {
            return new Operation(
                    code,
                    arguments,
                    array.toArray(Argument[]::new),
                    scratchpad.get_size(),
                    scratchpad.get_size() == 0 ? null : argument(DNNL_ARG_SCRATCHPAD, scratchpad));
        }
    }

    /**
     * Runs the primitive.
     *
     * @param memory where temporary memory comes from
     * @param arrays in the order in which they were named; null where the primitive has none of that kind
     */
    void run(WorkingMemory memory, @Nullable INDArray... arrays) {
        int count = 0;
        for (INDArray each : arrays) {
            if (each != null && count++ < array.length) {
                array[count - 1].set(address(each));
            }
        }
        if (count != array.length) {
            throw new IllegalArgumentException(count + " arrays; valid: " + array.length);
        }
        INDArray temporary = null;
        if (scratch != null) {
            temporary = memory.create(DataType.INT8, scratchBytes + ALIGNMENT);
            scratch.set((address(temporary) + ALIGNMENT - 1) & -ALIGNMENT);
        }
        try {
            code.execute(Native.stream(), arguments);
        } finally {
            Reference.reachabilityFence(arrays); // an address does not keep the memory
            Reference.reachabilityFence(temporary);
        }
    }

    /** The memory of an array, which has to be kept alive beside it. */
    static Pointer place(INDArray array, long bytes) {
        return new Place().at(address(array), bytes);
    }

    /** Whether the second array's memory ends where the first one's begins. */
    static boolean follows(INDArray array, INDArray before) {
        return address(array)
                == address(before) + before.length() * before.data().getElementSize();
    }

    private static long address(INDArray array) {
        return array.data().pointer().address() + array.offset() * array.data().getElementSize();
    }

    /** An argument, and where it lies at this call. */
    private static final class Argument {
        private final memory handle;
        private final Place place = new Place();

        Argument(memory handle) {
            this.handle = handle;
        }

        void set(long address) {
            handle.set_data_handle(place.at(address));
        }
    }

    /** Memory that somebody else owns. */
    private static final class Place extends Pointer {
        Place at(long address) {
            this.address = address;
            return this;
        }

        Place at(long address, long bytes) {
            limit = bytes;
            capacity = bytes;
            return at(address);
        }

        @Override
        public int sizeof() {
            return 1;
        }
    }
}
