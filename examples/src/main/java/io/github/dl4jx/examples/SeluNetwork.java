package io.github.dl4jx.examples;

import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Cifar10Iterator;
import io.github.dl4jx.examples.cifar10.data.FittedPreprocessing;
import io.github.dl4jx.examples.cifar10.data.Preprocessing;
import io.github.dl4jx.init.SelfNormalizing;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * A self-normalising network: written down as an ordinary one, then given SELU, LeCun normal weights and AlphaDropout
 * where they belong. Its inputs need mean 0 and variance 1, which is the preprocessing's part.
 */
public final class SeluNetwork {
    private SeluNetwork() {}

    /** The network, not yet trained. */
    static MultiLayerNetwork network() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(3e-4))
                .list()
                .layer(new DenseLayer.Builder().nOut(256).build())
                .layer(new DenseLayer.Builder().nOut(256).build())
                .layer(new DenseLayer.Builder().nOut(256).build())
                .layer(new DenseLayer.Builder().nOut(256).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(10)
                        .build())
                .setInputType(InputType.convolutional(32, 32, 3))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(
                SelfNormalizing.dropping(0.05).apply(configuration).configuration());
        network.init();
        return network;
    }

    /** Trains for an epoch and prints the test accuracy. */
    public static void main(String[] args) {
        MultiLayerNetwork network = network();
        Cifar10 data = Cifar10.load(null, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        Cifar10.Split split = data.split(1);
        FittedPreprocessing standardised = Preprocessing.STANDARDISE.fit(split.train());
        network.fit(new Cifar10Iterator(split.train(), standardised, 64, 1));
        System.out.println("test accuracy "
                + network.evaluate(new Cifar10Iterator(data.test(), standardised, 250, 1))
                        .accuracy());
    }
}
