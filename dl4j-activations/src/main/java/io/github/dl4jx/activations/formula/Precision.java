package io.github.dl4jx.activations.formula;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * A type of numbers that the compilers know: how e^x is taken apart in it, where functions have reached their limits, and
 * the polynomials of the elementary functions, minimax fits with coefficients of the type.
 */
enum Precision {
    FLOAT(DataType.FLOAT, Float.BYTES, 23, 127, 64) {
        @Override
        double limit(Limit limit) {
            return switch (limit) {
                case EXHAUSTED -> 104;
                case EXP -> 43;
                case NORMAL -> 14.5;
                case ERF -> 4;
                case TANH -> 10;
                case GATE -> 15;
                case LEAST_POWER -> 87;
                case LARGEST_POWER -> 88;
            };
        }

        @Override
        double[] coefficients(Polynomial polynomial) {
            return switch (polynomial) {
                case MINUS_LN2 -> new double[] {-0x1.62e43p-1, 0x1.05c61p-29};
                case EXP -> new double[] {0x1.fffffep-2, 0x1.5554b4p-3, 0x1.5556f2p-5, 0x1.12254ap-7, 0x1.6b9c68p-10};
                case LOG ->
                    new double[] {
                        -0x1.ffffd2p-2,
                        0x1.554ddp-2,
                        -0x1.ff23e8p-3,
                        0x1.934b6ep-3,
                        -0x1.3a43ep-3,
                        0x1.b4b094p-4,
                        -0x1.d6b75ep-5,
                        0x1.49211cp-6,
                        -0x1.af5e2p-9
                    };
                case MILLS -> new double[] {0.5, 0x1.c1054ap-2, 0x1.779278p-3, 0x1.4d48p-5, 0x1.0e4248p-8};
                case MILLS_BELOW ->
                    new double[] {1, 0x1.acc4d6p0, 0x1.33fff8p0, 0x1.e12486p-2, 0x1.a1bb72p-4, 0x1.52b728p-7};
                case ERF ->
                    new double[] {
                        0x1.20dd76p+0,
                        0x1.45f298p-1,
                        0x1.a520c4p-4,
                        -0x1.3c919cp-6,
                        0x1.afba96p-13,
                        0x1.481c54p-10,
                        -0x1.8f7882p-12,
                        0x1.55716ep-15
                    };
            };
        }
    },

    DOUBLE(DataType.DOUBLE, Double.BYTES, 52, 1023, 512) {
        @Override
        double limit(Limit limit) {
            return switch (limit) {
                case EXHAUSTED -> 746;
                case EXP -> 354;
                case NORMAL -> 38.6;
                case ERF -> 6;
                case TANH -> 20;
                case GATE -> 22;
                case LEAST_POWER -> 708;
                case LARGEST_POWER -> 709;
            };
        }

        @Override
        double[] coefficients(Polynomial polynomial) {
            return switch (polynomial) {
                case MINUS_LN2 -> new double[] {-0x1.62e42fefa39efp-1, -0x1.abc9e3b39803fp-56};
                case EXP ->
                    new double[] {
                        0x1.0000000000001p-1,
                        0x1.5555555555558p-3,
                        0x1.5555555553d4ep-5,
                        0x1.111111110f7efp-7,
                        0x1.6c16c17893ef5p-10,
                        0x1.a01a01b015fc1p-13,
                        0x1.a019b8edfffe2p-16,
                        0x1.71ddf69834cdap-19,
                        0x1.2891aa37e5c96p-22,
                        0x1.af635f16ead2dp-26
                    };
                case LOG ->
                    new double[] {
                        0x1.5555555555572p-1,
                        0x1.9999999985663p-2,
                        0x1.2492493748b41p-2,
                        0x1.c71c6472f78cdp-3,
                        0x1.745f766ce18bfp-3,
                        0x1.3ad748a7036e7p-3,
                        0x1.14914bf83b90fp-3,
                        0x1.a660a15649292p-4,
                        0x1.5a01a42e9acadp-3
                    };
                case MILLS ->
                    new double[] {
                        0x1.0000000000000p-1,
                        0x1.8c2260e9921cbp-1,
                        0x1.2f45e5b1b9e18p-1,
                        0x1.2702f5c72c109p-2,
                        0x1.8de326d736c9ep-4,
                        0x1.80356ccf1f719p-6,
                        0x1.09940a194219ap-8,
                        0x1.fc9585a0ef459p-12,
                        0x1.3459a1e3250bdp-15,
                        0x1.6df2ce97a1b1bp-20
                    };
                case MILLS_BELOW ->
                    new double[] {
                        0x1.0000000000000p+0,
                        0x1.2c32454419e67p+1,
                        0x1.472897cf0f03fp+1,
                        0x1.b57710bfbe5f8p+0,
                        0x1.8e9c585f539e4p-1,
                        0x1.038d4555d618cp-2,
                        0x1.eb7014f850aaep-5,
                        0x1.4fdf4a40f0b63p-7,
                        0x1.3f9a858ceb7ccp-10,
                        0x1.8275a68ec1dd9p-14,
                        0x1.caa5fc873a488p-19
                    };
                case ERF ->
                    new double[] {
                        0x1.20dd750429b6dp0,
                        0x1.45f306dc9c8d9p-1,
                        0x1.a4f4e2a1a9b48p-4,
                        -0x1.396685908d31bp-6,
                        -0x1.b6b6a1cb01677p-13,
                        0x1.bca691e02a485p-10,
                        -0x1.35663be3083c7p-11,
                        0x1.b29af8bf25606p-16,
                        0x1.0e32f5f419a67p-14,
                        -0x1.f03292f2a9ad9p-16,
                        0x1.a96db6b43d8c4p-19,
                        0x1.a47f0786f42eep-19,
                        -0x1.116c9aeddbedfp-19,
                        0x1.325947fc8e6eap-21,
                        -0x1.920879ee80deap-27,
                        -0x1.1a567cdf4022fp-24,
                        0x1.291784c3ecd10p-25,
                        -0x1.722e56a4a2ab5p-27,
                        0x1.446fc864b6611p-29,
                        -0x1.9d81f4a1e02bfp-32,
                        0x1.7a66c89834bdfp-35,
                        -0x1.d9819fb38920dp-39,
                        0x1.6ba64a4cfd895p-43,
                        -0x1.02dabf768e732p-48
                    };
            };
        }
    };

    /** Where a function of x has become its limit, or its computation ends. */
    enum Limit {
        /** e^−x is 0 from here on. */
        EXHAUSTED,
        /** e^x is computed in one piece up to here. */
        EXP,
        /** Φ(−x) is 0 from here on. */
        NORMAL,
        /** erf x is 1 from here on. */
        ERF,
        /** tanh x is 1 from here on. */
        TANH,
        /** tanh(softplus(x)) is 1 from here on. */
        GATE,
        /** e^−x is a normal number up to here. */
        LEAST_POWER,
        /** e^x is finite up to here. */
        LARGEST_POWER
    }

    /** From the constant term on. */
    enum Polynomial {
        /** −ln 2 as the sum of two numbers. */
        MINUS_LN2,
        /** (e^r − 1 − r)/r² for |r| ≤ ½ ln 2. */
        EXP,
        /** In float (log(1 + u) − u)/u² for 0 ≤ u ≤ 1; in double (2·artanh s − 2s)/s³, of s², for 0 ≤ s ≤ ⅓. */
        LOG,
        /** Numerator and denominator of Φ(−a)/e^(−a²/2) for a ≥ 0. */
        MILLS,
        MILLS_BELOW,
        /** −log(1 − erf x)/x for x ≥ 0. */
        ERF
    }

    final DataType type;
    final int bytes;
    final int significandBits;
    private final int bias;
    private final int scale;

    Precision(DataType type, int bytes, int significandBits, int bias, int scale) {
        this.type = type;
        this.bytes = bytes;
        this.significandBits = significandBits;
        this.bias = bias;
        this.scale = scale;
    }

    abstract double limit(Limit limit);

    abstract double[] coefficients(Polynomial polynomial);

    /**
     * Added to a small number, it leaves the nearest integer n in the lowest bits of the significand, and above them
     * what makes 2ⁿ of them when they are moved into the exponent's place.
     */
    double round() {
        return Math.scalb(1.5, significandBits) + bias;
    }

    /** The same for 2ⁿ·{@link #scaled}, which is a normal number where 2ⁿ is none. */
    double roundScaled() {
        return round() + scale;
    }

    double scaled() {
        return Math.scalb(1.0, scale);
    }

    /** The largest finite number. */
    double largest() {
        return this == FLOAT ? Float.MAX_VALUE : Double.MAX_VALUE;
    }
}
