package io.github.dl4jx.examples.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.github.dl4jx.activations.Activations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurveTest {

    private static double at(Curve.Line line, double x) {
        return line.y().get(line.x().indexOf(x));
    }

    @Test
    void showsTheFunctionAndItsDerivative() {
        Curve curve = Curve.of("swish(beta=2)", -6, 6);
        assertThat(curve.specification()).isEqualTo("swish(beta=2.0)");
        double sigma = 1 / (1 + Math.exp(-6));
        assertThat(at(curve.f(), 3)).isEqualTo(3 * sigma, offset(1e-14));
        assertThat(at(curve.slope(), 3)).isEqualTo(sigma * (1 + 6 * (1 - sigma)), offset(1e-14));
        assertThat(curve.f().x()).startsWith(-6.0).endsWith(6.0).isSorted();
    }

    /** A jump is a gap with a dot in it: no line leads across. */
    @ParameterizedTest
    @CsvSource({"relu, 0, 0", "selu, 0, 1.7580993408473766", "hard-swish, 3, 1", "relu6, 6, 0"})
    void derivativeJumpsAtItsKink(String activation, double kink, double value) {
        Curve curve = Curve.of(activation, -6, 6);
        assertThat(at(curve.slope(), kink)).isNaN();
        assertThat(curve.slope().dotX()).contains(kink);
        assertThat(curve.slope().dotY().get(curve.slope().dotX().indexOf(kink))).isEqualTo(value, offset(1e-15));
        assertThat(curve.f().dotX()).isEmpty();
    }

    @Test
    void stepItselfJumps() {
        assertThat(Curve.of("step", -1, 1).f().dotY()).containsExactly(1.0);
    }

    @Test
    void kinkWithoutJumpIsNoGap() {
        assertThat(Curve.of("elu", -6, 6).slope().dotX()).isEmpty();
        assertThat(Curve.of("elu(alpha=0.5)", -6, 6).slope().dotX()).containsExactly(0.0);
    }

    @Test
    void softmaxIsThatOfTheFirstOfTwoFeatures() {
        Curve softmax = Curve.of("softmax", -6, 6);
        Curve sigmoid = Curve.of("sigmoid", -6, 6);
        assertThat(softmax.note()).isNotEmpty();
        for (double x : new double[] {-6, 0, 1.5}) {
            assertThat(at(softmax.f(), x)).isEqualTo(at(sigmoid.f(), x), offset(1e-15));
            assertThat(at(softmax.slope(), x)).isEqualTo(at(sigmoid.slope(), x), offset(1e-15));
        }
    }

    @Test
    void abreluTakesTheAxisForOneExample() {
        Curve curve = Curve.of("abrelu", 0, 8); // mean 4
        assertThat(curve.note()).isNotEmpty();
        assertThat(at(curve.f(), 3)).isZero();
        assertThat(at(curve.f(), 6)).isEqualTo(2, offset(1e-12));
        assertThat(at(curve.slope(), 3)).isEqualTo(-0.5, offset(1e-3));
        assertThat(at(curve.slope(), 6)).isEqualTo(0.5, offset(1e-3));
    }

    @Test
    void everyActivationHasACurve() {
        assertThat(Activations.names()).allSatisfy(name -> {
            Curve curve = Curve.of(name, -6, 6);
            assertThat(curve.f().y()).hasSameSizeAs(curve.f().x());
            assertThat(curve.f().y().stream().filter(y -> y.isNaN()))
                    .hasSameSizeAs(curve.f().dotX());
        });
    }
}
