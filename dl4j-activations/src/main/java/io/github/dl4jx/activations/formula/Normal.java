package io.github.dl4jx.activations.formula;

/** Distribution function and error function in double precision, slowly. */
final class Normal {
    /** From here on the continued fraction converges within its terms. */
    private static final double FAR = 1;

    private static final int TERMS = 400;

    private Normal() {}

    /** Φ(a), relatively exact in the lower tail. */
    static double cdf(double a) {
        if (Math.abs(a) < FAR) {
            return 0.5 + density(a) * series(a);
        }
        double tail = Double.isInfinite(a) ? 0 : density(a) / continued(Math.abs(a));
        return a < 0 ? tail : a > 0 ? 1 - tail : a;
    }

    /** erf a = 2Φ(√2a) − 1, relatively exact at 0. */
    static double erf(double a) {
        double x = a * Math.sqrt(2);
        return Math.abs(x) < FAR ? 2 * density(x) * series(x) : 2 * cdf(x) - 1;
    }

    private static double density(double a) {
        return gaussian(a) / Math.sqrt(2 * Math.PI);
    }

    /** e^(−a²/2), with what rounding cuts off the square. */
    static double gaussian(double a) {
        double square = a * a;
        double power = Math.exp(-square / 2);
        return power == 0 ? 0 : power * (1 - Math.fma(a, a, -square) / 2);
    }

    /** a + a³/3 + a⁵/(3·5) + …, all of one sign. */
    private static double series(double a) {
        double term = a;
        double sum = a;
        for (int k = 3; Math.abs(term) > Math.ulp(sum) / 4; k += 2) {
            term *= a * a / k;
            sum += term;
        }
        return sum;
    }

    /** φ(a)/Φ(−a) = a + 1/(a + 2/(a + 3/(a + …))). */
    private static double continued(double a) {
        double fraction = a;
        for (int k = TERMS; k > 0; k--) {
            fraction = a + k / fraction;
        }
        return fraction;
    }
}
