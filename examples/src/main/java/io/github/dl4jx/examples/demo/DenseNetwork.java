package io.github.dl4jx.examples.demo;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.examples.cifar10.ActivationChoice;
import io.github.dl4jx.init.Initializers;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Dense layers below one sigmoid unit, trained by the cross-entropy of two classes. */
final class DenseNetwork {
    private DenseNetwork() {}

    /**
     * An initialised network.
     *
     * @param activation of the hidden layers
     * @param initializer of all layers, or {@link ActivationChoice#RECOMMENDED}
     * @param inputs of an example
     * @param units of the hidden layers
     */
    static MultiLayerNetwork of(
            long seed, IUpdater updater, String activation, String initializer, int inputs, int... units) {
        ActivationChoice choice = new ActivationChoice(activation);
        ListBuilder layers = builder(seed, updater, choice.initializer(initializer));
        for (int width : units) {
            choice.add(layers, new DenseLayer.Builder(), width);
        }
        return withOutput(layers, inputs, true);
    }

    static ListBuilder builder(long seed, IUpdater updater, String initializer) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(updater)
                .weightInit(Initializers.get(initializer))
                .list();
    }

    static MultiLayerNetwork withOutput(ListBuilder layers, int inputs, boolean bias) {
        MultiLayerNetwork network = new MultiLayerNetwork(layers.layer(new OutputLayer.Builder(LossFunction.XENT)
                        .activation(Activations.get("sigmoid"))
                        .nOut(1)
                        .hasBias(bias)
                        .build())
                .setInputType(InputType.feedForward(inputs))
                .build());
        network.init();
        return network;
    }
}
