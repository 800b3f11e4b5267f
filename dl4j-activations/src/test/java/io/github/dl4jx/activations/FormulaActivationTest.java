package io.github.dl4jx.activations;

import static io.github.dl4jx.activations.formula.Formula.erf;
import static io.github.dl4jx.activations.formula.Formula.softplus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.github.dl4jx.activations.formula.Formula;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FormulaActivationTest {
    /** As a user writes one. */
    static final class OwnSerf extends FormulaActivation {
        private static final long serialVersionUID = 1L;

        @Override
        protected Formula f(Formula x) {
            return x.times(erf(softplus(x)));
        }
    }

    /** A parameter that its text forgets. */
    static final class Scaled extends FormulaActivation {
        private static final long serialVersionUID = 1L;

        private final double factor;

        Scaled(double factor) {
            this.factor = factor;
        }

        @Override
        protected Formula f(Formula x) {
            return x.times(factor);
        }
    }

    static Stream<String> formulas() {
        return References.BY_SPECIFICATION.keySet().stream()
                .filter(name -> Activations.get(name) instanceof FormulaActivation)
                .filter(name -> !name.contains("straight")) // an estimator
                .sorted();
    }

    /** Where a better form of the derivative is given, it is the derivative. */
    @ParameterizedTest
    @MethodSource("formulas")
    void theSlopeIsTheDerivativeByRule(String name) {
        FormulaActivation activation = (FormulaActivation) Activations.get(name);
        Formula given = activation.slope(Formula.X);
        Formula byRule = activation.f(Formula.X).derivative();
        for (double x = -25.0005; x < 25; x += 0.001) {
            assertThat(given.at(x)).as("%s at %s", name, x).isEqualTo(byRule.at(x), offset(1e-13));
        }
    }

    @Test
    void nameAndEqualityComeWithIt() {
        assertThat(new OwnSerf()).hasToString("own-serf").isEqualTo(new OwnSerf());
        assertThat(new Scaled(2)).isEqualTo(new Scaled(2)).isNotEqualTo(new Scaled(3));
        assertThat(new OwnSerf().formula()).hasToString("x*erf(softplus(x))");
    }

    /** What DL4J's own functions do, and a product with 0 does not: FaceNet's pooling hands NaN down. */
    @ParameterizedTest
    @ValueSource(strings = {"relu", "relu6", "hard-swish", "hard-sigmoid", "step"})
    void aShutUnitPassesNothing(String name) {
        IActivation activation = Activations.get(name);
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16}) {
            INDArray x = Nd4j.createFromArray(-7.0, -7, -7, -7, 2).castTo(type);
            INDArray g = Nd4j.createFromArray(
                            Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1, Double.NaN)
                    .castTo(type);
            double[] result =
                    activation.backprop(x, g).getFirst().castTo(DataType.DOUBLE).toDoubleVector();
            for (int i = 0; i < 4; i++) {
                assertThat(result[i]).as("%s, %s, %s", name, type, i).isZero();
            }
            if (!name.equals("step")) {
                assertThat(result[4]).as("%s: open", name).isNaN();
            }
        }
    }
}
