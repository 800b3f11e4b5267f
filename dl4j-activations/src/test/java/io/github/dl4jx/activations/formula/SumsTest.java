package io.github.dl4jx.activations.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SumsTest {

    @Test
    void agreesWithTheSumOfDoublesInEveryOrder() {
        for (long[] shape : new long[][] {{3, 1000}, {2, 3, 17, 129}, {5, 128}, {300, 7, 1}, {1, 1}, {1025}}) {
            INDArray x = Nd4j.rand(DataType.FLOAT, shape).addi(1);
            int[] all = new int[shape.length];
            for (int axis = 0; axis < shape.length; axis++) {
                all[axis] = axis;
            }
            for (INDArray layout : new INDArray[] {x, x.dup('f')}) {
                assertSum(layout, all);
                for (int axis : all) {
                    assertSum(layout, axis);
                }
            }
        }
    }

    private static void assertSum(INDArray x, int... axes) {
        INDArray expected = x.castTo(DataType.DOUBLE).sum(true, axes);
        INDArray actual = Sums.inDouble(x, axes);
        assertThat(actual.dataType()).isEqualTo(DataType.DOUBLE);
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.sub(expected).div(expected).amaxNumber().doubleValue())
                .as(x.shapeInfoToString())
                .isLessThan(1e-6);
    }

    @Test
    void millionsOfEqualTerms() {
        INDArray x = Nd4j.valueArrayOf(new long[] {1, 5_000_011}, 0.1, DataType.FLOAT);
        double expected = 0.1f * 5_000_011d;
        assertThat(Sums.inDouble(x, 0, 1).getDouble(0)).isCloseTo(expected, within(2e-6 * expected));
    }

    @Test
    void sumsBeyondTheRangeOfFloatsAreFinite() {
        INDArray x = Nd4j.valueArrayOf(new long[] {1, 1000}, 3e38, DataType.FLOAT);
        assertThat(Sums.inDouble(x, 1).getDouble(0)).isCloseTo(3e41, within(1e35));
    }
}
