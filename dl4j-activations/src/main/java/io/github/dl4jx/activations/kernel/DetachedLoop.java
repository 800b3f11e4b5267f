package io.github.dl4jx.activations.kernel;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * Calls a loop in such a way that C2 does not inline it into its caller: where only one function is used, it would, and
 * with two loops in one compilation run out of nodes within the second, and put vectors on the heap from there on. A
 * method handle is called out of line as long as it is not a constant to C2, and fields of an instance are not.
 */
final class DetachedLoop implements Loop {
    private final MethodHandle forward;
    private final MethodHandle backward;
    private final MethodHandle forwardOnHeap;
    private final MethodHandle backwardOnHeap;

    DetachedLoop(Loop loop) {
        forward = find(loop, "forward", Kernel.class, Object.class, int.class, int.class);
        backward = find(loop, "backward", Kernel.class, Object.class, Object.class, int.class, int.class);
        forwardOnHeap = find(loop, "forward", Kernel.class, float[].class, int.class);
        backwardOnHeap = find(loop, "backward", Kernel.class, float[].class, float[].class, int.class);
    }

    private static MethodHandle find(Loop loop, String name, Class<?>... parameters) {
        try {
            return MethodHandles.lookup()
                    .findVirtual(Loop.class, name, methodType(void.class, parameters))
                    .bindTo(loop);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Loop is another one", e);
        }
    }

    @Override
    public void forward(Kernel kernel, Object x, int from, int to) throws Throwable {
        forward.invokeExact(kernel, x, from, to);
    }

    @Override
    public void backward(Kernel kernel, Object x, Object g, int from, int to) throws Throwable {
        backward.invokeExact(kernel, x, g, from, to);
    }

    @Override
    public void forward(Kernel kernel, float[] x, int count) throws Throwable {
        forwardOnHeap.invokeExact(kernel, x, count);
    }

    @Override
    public void backward(Kernel kernel, float[] x, float[] g, int count) throws Throwable {
        backwardOnHeap.invokeExact(kernel, x, g, count);
    }
}
