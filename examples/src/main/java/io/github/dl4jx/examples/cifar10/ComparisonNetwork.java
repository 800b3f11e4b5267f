package io.github.dl4jx.examples.cifar10;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** The network that all activations are compared in. */
final class ComparisonNetwork {
    /** What the study's folder says of it; a change of the network is a change of this line. */
    static final String DESCRIPTION = "conv3x3(16)-pool2-conv3x3(48)-pool2-conv3x3(96)-pool2-dense(96)-softmax(10)";

    private ComparisonNetwork() {}

    static MultiLayerConfiguration configuration(
            ActivationChoice activation, IWeightInit initializer, double learningRate, long seed) {
        ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(learningRate))
                .weightInit(initializer)
                .convolutionMode(ConvolutionMode.Same)
                .list();
        for (int channels : new int[] {16, 48, 96}) {
            activation.add(layers, new ConvolutionLayer.Builder(3, 3), channels);
            layers.layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                    .kernelSize(2, 2)
                    .stride(2, 2)
                    .build());
        }
        activation.add(layers, new DenseLayer.Builder(), 96);
        return layers.layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(10)
                        .build())
                .setInputType(InputType.convolutional(32, 32, 3))
                .build();
    }
}
