package io.github.dl4jx.examples;

import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.dropout.AlphaDropout;
import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Cifar10Iterator;
import io.github.dl4jx.examples.cifar10.data.FittedPreprocessing;
import io.github.dl4jx.examples.cifar10.data.Preprocessing;
import io.github.dl4jx.init.LeCun;
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
 * A self-normalising network: SELU, LeCun normal weights, AlphaDropout, and inputs of mean 0 and variance 1. DL4J drops a
 * layer's <i>input</i>, so the dropout stands on the layers that follow a SELU, never on the first.
 */
public final class SeluNetwork {
    private SeluNetwork() {}

    /** The network, not yet trained. */
    static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(3e-4))
                .activation(new SELU())
                .weightInit(LeCun.normal())
                .list()
                .layer(new DenseLayer.Builder().nOut(256).build())
                .layer(hidden())
                .layer(hidden())
                .layer(hidden())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(10)
                        .build())
                .setInputType(InputType.convolutional(32, 32, 3))
                .build());
        network.init();
        return network;
    }

    private static DenseLayer hidden() {
        return new DenseLayer.Builder()
                .nOut(256)
                .dropOut(AlphaDropout.dropping(0.05))
                .build();
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
