package io.github.dl4jx.activations.formula;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Calls of loops that C2 does not inline: with two loops in one compilation it runs out of nodes within the second, and
 * puts vectors on the heap from there on. A method handle is called out of line as long as it is not a constant to C2,
 * and fields of an instance are not.
 */
final class BinaryCalls {
    private final MethodHandle map = find("map", 3);
    private final MethodHandle times = find("times", 4);
    private final MethodHandle sum = find("sum", 4);

    private static MethodHandle find(String name, int operands) {
        MethodType type = methodType(void.class, BinaryKernel.class);
        for (int i = 0; i < operands; i++) {
            type = type.appendParameterTypes(Operand.class);
        }
        try {
            return MethodHandles.lookup().findVirtual(BinaryLoop.class, name, type.appendParameterTypes(int.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("BinaryLoop is another one", e);
        }
    }

    void map(BinaryKernel kernel, Operand x, Operand p, Operand y, int count) throws Throwable {
        map.invokeExact(Loops.of(kernel), kernel, x, p, y, count);
    }

    void times(BinaryKernel kernel, Operand x, Operand p, Operand g, Operand y, int count) throws Throwable {
        times.invokeExact(Loops.of(kernel), kernel, x, p, g, y, count);
    }

    void sum(BinaryKernel kernel, Operand x, Operand p, Operand g, Operand s, int count) throws Throwable {
        sum.invokeExact(Loops.of(kernel), kernel, x, p, g, s, count);
    }
}
