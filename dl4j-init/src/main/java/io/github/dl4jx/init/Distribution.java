package io.github.dl4jx.init;

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
            double scale = standardDeviation / STANDARD_DEVIATION_WHEN_CUT;
            // the 16-bit types have too few numbers for the tails
            INDArray uniform =
                    view.dataType() == DataType.FLOAT ? view : Nd4j.createUninitialized(DataType.DOUBLE, view.shape());
            fillUniform(uniform, ERF_OF_CUT);
            Elements.map(uniform, u -> scale * quantile(u));
            if (uniform != view) {
                view.assign(uniform);
            }
        }
    };

    /** P(|z| &lt; 2) = erf(√2). */
    private static final double ERF_OF_CUT = 0.9544997361036416;

    /** Of N(0, 1) cut at ±2. */
    private static final double STANDARD_DEVIATION_WHEN_CUT = 0.8796256610342398;

    /**
     * The z with erf(z/√2) = u, for |u| ≤ erf(√2): a rational function without a logarithm or a branch, fitted to a relative
     * error of 1.5e-9.
     */
    static double quantile(double u) {
        double t = u * u;
        double numerator =
                ((((-0.02035922200679524 * t + 0.4452025094999723) * t - 2.200118117285082) * t + 4.376968271786331) * t
                                        - 3.8546878602082155)
                                * t
                        + 1.2533141391616713;
        double denominator =
                ((((-0.055397200218698206 * t + 0.6488554528128632) * t - 2.478072925096073) * t + 4.222109001025047)
                                                * t
                                        - 3.337395169833586)
                                * t
                        + 1;
        return u * numerator / denominator;
    }

    /** Fills {@code view} with independent draws of mean 0 and the given standard deviation. */
    abstract void fill(INDArray view, double standardDeviation);

    /** U(−limit, limit). */
    static void fillUniform(INDArray view, double limit) {
        Nd4j.getExecutioner().exec(new UniformDistribution(view, -limit, limit), Nd4j.getRandom());
    }
}
