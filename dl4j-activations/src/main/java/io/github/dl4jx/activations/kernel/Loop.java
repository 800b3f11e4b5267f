package io.github.dl4jx.activations.kernel;

/**
 * A kernel over a stretch of memory. Lengths and positions are multiples of the number of lanes. A Throwable is declared
 * since method handles do; none is thrown that is checked.
 */
interface Loop {
    /** x[i] = f(x[i]) for from ≤ i &lt; to, in memory of {@link VectorMemory#wrap}. */
    void forward(Kernel kernel, Object x, int from, int to) throws Throwable;

    /** x[i] = f′(x[i])·g[i]. */
    void backward(Kernel kernel, Object x, Object g, int from, int to) throws Throwable;

    /** As {@link #forward(Kernel, Object, int, int)}, for the first elements of an array. */
    void forward(Kernel kernel, float[] x, int count) throws Throwable;

    /** As {@link #backward(Kernel, Object, Object, int, int)}, for the first elements of two arrays. */
    void backward(Kernel kernel, float[] x, float[] g, int count) throws Throwable;
}
