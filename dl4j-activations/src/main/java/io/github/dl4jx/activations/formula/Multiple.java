package io.github.dl4jx.activations.formula;

/** A formula as a number times another one. */
record Multiple(double factor, Formula base) {
    static Multiple of(Formula f) {
        if (f.op == Formula.Op.NEGATE) {
            Multiple inner = of(f.first());
            return new Multiple(-inner.factor, inner.base);
        }
        if (f.op == Formula.Op.TIMES && f.first().isNumber()) {
            Multiple inner = of(f.second());
            return new Multiple(f.first().number * inner.factor, inner.base);
        }
        return new Multiple(1, f);
    }

    /** Whether the base cannot be negative, and the factor is not 0. */
    boolean hasSign() {
        return base.range().low() >= 0 && factor != 0;
    }

    /**
     * Whether this product is u·v(ku) with u ≥ 0, where v vanishes faster than u grows: 0 at u = ∞.
     *
     * @param i which of the two operands is v
     */
    static boolean vanishes(Formula product, int i) {
        Formula v = of(product.operands[i]).base;
        boolean isEven = v.op == Formula.Op.SIGMOID_SLOPE || v.op == Formula.Op.GAUSSIAN;
        boolean isFalling = v.op == Formula.Op.SIGMOID || v.op == Formula.Op.EXP || v.op == Formula.Op.NORMAL_CDF;
        if (!isEven && !isFalling) {
            return false;
        }
        Multiple u = of(product.operands[1 - i]);
        Multiple argument = of(v.first());
        return u.hasSign() && argument.hasSign() && argument.base.equals(u.base) && (isEven || argument.factor < 0);
    }
}
