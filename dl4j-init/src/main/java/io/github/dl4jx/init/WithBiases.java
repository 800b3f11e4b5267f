package io.github.dl4jx.init;

import org.nd4j.linalg.api.ndarray.INDArray;

/** An initialiser that biases are part of. */
interface WithBiases {
    /** Overwrites the biases of a layer whose weights this initialiser drew. */
    void fillBiases(INDArray weights, INDArray biases);
}
