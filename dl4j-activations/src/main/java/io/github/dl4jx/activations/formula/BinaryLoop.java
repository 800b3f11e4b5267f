package io.github.dl4jx.activations.formula;

/** A {@link BinaryKernel} over rows, each from where its operand stands; the count is a multiple of the lanes. */
interface BinaryLoop {
    /** y[i] = k(x[i], p[i]). */
    void map(BinaryKernel kernel, Operand x, Operand p, Operand y, int count) throws Throwable;

    /** y[i] = k(x[i], p[i])·g[i]. */
    void times(BinaryKernel kernel, Operand x, Operand p, Operand g, Operand y, int count) throws Throwable;

    /** s[i] += k(x[i], p[i])·g[i]. */
    void sum(BinaryKernel kernel, Operand x, Operand p, Operand g, Operand s, int count) throws Throwable;
}
