package io.github.dl4jx.activations.formula;

import jdk.incubator.vector.FloatVector;

/** The template of the loops over two operands. */
final class BinaryVectorLoop implements BinaryLoop {
    private static final Class<?> VECTOR = Lanes.FLOATS.vectorType();
    private static final int LANES = Lanes.FLOATS.length();

    @Override
    public void map(BinaryKernel kernel, Operand x, Operand p, Operand y, int count) throws Throwable {
        Object xs = x.vectors;
        Object ps = p.vectors;
        Object ys = y.vectors;
        int xAt = x.at;
        int pAt = p.at;
        int yAt = y.at;
        int step = p.step;
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = load(xs, xAt + i);
            FloatVector w = load(ps, pAt + i * step);
            VectorMemory.STORE.invokeExact(kernel.of(v, w), ys, (yAt + i) * Float.BYTES);
        }
    }

    @Override
    public void times(BinaryKernel kernel, Operand x, Operand p, Operand g, Operand y, int count) throws Throwable {
        Object xs = x.vectors;
        Object ps = p.vectors;
        Object gs = g.vectors;
        Object ys = y.vectors;
        int xAt = x.at;
        int pAt = p.at;
        int gAt = g.at;
        int yAt = y.at;
        int step = p.step;
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = load(xs, xAt + i);
            FloatVector w = load(ps, pAt + i * step);
            FloatVector u = load(gs, gAt + i);
            VectorMemory.STORE.invokeExact(kernel.of(v, w).mul(u), ys, (yAt + i) * Float.BYTES);
        }
    }

    @Override
    public void sum(BinaryKernel kernel, Operand x, Operand p, Operand g, Operand s, int count) throws Throwable {
        Object xs = x.vectors;
        Object ps = p.vectors;
        Object gs = g.vectors;
        Object ss = s.vectors;
        int xAt = x.at;
        int pAt = p.at;
        int gAt = g.at;
        int sAt = s.at;
        int step = p.step;
        int sStep = s.step;
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = load(xs, xAt + i);
            FloatVector w = load(ps, pAt + i * step);
            FloatVector u = load(gs, gAt + i);
            FloatVector t = load(ss, sAt + i * sStep);
            VectorMemory.STORE.invokeExact(kernel.of(v, w).fma(u, t), ss, (sAt + i * sStep) * Float.BYTES);
        }
    }

    private static FloatVector load(Object memory, int at) throws Throwable {
        return (FloatVector) VECTOR.cast((FloatVector) VectorMemory.LOAD.invokeExact(memory, at * Float.BYTES));
    }
}
