package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** That convolutions hand an image on is in {@link NetworkWeightsTest}. */
class DiracTest {

    @Test
    void denseIsTheIdentityAsFarAsItGoes() {
        INDArray wide = new Dirac(3).init(2, 4, new long[] {2, 4}, 'f', Nd4j.ones(8));
        assertThat(wide.toFloatMatrix()).isDeepEqualTo(new float[][] {{3, 0, 0, 0}, {0, 3, 0, 0}});
    }

    @Test
    void convolutionalIsTheIdentityInTheMiddle() {
        INDArray weights = new Dirac().init(24, 36, new long[] {3, 2, 3, 4}, 'c', Nd4j.ones(72));
        assertThat(weights.sumNumber().doubleValue()).isEqualTo(2);
        assertThat(weights.getDouble(0, 0, 1, 1)).isEqualTo(1);
        assertThat(weights.getDouble(1, 1, 1, 1)).isEqualTo(1);
    }

    @Test
    void errors() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Dirac(0))
                .withMessage("gain is 0.0; valid: a finite number > 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Dirac().init(4, 9, new long[] {5, 16}, 'f', Nd4j.ones(80)))
                .withMessageContaining("[5, 16]");
    }
}
