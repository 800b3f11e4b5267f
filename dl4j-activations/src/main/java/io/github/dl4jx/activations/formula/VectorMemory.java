package io.github.dl4jx.activations.formula;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors from and to memory outside the heap. The API for that is another one on JDK 17 (byte buffers) than from JDK 21
 * on (memory segments), and a class file can name only one of them; constant method handles reach either, and cost
 * nothing once compiled.
 */
final class VectorMemory {
    /** (memory, offset in bytes) → the vector there. */
    static final MethodHandle LOAD;

    /** (vector, memory, offset in bytes): writes the vector. */
    static final MethodHandle STORE;

    /** The same for doubles. */
    static final MethodHandle LOAD_DOUBLES;

    static final MethodHandle STORE_DOUBLES;

    private static final MethodHandle WRAP;

    static {
        try {
            WRAP = wrapping().asType(methodType(Object.class, ByteBuffer.class));
            LOAD = loading(FloatVector.class, Lanes.FLOATS);
            STORE = storing(FloatVector.class);
            LOAD_DOUBLES = loading(DoubleVector.class, Lanes.DOUBLES);
            STORE_DOUBLES = storing(DoubleVector.class);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this JDK's Vector API cannot reach memory outside the heap", e);
        }
    }

    private VectorMemory() {}

    private static MethodHandle wrapping() throws ReflectiveOperationException {
        return hasSegments()
                ? MethodHandles.lookup().findStatic(memory(), "ofBuffer", methodType(memory(), Buffer.class))
                : MethodHandles.identity(ByteBuffer.class);
    }

    private static MethodHandle loading(Class<?> vector, VectorSpecies<?> species) throws ReflectiveOperationException {
        MethodHandle load = MethodHandles.lookup()
                .findStatic(
                        vector,
                        hasSegments() ? "fromMemorySegment" : "fromByteBuffer",
                        methodType(vector, VectorSpecies.class, memory(), offset(), ByteOrder.class));
        MethodHandle ordered = MethodHandles.insertArguments(load, 3, ByteOrder.nativeOrder());
        return MethodHandles.insertArguments(ordered, 0, species).asType(methodType(vector, Object.class, int.class));
    }

    private static MethodHandle storing(Class<?> vector) throws ReflectiveOperationException {
        MethodHandle store = MethodHandles.lookup()
                .findVirtual(
                        vector,
                        hasSegments() ? "intoMemorySegment" : "intoByteBuffer",
                        methodType(void.class, memory(), offset(), ByteOrder.class));
        return MethodHandles.insertArguments(store, 3, ByteOrder.nativeOrder())
                .asType(methodType(void.class, vector, Object.class, int.class));
    }

    private static boolean hasSegments() {
        return memory() != ByteBuffer.class;
    }

    private static Class<?> memory() {
        try {
            return Class.forName("java.lang.foreign.MemorySegment");
        } catch (ClassNotFoundException olderThanSegments) {
            return ByteBuffer.class;
        }
    }

    private static Class<?> offset() {
        return hasSegments() ? long.class : int.class;
    }

    /** What the handles take for this buffer. */
    static Object wrap(ByteBuffer buffer) {
        try {
            return (Object) WRAP.invokeExact(buffer);
        } catch (Throwable e) {
            throw Parallel.unchecked(e);
        }
    }
}
