package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jx.activations.Activations;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RandomWalkTest {

    @Test
    void closedForms() {
        assertThat(RandomWalk.linear().gain(100)).isCloseTo(Math.exp(0.005), within(1e-15));
        assertThat(RandomWalk.relu().gain(100)).isCloseTo(Math.sqrt(2) * Math.exp(1.2 / 97.6), within(1e-15));
        assertThat(RandomWalk.relu().gain(3)).isEqualTo(RandomWalk.relu().gain(6));
        assertThat(RandomWalk.tanh().gain(100)).isEqualTo(1.15);
        assertThat(RandomWalk.forActivation(Activations.get("identity")).gain(50))
                .isCloseTo(RandomWalk.linear().gain(50), within(1e-9));
        assertThat(RandomWalk.forActivation(Activation.RELU.getActivationFunction()))
                .isEqualTo(RandomWalk.relu());
        assertThat(RandomWalk.forActivation(Activations.get("tanh"))).isEqualTo(RandomWalk.tanh());
        // the numeric form of ReLU's slopes is near the paper's fit
        assertThat(new RandomWalk(RandomWalk.Form.SLOPES, 0.5, 0.5).gain(200))
                .isCloseTo(RandomWalk.relu().gain(200), within(1e-3));
    }

    /** The standard deviation is g/√N and not g/N, as two public ports have it. */
    @Test
    void standardDeviation() {
        INDArray weights =
                RandomWalk.relu().init(400, 400, new long[] {400, 400}, 'f', Nd4j.create(DataType.DOUBLE, 160_000));
        assertThat(weights.stdNumber(false).doubleValue())
                .isCloseTo(RandomWalk.relu().gain(400) / 20, within(4 / Math.sqrt(2 * 160_000) / 10));
    }

    /** E log of the squared length of what one layer hands back is 0, where He's is −5/(2N) in a ReLU network. */
    @Test
    void theLogarithmHasNoDrift() {
        Nd4j.getRandom().setSeed(12);
        int n = 30;
        for (String name : new String[] {"identity", "relu", "mish", "leakyrelu(slope=0.2)"}) {
            SummaryStatistics walk = drift(Activations.get(name), RandomWalk.forActivation(Activations.get(name)), n);
            double error = walk.getStandardDeviation() / Math.sqrt((double) walk.getN());
            // first order in 1/N leaves 1/N²
            assertThat(walk.getMean()).as(name).isCloseTo(0, within(4 * error + 4.0 / (n * n)));
        }
        assertThat(drift(Activations.get("relu"), He.normal(), n).getMean()).isCloseTo(-2.5 / n, within(0.02));
    }

    private static SummaryStatistics drift(IActivation activation, NamedInitializer initializer, int n) {
        SummaryStatistics walk = new SummaryStatistics();
        int times = 20_000;
        // a row is the weights of one unit
        INDArray weights =
                initializer.init(n, n, new long[] {times, n}, 'c', Nd4j.create(DataType.DOUBLE, (long) n * times));
        INDArray slopes = activation
                .backprop(Nd4j.randn(DataType.DOUBLE, times, n), Nd4j.ones(DataType.DOUBLE, times, n))
                .getFirst();
        for (double length : weights.mul(slopes).norm2(1).toDoubleVector()) {
            walk.addValue(2 * Math.log(length));
        }
        return walk;
    }

    @Test
    void errors() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RandomWalk(RandomWalk.Form.SLOPES, 2, 3))
                .withMessage("slopeFourthMoment is 3.0; valid: at least the square of slopeSecondMoment, 2.0");
        assertThatIllegalArgumentException().isThrownBy(() -> RandomWalk.forActivation(Activations.get("step")));
        assertThatIllegalArgumentException().isThrownBy(() -> RandomWalk.forActivation(Activations.get("softmax")));
    }
}
