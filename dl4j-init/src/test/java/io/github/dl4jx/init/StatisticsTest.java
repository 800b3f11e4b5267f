package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.AbstractRealDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.RealDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.random.JDKRandomGenerator;
import org.apache.commons.math3.stat.descriptive.moment.Variance;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The weights follow the stated distribution: variance and Kolmogorov–Smirnov over 150,000 draws. */
class StatisticsTest {
    /** Dense [300, 500] and convolutional [500, 12, 5, 5] with stride 2: fan-out is not whole, as DL4J passes it. */
    private static final long[][] SHAPES = {{300, 500}, {500, 12, 5, 5}};

    private static final double[][] FANS = {{300, 500}, {300, 500 * 25 / 4.0}};

    static Stream<Arguments> expectations() {
        return Stream.of(0, 1).flatMap(i -> {
            double in = FANS[i][0];
            double out = FANS[i][1];
            double average = (in + out) / 2;
            return Stream.of(
                    normal("he", i, 2 / in),
                    normal("he(fan=out)", i, 2 / out),
                    normal("he(fan=average)", i, 2 / average),
                    normal("he(slope=0.5)", i, 2 / (1.25 * in)),
                    uniform("he(distribution=uniform)", i, Math.sqrt(6 / in)),
                    uniform("he(distribution=uniform, slope=0.5, fan=out)", i, Math.sqrt(6 / (1.25 * out))),
                    truncated("he(distribution=truncated_normal)", i, 2 / in),
                    uniform("xavier", i, Math.sqrt(6 / (in + out))),
                    uniform("xavier(gain=2)", i, 2 * Math.sqrt(6 / (in + out))),
                    normal("xavier(distribution=normal)", i, 2 / (in + out)),
                    truncated("xavier(distribution=truncated_normal)", i, 2 / (in + out)),
                    normal("lecun", i, 1 / in),
                    uniform("lecun(distribution=uniform)", i, Math.sqrt(3 / in)),
                    truncated("lecun(distribution=truncated_normal)", i, 1 / in),
                    normal("lecun(gain=1.5)", i, 2.25 / in),
                    normal("random-walk", i, Math.exp(1 / in) / in),
                    normal("random-walk(form=relu)", i, 2 * Math.exp(2.4 / (in - 2.4)) / in),
                    normal("random-walk(form=tanh)", i, 1.15 * 1.15 / in),
                    normal("gaussian", i, 1e-4),
                    normal("gaussian(std=1)", i, 1),
                    uniform("uniform", i, 0.05),
                    uniform("uniform(limit=2)", i, 2));
        });
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("expectations")
    void followsTheStatedDistribution(String name, int shape, RealDistribution expected) {
        double[] weights = draw(name, shape, DataType.FLOAT, 42);
        double tolerance = 0.015; // 4 standard errors of a normal sample's variance at this size
        assertThat(new Variance().evaluate(weights) / expected.getNumericalVariance())
                .isBetween(1 - tolerance, 1 + tolerance);
        assertThat(Arrays.stream(weights).average().orElseThrow() / Math.sqrt(expected.getNumericalVariance()))
                .isBetween(-0.0104, 0.0104); // 4 standard errors
        assertThat(new KolmogorovSmirnovTest().kolmogorovSmirnovTest(expected, weights))
                .isGreaterThan(1e-3);
        assertThat(Arrays.stream(weights).min().orElseThrow())
                .isGreaterThanOrEqualTo(expected.getSupportLowerBound() * (1 + 1e-6));
        assertThat(Arrays.stream(weights).max().orElseThrow())
                .isLessThanOrEqualTo(expected.getSupportUpperBound() * (1 + 1e-6));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("expectations")
    void seedsReproduce(String name, int shape, RealDistribution expected) {
        assertThat(draw(name, shape, DataType.FLOAT, 7)).isEqualTo(draw(name, shape, DataType.FLOAT, 7));
        assertThat(draw(name, shape, DataType.FLOAT, 7)).isNotEqualTo(draw(name, shape, DataType.FLOAT, 8));
    }

    static double[] draw(String name, int shape, DataType type, long seed) {
        Nd4j.getRandom().setSeed(seed);
        INDArray parameters =
                Nd4j.createUninitialized(type, Arrays.stream(SHAPES[shape]).reduce(1, (a, b) -> a * b));
        Initializers.get(name).init(FANS[shape][0], FANS[shape][1], SHAPES[shape], shape == 0 ? 'f' : 'c', parameters);
        return parameters.toDoubleVector();
    }

    private static Arguments normal(String name, int shape, double variance) {
        return Arguments.of(name, shape, new NormalDistribution(0, Math.sqrt(variance)));
    }

    private static Arguments uniform(String name, int shape, double limit) {
        return Arguments.of(name, shape, new UniformRealDistribution(-limit, limit));
    }

    private static Arguments truncated(String name, int shape, double variance) {
        return Arguments.of(name, shape, new TruncatedNormal(variance));
    }

    /** N(0, s²) cut at ±2s, with s such that the variance is the given one. */
    @SuppressWarnings("InlineMeSuggester") // commons-math deprecated two methods that it still demands
    private static final class TruncatedNormal extends AbstractRealDistribution {
        private static final long serialVersionUID = 1L;

        private final double variance;
        private final NormalDistribution parent;

        TruncatedNormal(double variance) {
            super(new JDKRandomGenerator());
            this.variance = variance;
            NormalDistribution standard = new NormalDistribution();
            // 1 − 4φ(2)/(2Φ(2) − 1): the variance that cutting leaves
            double left = 1 - 4 * standard.density(2) / (2 * standard.cumulativeProbability(2) - 1);
            this.parent = new NormalDistribution(0, Math.sqrt(variance / left));
        }

        @Override
        public double density(double x) {
            return parent.density(x) / parent.probability(getSupportLowerBound(), getSupportUpperBound());
        }

        @Override
        public double cumulativeProbability(double x) {
            double low = getSupportLowerBound();
            double high = getSupportUpperBound();
            return x <= low ? 0 : x >= high ? 1 : parent.probability(low, x) / parent.probability(low, high);
        }

        @Override
        public double getNumericalMean() {
            return 0;
        }

        @Override
        public double getNumericalVariance() {
            return variance;
        }

        @Override
        public double getSupportLowerBound() {
            return -2 * parent.getStandardDeviation();
        }

        @Override
        public double getSupportUpperBound() {
            return 2 * parent.getStandardDeviation();
        }

        @Override
        @Deprecated
        public boolean isSupportLowerBoundInclusive() {
            return true;
        }

        @Override
        @Deprecated
        public boolean isSupportUpperBoundInclusive() {
            return true;
        }

        @Override
        public boolean isSupportConnected() {
            return true;
        }
    }
}
