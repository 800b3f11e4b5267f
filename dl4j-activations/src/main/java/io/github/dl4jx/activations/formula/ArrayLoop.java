package io.github.dl4jx.activations.formula;

/**
 * A compiled formula over a stretch of arrays, all of one kind: memory of {@link VectorMemory#wrap}, or arrays on the heap.
 * A Throwable is declared since method handles do; none is thrown that is checked.
 */
interface ArrayLoop {
    /**
     * y[i] = f(x[i], g[i]) for from ≤ i &lt; to.
     *
     * @param g whatever is there for a formula without an upstream gradient
     * @param y may be x or g
     */
    void run(Object x, Object g, Object y, int from, int to) throws Throwable;
}
