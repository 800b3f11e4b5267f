package io.github.dl4jx.activations.kernel;

/** The polynomials of the elementary functions, minimax fits with float coefficients, and how e^x is taken apart. */
final class Coefficients {
    static final int SIGNIFICAND_BITS = 23;
    static final int EXPONENT_BIAS = 127;

    /** Added to a small float, it leaves the nearest integer in the lowest bits of the significand. */
    static final float ROUNDER = 0x1.8p23f;

    static final float LOG2_E = 0x1.715476p0f;
    static final float MINUS_LN2_HIGH = -0x1.62e43p-1f;
    static final float MINUS_LN2_LOW = 0x1.05c61p-29f;
    static final float ROUND_SCALED = ROUNDER + EXPONENT_BIAS + 64;
    static final float UNSCALE = 0x1p-64f;
    static final float ROUND = ROUNDER + EXPONENT_BIAS;
    static final float MINUS_HALF = -0.5f;

    static final float EXP_2 = 0x1.fffffep-2f;
    static final float EXP_3 = 0x1.5554b4p-3f;
    static final float EXP_4 = 0x1.5556f2p-5f;
    static final float EXP_5 = 0x1.12254ap-7f;
    static final float EXP_6 = 0x1.6b9c68p-10f;

    static final float LOG_2 = -0x1.ffffd2p-2f;
    static final float LOG_3 = 0x1.554ddp-2f;
    static final float LOG_4 = -0x1.ff23e8p-3f;
    static final float LOG_5 = 0x1.934b6ep-3f;
    static final float LOG_6 = -0x1.3a43ep-3f;
    static final float LOG_7 = 0x1.b4b094p-4f;
    static final float LOG_8 = -0x1.d6b75ep-5f;
    static final float LOG_9 = 0x1.49211cp-6f;
    static final float LOG_10 = -0x1.af5e2p-9f;

    static final float MILLS_0 = 0.5f;
    static final float MILLS_1 = 0x1.c1054ap-2f;
    static final float MILLS_2 = 0x1.779278p-3f;
    static final float MILLS_3 = 0x1.4d48p-5f;
    static final float MILLS_4 = 0x1.0e4248p-8f;
    static final float MILLS_BELOW_1 = 0x1.acc4d6p0f;
    static final float MILLS_BELOW_2 = 0x1.33fff8p0f;
    static final float MILLS_BELOW_3 = 0x1.e12486p-2f;
    static final float MILLS_BELOW_4 = 0x1.a1bb72p-4f;
    static final float MILLS_BELOW_5 = 0x1.52b728p-7f;

    private Coefficients() {}
}
