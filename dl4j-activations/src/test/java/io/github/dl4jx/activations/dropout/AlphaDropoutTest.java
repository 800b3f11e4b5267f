package io.github.dl4jx.activations.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.offset;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.BernoulliDistribution;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class AlphaDropoutTest {
    private static final double ALPHA_PRIME = -1.7580993408473766;
    private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    @ParameterizedTest
    @CsvSource({"0.1, 0.921285, 0.161971", "0.5, 0.886405, 0.779194"})
    void twoValuesOfThePaper(double p, double a, double b) {
        INDArray y = AlphaDropout.dropping(p).applyDropout(ones(1000), ones(1000), 0, 0, NO_WORKSPACES);
        double[] distinct =
                Arrays.stream(y.toDoubleVector()).distinct().sorted().toArray();
        assertThat(distinct).containsExactly(new double[] {a * ALPHA_PRIME + b, a + b}, offset(2e-6));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.1, 0.5})
    void keepsMeanAndVarianceAndTheDropRate(double p) {
        Nd4j.getRandom().setSeed(11);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 10_000_000);
        INDArray y = AlphaDropout.dropping(p).applyDropout(x.dup(), x.dup(), 0, 0, NO_WORKSPACES);
        assertThat(y.meanNumber().doubleValue()).isEqualTo(0, offset(0.01));
        assertThat(y.var(false).getDouble(0)).isEqualTo(1, offset(0.01));
        double a = 1 / Math.sqrt((1 - p) * (1 + p * ALPHA_PRIME * ALPHA_PRIME));
        double dropValue = a * ALPHA_PRIME * (1 - p);
        double dropped = Transforms.abs(y.subi(dropValue))
                .lt(1e-9)
                .castTo(DataType.DOUBLE)
                .meanNumber()
                .doubleValue();
        assertThat(dropped).isEqualTo(p, offset(4 * Math.sqrt(p * (1 - p) / 1e7)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2, 0.7})
    void gradientFollowsTheMaskInPlaceAndOut(double p) {
        for (boolean inPlace : new boolean[] {true, false}) {
            AlphaDropout dropout = AlphaDropout.dropping(p);
            INDArray x = Nd4j.rand(DataType.DOUBLE, 50, 100).addi(1);
            INDArray before = x.dup();
            INDArray result = inPlace ? x : x.like();
            assertThat(dropout.applyDropout(x, result, 0, 0, NO_WORKSPACES)).isSameAs(result);
            double a = 1 / Math.sqrt((1 - p) * (1 + p * ALPHA_PRIME * ALPHA_PRIME));
            double dropValue = a * ALPHA_PRIME - a * p * ALPHA_PRIME;
            INDArray g = Nd4j.ones(DataType.DOUBLE, 50, 100).muli(3);
            INDArray gradient = inPlace ? g : g.like();
            assertThat(dropout.backprop(g, gradient, 0, 0)).isSameAs(gradient);
            int dropped = 0;
            for (int i = 0; i < x.length(); i++) {
                boolean isDropped = Math.abs(result.getDouble(i) - dropValue) < 1e-9;
                dropped += isDropped ? 1 : 0;
                assertThat(gradient.getDouble(i)).isEqualTo(isDropped ? 0 : 3 * a, offset(1e-12));
                if (!isDropped) {
                    assertThat(result.getDouble(i))
                            .isEqualTo(a * before.getDouble(i) - a * p * ALPHA_PRIME, offset(1e-12));
                }
            }
            assertThat(dropped / 5000.0).isEqualTo(p, offset(0.03));
            if (!inPlace) {
                assertThat(x).isEqualTo(before);
            }
        }
    }

    /** Floats take the fused loops where the mask lies as they do. */
    @ParameterizedTest
    @CsvSource({"c, c", "f, f", "c, f"})
    void floatsFollowTheMaskThatTheSeedDraws(char order, char resultOrder) {
        double p = 0.3;
        double a = 1 / Math.sqrt((1 - p) * (1 + p * ALPHA_PRIME * ALPHA_PRIME));
        INDArray x = Nd4j.randn(DataType.FLOAT, 7, 31, 33, 37).dup(order);
        INDArray mask = Nd4j.createUninitialized(DataType.FLOAT, x.shape(), order);
        Nd4j.getRandom().setSeed(5);
        Nd4j.getExecutioner().exec(new BernoulliDistribution(mask, 1 - p));
        AlphaDropout dropout = AlphaDropout.dropping(p);
        Nd4j.getRandom().setSeed(5);
        INDArray before = x.dup();
        INDArray y = dropout.applyDropout(x, x.dup(resultOrder), 0, 0, NO_WORKSPACES);
        INDArray dx = dropout.backprop(x, x.dup(resultOrder), 0, 0);
        double[] xs = x.dup('c').reshape(-1).toDoubleVector();
        double[] ms = mask.dup('c').reshape(-1).toDoubleVector();
        double[] ys = y.dup('c').reshape(-1).toDoubleVector();
        double[] dxs = dx.dup('c').reshape(-1).toDoubleVector();
        for (int i = 0; i < xs.length; i++) {
            assertThat(ys[i]).isEqualTo(a * (ms[i] == 1 ? xs[i] : ALPHA_PRIME) - a * p * ALPHA_PRIME, offset(2e-6));
            assertThat(dxs[i]).isEqualTo(a * ms[i] * xs[i], offset(2e-6));
        }
        assertThat(x).isEqualTo(before);
    }

    @Test
    void droppingAndRetainingSayTheSame() {
        assertThat(AlphaDropout.retaining(0.9)).isEqualTo(AlphaDropout.dropping(0.1));
        assertThat(AlphaDropout.retaining(1)).isEqualTo(AlphaDropout.dropping(0));
        assertThat(AlphaDropout.dropping(0.1).getDropProbability()).isEqualTo(0.1);
        assertThat(AlphaDropout.dropping(0.1)).hasToString("AlphaDropout(dropProbability=0.1)");
        assertThat(AlphaDropout.class.getDeclaredConstructors())
                .allMatch(constructor -> Modifier.isPrivate(constructor.getModifiers()));
    }

    @Test
    void theLeastRetainProbabilityIsStillOne() {
        AlphaDropout dropout = AlphaDropout.retaining(1e-16);
        assertThat(dropout.getDropProbability()).isLessThan(1);
        INDArray y = dropout.applyDropout(ones(10), ones(10), 0, 0, NO_WORKSPACES);
        assertThat(y.toDoubleVector()).doesNotContain(Double.NaN, Double.POSITIVE_INFINITY);
    }

    @Test
    void outOfRangeIsRefused() {
        for (double p : new double[] {-0.1, 1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AlphaDropout.dropping(p))
                    .withMessageContaining("drop probability is " + p)
                    .withMessageContaining("[0.0, 1.0)");
        }
        for (double q : new double[] {0, 1e-17, 1.1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AlphaDropout.retaining(q))
                    .withMessageContaining("retain probability is " + q)
                    .withMessageContaining("[1.0E-16, 1.0]");
        }
    }

    @Test
    void cloneAndClearHoldNoMask() {
        AlphaDropout dropout = AlphaDropout.dropping(0.5);
        dropout.applyDropout(ones(10), ones(10), 0, 0, NO_WORKSPACES);
        assertThat(dropout.clone()).isEqualTo(dropout);
        assertThatIllegalStateException().isThrownBy(() -> dropout.clone().backprop(ones(10), ones(10), 0, 0));
        dropout.clear();
        assertThatIllegalStateException().isThrownBy(() -> dropout.backprop(ones(10), ones(10), 0, 0));
    }

    /** Or inference would hold as much memory as the last training step. */
    @Test
    void theMaskIsGoneAfterItsBackwardPass() {
        AlphaDropout dropout = AlphaDropout.dropping(0.5);
        dropout.applyDropout(ones(10), ones(10), 0, 0, NO_WORKSPACES);
        dropout.backprop(ones(10), ones(10), 0, 0);
        assertThatIllegalStateException().isThrownBy(() -> dropout.backprop(ones(10), ones(10), 0, 0));
    }

    private static INDArray ones(int length) {
        return Nd4j.ones(DataType.DOUBLE, length);
    }
}
