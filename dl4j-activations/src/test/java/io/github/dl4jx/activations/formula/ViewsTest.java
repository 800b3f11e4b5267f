package io.github.dl4jx.activations.formula;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ViewsTest {
    /** A part of a flat array, as a layer's parameters are one of a network's. */
    @Test
    void partOfAViewThatIsNotAtItsBuffersBegin() {
        INDArray flat = Nd4j.arange(200).castTo(DataType.FLOAT);
        for (char order : new char[] {'c', 'f'}) {
            INDArray view = flat.get(NDArrayIndex.interval(20, 80)).reshape(order, 3, 4, 5);
            for (int axis = 0; axis < 3; axis++) {
                for (int begin = 0; begin < view.size(axis); begin++) {
                    for (int end = begin + 1; end <= view.size(axis); end++) {
                        INDArray part = Views.interval(view, axis, begin, end);
                        long[] shape = view.shape().clone();
                        shape[axis] = (long) end - begin;
                        assertThat(part.shape()).isEqualTo(shape);
                        for (int i = 0; i < part.length(); i++) { // slice would meet the same fault
                            long[] place = {i / (shape[1] * shape[2]), i / shape[2] % shape[1], i % shape[2]};
                            double actual = part.getDouble(place);
                            place[axis] += begin;
                            assertThat(actual).isEqualTo(view.getDouble(place));
                        }
                    }
                }
            }
            Views.interval(view, 1, 3, 4).assign(-1);
            assertThat(flat.lt(0).castTo(DataType.FLOAT).sumNumber().intValue())
                    .as("it is a view")
                    .isEqualTo(15);
            flat.assign(Nd4j.arange(200).castTo(DataType.FLOAT));
        }
    }
}
