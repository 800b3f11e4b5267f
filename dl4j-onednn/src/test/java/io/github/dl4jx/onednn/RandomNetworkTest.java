package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Small random networks with oneDNN against the same without. */
@NeedsOneDnn
class RandomNetworkTest {
    private static final int CHUNK = 25;
    private static final int STEPS = 20;

    /** Of the length of an array. */
    private static final double TOLERANCE = 1e-4;

    /**
     * Of gradients with ReLU or maxima: where rounding puts a pre-activation on the other side of the kink, or makes
     * another pixel the largest, a part of the gradient jumps. After some steps two correct trainings are apart.
     */
    private static final double KINKED = 1e-3;

    @Test
    void someSequences() {
        sequences(0);
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void sequences(int chunk) {
        for (int seed = chunk * CHUNK; seed < (chunk + 1) * CHUNK; seed++) {
            boolean smooth = seed % 2 == 0;
            // DL4J's activation layer overwrites its input, be it the features: each pass gets a copy
            RandomNetwork drawn = new RandomNetwork(seed, smooth);
            MultiLayerNetwork on = drawn.sequence();
            MultiLayerNetwork off = on.clone();
            OneDnn.enable(on);
            DataSet first = drawn.batch(0);
            INDArray x = first.getFeatures();
            near(drawn, "output", on.output(x.dup()), off.output(x.dup()), TOLERANCE);
            // not in inference, where DL4J's activation layer spoils the list
            lists(drawn, seeded(() -> on.feedForward(x.dup(), true)), seeded(() -> off.feedForward(x.dup(), true)));
            Pair<Gradient, INDArray> expected = seeded(() -> off.calculateGradients(x, first.getLabels(), null, null));
            Pair<Gradient, INDArray> actual = seeded(() -> on.calculateGradients(x, first.getLabels(), null, null));
            double tolerance = smooth ? TOLERANCE : KINKED;
            near(
                    drawn,
                    "gradient",
                    actual.getFirst().gradient(),
                    expected.getFirst().gradient(),
                    tolerance);
            near(drawn, "gradient at the input", actual.getSecond(), expected.getSecond(), tolerance);
            for (int step = 0; step < (smooth ? STEPS : 2); step++) {
                DataSet batch = drawn.batch(step);
                seeded(() -> fitted(on, batch));
                seeded(() -> fitted(off, batch));
                if (smooth) {
                    scores(drawn, step, on.score(), off.score());
                }
            }
        }
    }

    private static boolean fitted(MultiLayerNetwork network, DataSet batch) {
        network.fit(batch);
        return true;
    }

    @Test
    void someGraphs() {
        graphs(0);
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void graphs(int chunk) {
        for (int seed = chunk * CHUNK; seed < (chunk + 1) * CHUNK; seed++) {
            boolean smooth = seed % 2 == 0;
            RandomNetwork drawn = new RandomNetwork(seed, smooth);
            ComputationGraph on = drawn.graph();
            ComputationGraph off = on.clone();
            OneDnn.enable(on);
            DataSet first = drawn.batch(0);
            INDArray x = first.getFeatures();
            if (!activationSharesItsInput(on)) {
                near(drawn, "output", on.outputSingle(x.dup()), off.outputSingle(x.dup()), TOLERANCE);
            }
            Map<String, INDArray> expected = seeded(() -> off.feedForward(x.dup(), true));
            Map<String, INDArray> actual = seeded(() -> on.feedForward(x.dup(), true));
            assertThat(actual.keySet()).as("%s", drawn).isEqualTo(expected.keySet());
            actual.forEach((name, array) -> near(drawn, name, array, array(expected, name), TOLERANCE));
            near(
                    drawn,
                    "gradient",
                    seeded(() -> gradient(on, first)),
                    seeded(() -> gradient(off, first)),
                    smooth ? TOLERANCE : KINKED);
            for (int step = 0; step < (smooth ? STEPS : 2); step++) {
                DataSet batch = drawn.batch(step);
                seeded(() -> fitted(on, batch));
                seeded(() -> fitted(off, batch));
                if (smooth) {
                    scores(drawn, step, on.score(), off.score());
                }
            }
        }
    }

    /** Then DL4J's output is wrong: in inference its activation layer overwrites what another vertex is still to read. */
    private static boolean activationSharesItsInput(ComputationGraph graph) {
        Map<String, List<String>> inputs = graph.getConfiguration().getVertexInputs();
        return Stream.of(graph.getLayers())
                .map(layer -> layer.conf().getLayer())
                .filter(ActivationLayer.class::isInstance)
                .map(layer ->
                        inputs.getOrDefault(layer.getLayerName(), List.of()).get(0))
                .anyMatch(input -> inputs.values().stream()
                                .flatMap(List::stream)
                                .filter(input::equals)
                                .count()
                        > 1);
    }

    private static INDArray array(Map<String, INDArray> arrays, String name) {
        INDArray array = arrays.get(name);
        if (array == null) {
            throw new AssertionError(name);
        }
        return array;
    }

    private static boolean fitted(ComputationGraph network, DataSet batch) {
        network.fit(batch);
        return true;
    }

    private static INDArray gradient(ComputationGraph network, DataSet batch) {
        network.setInputs(batch.getFeatures());
        network.setLabels(batch.getLabels());
        network.computeGradientAndScore();
        return network.gradient().gradient();
    }

    /** With the same random numbers. */
    private static <T> T seeded(java.util.function.Supplier<T> action) {
        Nd4j.getRandom().setSeed(7);
        return action.get();
    }

    private static void lists(RandomNetwork drawn, List<INDArray> actual, List<INDArray> expected) {
        assertThat(actual).as("%s", drawn).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            near(drawn, "activations " + i, actual.get(i), expected.get(i), TOLERANCE);
        }
    }

    private static void near(RandomNetwork drawn, String name, INDArray actual, INDArray expected, double tolerance) {
        List<Object> shapes = new ArrayList<>(List.of(actual.shape(), expected.shape()));
        assertThat(shapes.get(0)).as("%s of %s", name, drawn).isEqualTo(shapes.get(1));
        // an average of what was normalised is nothing but rounding
        double length = expected.norm2Number().doubleValue() + 1e-2 * Math.sqrt((double) expected.length());
        assertThat(actual.distance2(expected.dup('c')) / length)
                .as("%s of %s", name, drawn)
                .isLessThan(tolerance);
    }

    private static void scores(RandomNetwork drawn, int step, double actual, double expected) {
        assertThat(Math.abs(actual - expected) / Math.max(expected, 1e-3))
                .as("score %s after step %s of %s", actual, step, drawn)
                .isLessThan(TOLERANCE);
    }
}
