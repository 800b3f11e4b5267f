package io.github.dl4jx.examples.signal;

import io.github.dl4jx.examples.cifar10.ActivationChoice;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.NguyenWidrow;
import io.github.dl4jx.init.data.LayerSignal;
import io.github.dl4jx.init.data.Signals;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.GaussianDistribution;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A stack of dense layers of one width, all with one activation and one initialiser, fed with N(0, 1).
 *
 * @param activation canonical specification
 * @param initializer canonical specification
 * @param depth hidden layers
 * @param width units of each, and features of an example
 * @param seed of weights and batch
 */
record DeepNetwork(String activation, String initializer, int depth, int width, long seed) {

    /** With {@link ActivationChoice#RECOMMENDED} and aliases resolved. */
    static DeepNetwork of(String activation, String initializer, int depth, int width, long seed) {
        ActivationChoice choice = new ActivationChoice(activation);
        return new DeepNetwork(choice.canonical(), choice.initializer(initializer), depth, width, seed);
    }

    MultiLayerNetwork network() {
        ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(Initializers.get(initializer))
                .list();
        ActivationChoice choice = new ActivationChoice(activation);
        for (int i = 0; i < depth; i++) {
            choice.add(layers, new DenseLayer.Builder(), width);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(
                layers.setInputType(InputType.feedForward(width)).build());
        network.init();
        NguyenWidrow.initializeBiases(network);
        return network;
    }

    /** Examples of independent N(0, 1), other ones for each seed. */
    INDArray batch(int examples) {
        return normal(seed, examples, width);
    }

    static INDArray normal(long seed, long... shape) {
        INDArray values = Nd4j.createUninitialized(DataType.FLOAT, shape);
        return Nd4j.getExecutioner()
                .exec(
                        new GaussianDistribution(values, 0, 1),
                        Nd4j.getRandomFactory().getNewRandomInstance(~seed));
    }

    /** The input, then what leaves each hidden layer: of an activation that is a layer of its own, what leaves that. */
    List<LayerSignal> measure(int examples) {
        return ofLayers(Signals.of(network(), batch(examples)));
    }

    /** The same without condition numbers. */
    List<LayerSignal> measureQuickly(int examples) {
        return ofLayers(Signals.quick(network(), batch(examples)));
    }

    /** The activation's values at each hidden layer for the batch. */
    List<INDArray> values(int examples) {
        List<INDArray> all = ofLayers(network().feedForward(batch(examples)));
        return all.subList(1, all.size());
    }

    private <T> List<T> ofLayers(List<T> all) {
        int parts = (all.size() - 1) / depth;
        return IntStream.rangeClosed(0, depth).mapToObj(i -> all.get(i * parts)).toList();
    }

    @Override
    public String toString() {
        return activation + ", " + initializer;
    }
}
