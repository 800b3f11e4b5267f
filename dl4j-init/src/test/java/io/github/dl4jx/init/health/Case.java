package io.github.dl4jx.init.health;

import io.github.dl4jx.init.NormalNumbers;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A network for the doctor, as often as there are seeds.
 *
 * @param kind what it is an example of
 * @param configuration a {@link MultiLayerConfiguration} or a {@link ComputationGraphConfiguration}
 * @param input of one example
 * @param indices inputs are whole numbers below this; 0 for independent N(0, 1)
 * @param harm what is done to its parameters, once they are drawn
 */
record Case(String kind, Object configuration, List<Long> input, int indices, Consumer<INDArray> harm) {
    /** Of a batch. */
    static final int EXAMPLES = 64;

    static Case of(String kind, Object configuration, long... input) {
        return new Case(kind, configuration, LongStream.of(input).boxed().toList(), 0, parameters -> {});
    }

    Case withIndices(int below) {
        return new Case(kind, configuration, input, below, harm);
    }

    /** What the doctor says of the configuration alone. */
    Diagnosis byConfiguration() {
        return configuration instanceof MultiLayerConfiguration network
                ? Doctor.examine(network)
                : Doctor.examine((ComputationGraphConfiguration) configuration);
    }

    /** The network of a seed, and what the doctor says of it and of a batch. */
    Diagnosis byBatch(long seed) {
        if (configuration instanceof MultiLayerConfiguration list) {
            MultiLayerConfiguration own = list.clone();
            own.getConfs().forEach(layer -> layer.setSeed(seed));
            MultiLayerNetwork network = new MultiLayerNetwork(own);
            network.init();
            harm.accept(network.params());
            return Doctor.examine(network, batch(seed));
        }
        ComputationGraphConfiguration own = ((ComputationGraphConfiguration) configuration).clone();
        own.getDefaultConfiguration().setSeed(seed);
        ComputationGraph graph = new ComputationGraph(own);
        graph.init();
        harm.accept(graph.params());
        return Doctor.examine(graph, batch(seed));
    }

    private INDArray batch(long seed) {
        long[] shape = LongStream.concat(LongStream.of(EXAMPLES), input.stream().mapToLong(Long::longValue))
                .toArray();
        INDArray normal = NormalNumbers.of(seed, shape);
        return indices == 0
                ? normal
                : Transforms.floor(Transforms.abs(normal).muli(indices / 7.0)); // 7 deviations come never
    }
}
