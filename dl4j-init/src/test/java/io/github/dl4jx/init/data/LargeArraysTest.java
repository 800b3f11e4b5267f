package io.github.dl4jx.init.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Buffers of more than 2 GiB, where Java's own end. {@code dl4j-init/prove large-arrays} runs it, and not the build. */
@Tag("long")
class LargeArraysTest {
    @ParameterizedTest
    @CsvSource({"FLOAT, 4", "DOUBLE, 8"})
    void momentsBeyondTwoGibibytes(DataType type, int bytes) {
        long columns = 64;
        long rows = (1L << 31) / bytes / columns + 1_000;
        INDArray array = Nd4j.zeros(type, rows, columns);
        array.getRow(rows - 1).assign(3);
        UnitMoments units = UnitMoments.of(array, 1);
        assertThat(units.deadUnits()).isZero();
        assertThat(units.zeros()).isEqualTo(1 - 1.0 / rows);
        assertThat(Moments.of(array).mean()).isEqualTo(3.0 / rows);
        array.close();
    }
}
