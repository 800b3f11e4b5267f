package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The second moment behind 100 ReLU layers of 2,000 units, as a mean over 1,000 networks. Whatever the signal h, |relu(W·h)|²
 * is distributed as |h|²·|relu(w)|², w a column of W, since independent normal weights look the same from every direction: a
 * network's second moment is exactly a product of 100 such lengths, and of each layer one column needs to be drawn.
 */
class SecondMomentTest {
    private static final int NETWORKS = 1000;
    private static final int LAYERS = 100;
    private static final int UNITS = 2000;

    @Test
    void heKeepsIt() {
        SummaryStatistics moment = afterAllLayers(He.normal());
        double error = moment.getStandardDeviation() / Math.sqrt(NETWORKS);
        assertThat(error).as("narrow enough to tell something").isLessThan(0.03);
        assertThat(moment.getMean()).isCloseTo(1, within(4 * error));
    }

    /** 2 % less variance is seen: after 100 layers it is a factor of 0.13. */
    @Test
    void aSlightlyWrongVarianceIsNoticed() {
        double slope = Math.sqrt(0.02);
        SummaryStatistics moment = afterAllLayers(He.normal().withNegativeSlope(slope));
        assertThat(moment.getMean()).isCloseTo(Math.pow(1.02, -LAYERS), within(0.02));
    }

    private static SummaryStatistics afterAllLayers(IWeightInit initializer) {
        Nd4j.getRandom().setSeed(21);
        SummaryStatistics moments = new SummaryStatistics();
        int atOnce = 50;
        long columns = (long) atOnce * LAYERS;
        INDArray memory = Nd4j.createUninitialized(DataType.FLOAT, UNITS * columns);
        for (int done = 0; done < NETWORKS; done += atOnce) {
            INDArray weights = initializer.init(UNITS, UNITS, new long[] {UNITS, columns}, 'f', memory);
            double[] lengths = Transforms.relu(weights, false).norm2(0).toDoubleVector();
            for (int network = 0; network < atOnce; network++) {
                double logarithm = Arrays.stream(lengths, network * LAYERS, (network + 1) * LAYERS)
                        .map(length -> 2 * Math.log(length))
                        .sum();
                moments.addValue(Math.exp(logarithm));
            }
        }
        return moments;
    }
}
