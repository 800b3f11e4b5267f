package io.github.dl4jx.examples;

import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Cifar10Iterator;
import io.github.dl4jx.examples.cifar10.data.FittedPreprocessing;
import io.github.dl4jx.examples.cifar10.data.Preprocessing;
import io.github.dl4jx.init.NguyenWidrow;
import io.github.dl4jx.init.Xavier;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * A layer of tanh units by Nguyen and Widrow. The weights come through DL4J's {@code weightInit}; the biases, which DL4J
 * shows to no initialiser, through one call on the initialised network. Centred pixels lie in [−1, 1], as the method
 * assumes of its inputs.
 */
public final class NguyenWidrowNetwork {
    private NguyenWidrowNetwork() {}

    /** The network, not yet trained. */
    static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-3))
                .list()
                .layer(new DenseLayer.Builder()
                        .nOut(200)
                        .activation(Activation.TANH)
                        .weightInit(new NguyenWidrow())
                        .build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .weightInit(Xavier.uniform())
                        .nOut(10)
                        .build())
                .setInputType(InputType.convolutional(32, 32, 3))
                .build());
        network.init();
        NguyenWidrow.initializeBiases(network);
        return network;
    }

    /** Trains for an epoch and prints the test accuracy. */
    public static void main(String[] args) {
        MultiLayerNetwork network = network();
        Cifar10 data = Cifar10.load(null, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        Cifar10.Split split = data.split(1);
        FittedPreprocessing centred = Preprocessing.CHANNEL_MEAN.fit(split.train());
        network.fit(new Cifar10Iterator(split.train(), centred, 64, 1));
        System.out.println("test accuracy "
                + network.evaluate(new Cifar10Iterator(data.test(), centred, 250, 1))
                        .accuracy());
    }
}
