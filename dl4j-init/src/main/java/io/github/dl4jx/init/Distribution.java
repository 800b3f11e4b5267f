package io.github.dl4jx.init;

import org.apache.commons.math3.special.Erf;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.GaussianDistribution;
import org.nd4j.linalg.api.ops.random.impl.UniformDistribution;
import org.nd4j.linalg.factory.Nd4j;

/** A distribution of mean 0 that weights are drawn from, by ND4J's generator and thus by its seed. */
public enum Distribution {
    /** N(0, σ²). */
    NORMAL {
        @Override
        void fill(INDArray view, double standardDeviation) {
            Nd4j.getExecutioner().exec(new GaussianDistribution(view, 0, standardDeviation), Nd4j.getRandom());
        }
    },

    /** U(−√3·σ, √3·σ), whose standard deviation is σ. */
    UNIFORM {
        @Override
        void fill(INDArray view, double standardDeviation) {
            fillUniform(view, Math.sqrt(3) * standardDeviation);
        }
    },

    /**
     * A normal distribution cut at two of its own standard deviations and widened so that the standard deviation of
     * what remains is σ. Sampled by inverse distribution function: ND4J's own operation falls short of the
     * variance that theory gives for the cut.
     */
    TRUNCATED_NORMAL {
        @Override
        void fill(INDArray view, double standardDeviation) {
            INDArray uniform = Nd4j.createUninitialized(DataType.DOUBLE, view.length());
            // u in (−1, 1) times P(|z| < 2) = erf(√2) is erf of the truncated |z|/√2 with its sign
            fillUniform(uniform, Erf.erf(Math.sqrt(2)));
            double[] values = uniform.toDoubleVector();
            double scale = Math.sqrt(2) * standardDeviation / STANDARD_DEVIATION_WHEN_CUT;
            for (int i = 0; i < values.length; i++) {
                values[i] = scale * Erf.erfInv(values[i]);
            }
            view.assign(Nd4j.createFromArray(values).castTo(view.dataType()).reshape(view.shape()));
        }
    };

    /** Of N(0, 1) cut at ±2. */
    private static final double STANDARD_DEVIATION_WHEN_CUT = 0.8796256610342398;

    /** Fills {@code view} with independent draws of mean 0 and the given standard deviation. */
    abstract void fill(INDArray view, double standardDeviation);

    /** U(−limit, limit). */
    static void fillUniform(INDArray view, double limit) {
        Nd4j.getExecutioner().exec(new UniformDistribution(view, -limit, limit), Nd4j.getRandom());
    }
}
