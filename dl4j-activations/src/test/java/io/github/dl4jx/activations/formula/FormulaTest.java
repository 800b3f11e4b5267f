package io.github.dl4jx.activations.formula;

import static io.github.dl4jx.activations.formula.Formula.X;
import static io.github.dl4jx.activations.formula.Formula.clamp;
import static io.github.dl4jx.activations.formula.Formula.max;
import static io.github.dl4jx.activations.formula.Formula.min;
import static io.github.dl4jx.activations.formula.Formula.number;
import static io.github.dl4jx.activations.formula.Formula.select;
import static io.github.dl4jx.activations.formula.Formula.sigmoid;
import static io.github.dl4jx.activations.formula.Formula.softplus;
import static io.github.dl4jx.activations.formula.Formula.tanh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A formula as mathematics: its values, derivative and text. */
class FormulaTest {
    private static final double H = 1e-6;

    static java.util.stream.Stream<Formula> samples() {
        return Samples.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theDerivativeIsTheLimitOfDifferences(Formula f) {
        Formula slope = f.derivative();
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            double x = random.nextDouble() * 12 - 6;
            double difference = (f.at(x + H) - f.at(x - H)) / (2 * H);
            if (Double.isFinite(difference)) {
                double size = Math.max(1, Math.abs(difference));
                assertThat(slope.at(x) / size).as("(%s)' at %s", f, x).isEqualTo(difference / size, offset(1e-6));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void rangesHoldAllValues(Formula f) {
        for (Formula part : new Formula[] {f, f.derivative()}) {
            for (double x = -30; x <= 30; x += 0.01) {
                double y = part.at(x);
                double slack = 1e-12 * Math.max(1, Math.abs(y));
                if (!Double.isNaN(y)) {
                    assertThat(y)
                            .as("%s at %s", part, x)
                            .isBetween(part.range().low() - slack, part.range().high() + slack);
                }
            }
        }
    }

    @Test
    void valuesAtKinksAreThoseOfThePieceToTheLeft() {
        assertThat(max(X, 0).derivative().at(0)).isZero();
        assertThat(clamp(X, 0, 6).derivative().at(0)).isZero();
        assertThat(clamp(X, 0, 6).derivative().at(6)).isZero();
        assertThat(clamp(X, -3, 3).derivative().at(3)).isZero();
        assertThat(select(X, X, X.times(0.01)).derivative().at(0)).isEqualTo(0.01);
        assertThat(Formula.abs(X).derivative().at(0)).isEqualTo(-1);
    }

    @Test
    void whatIsShutStaysShutWhateverComesFromAbove() {
        for (Formula f : new Formula[] {
            max(X, 0),
            clamp(X, 0, 6),
            clamp(X, -1, 1).over(6),
            max(X, 0).negate(),
            tanh(max(X, 0)),
            max(X, 0).plus(min(X, -3))
        }) {
            for (double g : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
                assertThat(new Evaluation(f.derivative().timesUpstream()).at(-2, g))
                        .as("%s", f)
                        .isZero();
            }
        }
    }

    @Test
    void textIsMathematics() {
        assertThat(X.times(sigmoid(X.times(1.5)))).hasToString("x*sigmoid(1.5*x)");
        assertThat(X.times(tanh(softplus(X)))).hasToString("x*tanh(softplus(x))");
        assertThat(X.plus(1).times(X.minus(2)).over(X.square().plus(3))).hasToString("(x + 1)*(x - 2)/(x^2 + 3)");
        assertThat(X.minus(X.minus(1)).negate()).hasToString("-(x - (x - 1))");
        assertThat(select(X, X, number(0.1).times(X))).hasToString("(x where x > 0, else 0.1*x)");
        assertThat(max(X, 0)).hasToString("max(x, 0)");
    }

    @Test
    void equalIfWrittenAlike() {
        assertThat(X.times(sigmoid(X))).isEqualTo(X.times(sigmoid(X))).hasSameHashCodeAs(X.times(sigmoid(X)));
        assertThat(X.times(2)).isNotEqualTo(X.times(3));
        assertThat(clamp(X, 0, 6)).isNotEqualTo(clamp(X, 0, 5));
    }

    @Test
    void badNumbersAreNamed() {
        assertThatThrownBy(() -> number(Double.NaN)).hasMessageContaining("number is NaN");
        assertThatThrownBy(() -> clamp(X, 2, 1)).hasMessageContaining("low is 2.0; valid: less than high, 1.0");
        assertThatThrownBy(() -> X.power(-1)).hasMessageContaining("n is -1; valid: >= 0");
    }
}
