package io.github.dl4jx.examples.signal;

import io.github.dl4jx.init.Gaussian;
import io.github.dl4jx.init.He;
import io.github.dl4jx.init.LeCun;
import java.util.List;
import org.deeplearning4j.nn.weights.IWeightInit;

/**
 * A deep network without biases that Gaussian examples pass once, as the lecture has it.
 *
 * @param table the number of the lecture's table
 * @param title what the lecture calls it
 * @param activation specification
 * @param initializer of the weights
 * @param standardDeviation of the weights in theory, of which the initialiser is not asked
 */
record Experiment(int table, String title, String activation, IWeightInit initializer, double standardDeviation) {
    static final int EXAMPLES = 1_000;
    static final int WIDTH = 500;
    static final int LAYERS = 10;

    /** The lecture's five. Its Xavier divides by √fanIn, which is LeCun's rule; Glorot's paper takes both fans. */
    static final List<Experiment> LECTURE = List.of(
            new Experiment(1, "tanh, std 0.01", "tanh", new Gaussian(0.01), 0.01),
            new Experiment(2, "tanh, std 1", "tanh", new Gaussian(1), 1),
            new Experiment(
                    3, "tanh, Xavier as 1/sqrt(fanIn): LeCun normal", "tanh", LeCun.normal(), Math.sqrt(1.0 / WIDTH)),
            new Experiment(
                    4, "ReLU, Xavier as 1/sqrt(fanIn): LeCun normal", "relu", LeCun.normal(), Math.sqrt(1.0 / WIDTH)),
            new Experiment(5, "ReLU, He", "relu", He.normal(), Math.sqrt(2.0 / WIDTH)));

    /** Of its picture. */
    String fileName() {
        return "table-" + table + ".png";
    }
}
