package io.github.dl4jx.examples.cifar10;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** The network that all activations are compared in. */
final class ComparisonNetwork {
    /** What the study's folder says of it; a change of the network is a change of this line. */
    static final String DESCRIPTION = "conv3x3(16)-pool2-conv3x3(48)-pool2-conv3x3(96)-pool2-dense(96)-softmax(10)";

    private ComparisonNetwork() {}

    static MultiLayerConfiguration configuration(
            IActivation activation, IWeightInit initializer, double learningRate, long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(learningRate))
                .activation(activation)
                .weightInit(initializer)
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(convolution(16))
                .layer(pooling())
                .layer(convolution(48))
                .layer(pooling())
                .layer(convolution(96))
                .layer(pooling())
                .layer(new DenseLayer.Builder().nOut(96).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(10)
                        .build())
                .setInputType(InputType.convolutional(32, 32, 3))
                .build();
    }

    private static ConvolutionLayer convolution(int channels) {
        return new ConvolutionLayer.Builder(3, 3).nOut(channels).build();
    }

    private static SubsamplingLayer pooling() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }
}
