package io.github.dl4jx.activations.formula;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class StridesTest {
    private static final INDArray CUBE =
            Nd4j.arange(2 * 3 * 4 * 5).castTo(DataType.FLOAT).reshape('c', 2, 3, 4, 5);

    @Test
    void denseArraysAreFlatWhateverTheirOrder() {
        for (INDArray dense :
                new INDArray[] {CUBE, CUBE.dup('f'), CUBE.permute(3, 1, 0, 2), CUBE.reshape(1, 120, 1), Nd4j.scalar(1f)
                }) {
            assertThat(of(dense, dense).areFlat()).as(dense.shapeInfoToString()).isTrue();
        }
    }

    @Test
    void layoutsThatDifferAreNotFlat() {
        assertThat(of(CUBE, CUBE.dup('f')).areFlat()).isFalse();
        INDArray view = CUBE.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 3));
        assertThat(of(view, view).areFlat()).isFalse();
        INDArray everySecond = Nd4j.create(DataType.FLOAT, 5, 2).getColumn(1);
        assertThat(of(everySecond, everySecond).areFlat()).isFalse();
    }

    @Test
    void elementsAreFoundInTheOrderOfTheFirstArray() {
        INDArray first = CUBE.permute(0, 3, 1, 2).get(NDArrayIndex.all(), NDArrayIndex.interval(1, 4));
        INDArray second = first.dup('f');
        Strides strides = of(first, second);
        assertThat(strides.areOrderly()).isTrue();
        int last = -1;
        for (long i = 0; i < first.length(); ) {
            long rest = strides.restOfRow(i);
            for (int step = 0; step < rest; step++) {
                int place = strides.place(i, strides.first()) + step * strides.step(strides.first());
                int other = strides.place(i, strides.second()) + step * strides.step(strides.second());
                assertThat(place).isGreaterThan(last);
                last = place;
                assertThat(first.data().getFloat(place)).isEqualTo(second.data().getFloat(other));
            }
            i += rest;
        }
        assertThat(last).isEqualTo(strides.span(strides.first()) - 1);
    }

    @Test
    void anArrayThatOverlapsItselfIsNotOrderly() {
        assertThat(Strides.of(new long[] {3, 4}, new long[] {0, 1}, new long[] {4, 1})
                        .areOrderly())
                .isFalse();
        assertThat(Strides.of(new long[] {3, 4}, new long[] {2, 1}, new long[] {4, 1})
                        .areOrderly())
                .isFalse();
        assertThat(Strides.of(new long[] {3, 4}, new long[] {4, 1}, new long[] {0, 1})
                        .areOrderly())
                .as("an upstream gradient may repeat its elements")
                .isTrue();
    }

    private static Strides of(INDArray first, INDArray second) {
        return Strides.of(first.shape(), first.stride(), second.stride());
    }
}
