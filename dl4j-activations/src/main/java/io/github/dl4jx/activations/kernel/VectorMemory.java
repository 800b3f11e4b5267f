package io.github.dl4jx.activations.kernel;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    private static final MethodHandle WRAP;

    static {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try {
            MethodHandle wrap;
            MethodHandle load;
            MethodHandle store;
            try {
                Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
                wrap = lookup.findStatic(segment, "ofBuffer", methodType(segment, Buffer.class));
                load = lookup.findStatic(
                        FloatVector.class,
                        "fromMemorySegment",
                        methodType(FloatVector.class, VectorSpecies.class, segment, long.class, ByteOrder.class));
                store = lookup.findVirtual(
                        FloatVector.class,
                        "intoMemorySegment",
                        methodType(void.class, segment, long.class, ByteOrder.class));
            } catch (ClassNotFoundException olderThanSegments) {
                wrap = MethodHandles.identity(ByteBuffer.class);
                load = lookup.findStatic(
                        FloatVector.class,
                        "fromByteBuffer",
                        methodType(
                                FloatVector.class, VectorSpecies.class, ByteBuffer.class, int.class, ByteOrder.class));
                store = lookup.findVirtual(
                        FloatVector.class,
                        "intoByteBuffer",
                        methodType(void.class, ByteBuffer.class, int.class, ByteOrder.class));
            }
            ByteOrder order = ByteOrder.nativeOrder();
            WRAP = wrap.asType(methodType(Object.class, ByteBuffer.class));
            LOAD = MethodHandles.insertArguments(MethodHandles.insertArguments(load, 3, order), 0, VectorMath.SPECIES)
                    .asType(methodType(FloatVector.class, Object.class, int.class));
            STORE = MethodHandles.insertArguments(store, 3, order)
                    .asType(methodType(void.class, FloatVector.class, Object.class, int.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this JDK's Vector API cannot reach memory outside the heap", e);
        }
    }

    private VectorMemory() {}

    /** What {@link #LOAD} and {@link #STORE} take for this buffer. */
    static Object wrap(ByteBuffer buffer) {
        try {
            return (Object) WRAP.invokeExact(buffer);
        } catch (Throwable e) {
            throw Parallel.unchecked(e);
        }
    }
}
