package io.github.dl4jx.examples;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Cifar10Iterator;
import io.github.dl4jx.examples.cifar10.data.FittedPreprocessing;
import io.github.dl4jx.examples.cifar10.data.Preprocessing;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.onednn.OneDnn;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** A standard CIFAR-10 CNN with an activation by name, and the initialiser that suits it: two lines of it are new. */
public final class SwapActivation {
    private SwapActivation() {}

    /** The network, not yet trained. */
    static MultiLayerNetwork network(String name) {
        IActivation activation = Activations.get(name);
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-3))
                .activation(activation)
                .weightInit(Initializers.recommendedFor(activation).initializer())
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(24).build())
                .layer(new SubsamplingLayer.Builder()
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(48).build())
                .layer(new SubsamplingLayer.Builder()
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new DenseLayer.Builder().nOut(96).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(10)
                        .build())
                .setInputType(InputType.convolutional(32, 32, 3))
                .build());
        network.init();
        OneDnn.enable(network);
        return network;
    }

    /**
     * Trains for an epoch and prints the test accuracy.
     *
     * @param args the activation; mish if there is none
     */
    public static void main(String[] args) {
        MultiLayerNetwork network = network(args.length > 0 ? args[0] : "mish");
        Cifar10 data = Cifar10.load(null, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        Cifar10.Split split = data.split(1);
        FittedPreprocessing centred = Preprocessing.CHANNEL_MEAN.fit(split.train());
        network.fit(new Cifar10Iterator(split.train(), centred, 64, 1));
        System.out.println("test accuracy "
                + network.evaluate(new Cifar10Iterator(data.test(), centred, 250, 1))
                        .accuracy());
    }
}
