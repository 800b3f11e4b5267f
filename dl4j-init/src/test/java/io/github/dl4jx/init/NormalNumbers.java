package io.github.dl4jx.init;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.GaussianDistribution;
import org.nd4j.linalg.factory.Nd4j;

/** Data for tests, which leave ND4J's own generator alone. */
public final class NormalNumbers {
    /** A seed like any other. */
    private static final long SEED = 11;

    private NormalNumbers() {}

    /** Independent N(0, 1), the same each time. */
    public static INDArray normal(long... shape) {
        return of(SEED, shape);
    }

    /** Independent N(0, 1) of a seed. */
    public static INDArray of(long seed, long... shape) {
        INDArray values = Nd4j.create(DataType.FLOAT, shape);
        return Nd4j.getExecutioner()
                .exec(
                        new GaussianDistribution(values, 0, 1),
                        Nd4j.getRandomFactory().getNewRandomInstance(seed));
    }
}
