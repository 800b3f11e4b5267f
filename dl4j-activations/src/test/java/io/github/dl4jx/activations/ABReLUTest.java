package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** ABReLU is not elementwise, so its values and gradient are proven here; the rest is in the conformance test. */
class ABReLUTest {

    @Test
    void paperExample() {
        INDArray x = Nd4j.createFromArray(new double[][] {{1, -2, 0, 3}});
        assertThat(new ABReLU().getActivation(x, true).toDoubleMatrix()[0]).containsExactly(0.5, 0, 0, 2.5);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.5, 0, -1})
    void matchesTheDefinitionAndItsCentralDifferences(double alpha) {
        ABReLU abrelu = new ABReLU(alpha);
        INDArray x = random(1).reshape(3, 2, 4, 5);
        INDArray g = random(2).reshape(3, 2, 4, 5);
        INDArray y = abrelu.getActivation(x.dup(), true);
        INDArray gradient = abrelu.backprop(x.dup(), g).getFirst();
        double h = 1e-6;
        for (int example = 0; example < 3; example++) {
            double[] row = x.slice(example).dup().reshape(-1).toDoubleVector();
            double mean = Arrays.stream(row).average().orElseThrow();
            for (int k = 0; k < row.length; k++) {
                long index = example * 40L + k;
                assertThat(y.getDouble(index)).isEqualTo(Math.max(row[k] - alpha * mean, 0), offset(1e-14));
                INDArray above = x.dup().putScalar(index, row[k] + h);
                INDArray below = x.dup().putScalar(index, row[k] - h);
                double difference = abrelu.getActivation(above, true)
                                .sub(abrelu.getActivation(below, true))
                                .mul(g)
                                .sumNumber()
                                .doubleValue()
                        / (2 * h);
                assertThat(gradient.getDouble(index)).isEqualTo(difference, offset(1e-8));
            }
        }
    }

    @Test
    void oneExampleDoesNotSeeItsNeighbours() {
        INDArray first = random(3).reshape(1, 120);
        INDArray both = Nd4j.concat(0, first, random(4).mul(100).reshape(1, 120));
        INDArray alone = new ABReLU().getActivation(first.dup(), true);
        assertThat(new ABReLU().getActivation(both, true).getRow(0).dup()).isEqualTo(alone.reshape(120));
    }

    @Test
    void staysFiniteAndSumsInDouble() {
        double big = 0x1p100;
        double[] huge = new double[4096];
        Arrays.fill(huge, big);
        huge[0] = -big;
        INDArray x = Nd4j.createFromArray(huge).castTo(DataType.FLOAT).reshape(1, 4096);
        INDArray y = new ABReLU().getActivation(x.dup(), true);
        INDArray gradient = new ABReLU()
                .backprop(x.dup(), Nd4j.ones(DataType.FLOAT, 1, 4096))
                .getFirst();
        double mean = big * 4094 / 4096;
        assertThat(y.getDouble(1)).isEqualTo(big - mean, offset(big * 1e-7));
        assertThat(gradient.isNaN().any() || gradient.isInfinite().any()).isFalse();
    }

    /** Floats take the fused loops; doubles never do. Large enough for two threads, with odd sizes. */
    @ParameterizedTest
    @EnumSource(ABReLU.Mean.class)
    void floatsAgreeWithDoubles(ABReLU.Mean mean) {
        for (long[] shape : new long[][] {{7, 5, 67, 71}, {1000, 301}, {3, 100_003}, {200_001}, {3, 1}, {1, 1, 1, 1}}) {
            for (double alpha : new double[] {1, -0.5}) {
                ABReLU abrelu = new ABReLU(alpha, mean);
                INDArray x = Nd4j.randn(DataType.FLOAT, shape).addi(2);
                INDArray g = Nd4j.randn(DataType.FLOAT, shape).addi(1);
                INDArray value = abrelu.getActivation(x.castTo(DataType.DOUBLE), true);
                INDArray gradient = abrelu.backprop(x.castTo(DataType.DOUBLE), g.castTo(DataType.DOUBLE))
                        .getFirst();
                for (char order : new char[] {'c', 'f'}) {
                    INDArray y = abrelu.getActivation(x.dup(order), true);
                    assertThat(y.castTo(DataType.DOUBLE).equalsWithEps(value, 2e-6))
                            .isTrue();
                    for (char other : new char[] {'c', 'f'}) {
                        INDArray epsilon = g.dup(other);
                        INDArray dx = abrelu.backprop(x.dup(order), epsilon).getFirst();
                        INDArray error = dx.castTo(DataType.DOUBLE).subi(gradient);
                        long wrong = Transforms.abs(error)
                                .gt(4e-6)
                                .castTo(DataType.INT64)
                                .sumNumber()
                                .longValue();
                        assertThat(wrong).as("all but those on the threshold").isLessThanOrEqualTo(2);
                        assertThat(epsilon).isEqualTo(g);
                    }
                }
            }
        }
    }

    @Test
    void meansOfHugeNumbersDoNotOverflow() {
        INDArray x = Nd4j.valueArrayOf(new long[] {2, 40_000}, 3e38, DataType.FLOAT);
        x.putScalar(5, -3e38);
        INDArray y = new ABReLU(0.5).getActivation(x.dup(), true);
        assertThat(y.getDouble(0)).isEqualTo(1.5e38, offset(1e34));
        assertThat(y.getDouble(5)).isZero();
    }

    private static INDArray random(int seed) {
        return Nd4j.createFromArray(new Random(seed).doubles(120, -3, 3).toArray());
    }
}
