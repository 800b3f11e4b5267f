package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What DL4J's own initialisers do wrong, as the README says of them. A test that fails here means that upstream has mended
 * something: take it out of the README.
 */
class BuiltInsTest {

    @ParameterizedTest
    @CsvSource({
        "LECUN_UNIFORM, 3",
        "VAR_SCALING_UNIFORM_FAN_IN, 3",
        "VAR_SCALING_NORMAL_FAN_IN, 0.76",
    })
    void varianceIsNotTheStatedOneOverFanIn(WeightInit builtIn, double factor) {
        Nd4j.getRandom().setSeed(3);
        INDArray weights = Nd4j.createUninitialized(DataType.FLOAT, 400_000);
        builtIn.getWeightInitFunction().init(400, 1000, new long[] {400, 1000}, 'f', weights);
        assertThat(400 * weights.var(false).getDouble(0)).isEqualTo(factor, offset(0.02 * factor));
    }
}
