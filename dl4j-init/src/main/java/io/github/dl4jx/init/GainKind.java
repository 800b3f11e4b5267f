package io.github.dl4jx.init;

/**
 * The two kinds of gain that literature calls by one name. They agree for linear units and the ReLU family alone, so a
 * network uses one kind throughout.
 */
public enum GainKind {
    /** The factors of common practice: 1 for linear, sigmoid and SELU by LeCun's rule, √2 for rectifiers. */
    CONVENTIONAL,

    /** 1/√E[f(z)²] with z ~ N(0, 1): keeps the second moment of activations from layer to layer. */
    SECOND_MOMENT
}
