package io.github.dl4jx.init.health;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.variational.BernoulliReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.GaussianReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Networks of the shapes and settings that DL4J's examples and their papers made common, written down anew: DL4J's own
 * activations, and Xavier weights throughout, whatever the activation, which in so few layers does no harm.
 */
final class ExampleNetworks {
    static final List<Case> ALL = all();

    private ExampleNetworks() {}

    private static NeuralNetConfiguration.Builder settings(Activation activation) {
        return new NeuralNetConfiguration.Builder()
                .activation(activation)
                .weightInit(WeightInit.XAVIER)
                .updater(new Sgd(0.1));
    }

    private static MultiLayerConfiguration network(Activation activation, InputType input, Layer... layers) {
        return settings(activation).list(layers).setInputType(input).build();
    }

    private static DenseLayer dense(int units) {
        return new DenseLayer.Builder().nOut(units).build();
    }

    private static OutputLayer output(LossFunction loss, Activation activation, int units) {
        return new OutputLayer.Builder(loss).nOut(units).activation(activation).build();
    }

    private static OutputLayer number() {
        return output(LossFunction.MSE, Activation.IDENTITY, 1);
    }

    private static OutputLayer softmax(int classes) {
        return output(LossFunction.NEGATIVELOGLIKELIHOOD, Activation.SOFTMAX, classes);
    }

    private static Case flat(String name, Activation activation, int inputs, OutputLayer output, int... hidden) {
        List<Layer> layers = new ArrayList<>();
        for (int units : hidden) {
            layers.add(dense(units));
        }
        layers.add(output);
        return Case.of(
                "example: " + name,
                network(activation, InputType.feedForward(inputs), layers.toArray(Layer[]::new)),
                inputs);
    }

    private static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        cases.add(flat("XOR", Activation.SIGMOID, 2, softmax(2), 4));
        cases.add(flat("XOR, tanh", Activation.TANH, 2, output(LossFunction.XENT, Activation.SIGMOID, 1), 4));
        cases.add(flat("iris", Activation.TANH, 4, softmax(3), 3, 3));
        cases.add(flat("linear classifier", Activation.RELU, 2, softmax(2), 20));
        cases.add(flat("moons", Activation.RELU, 2, softmax(2), 50));
        cases.add(flat("saturn", Activation.RELU, 2, softmax(2), 20));
        cases.add(flat("sum of two numbers", Activation.TANH, 2, number(), 10));
        cases.add(flat("functions of one variable", Activation.TANH, 1, number(), 50, 50));
        cases.add(flat(
                "image drawer", Activation.LEAKYRELU, 2, output(LossFunction.L2, Activation.IDENTITY, 3), 25, 25, 25));
        cases.add(flat("MNIST, one hidden layer", Activation.RELU, 784, softmax(10), 1000));
        cases.add(flat("MNIST, two hidden layers", Activation.RELU, 784, softmax(10), 500, 100));
        cases.add(flat(
                "autoencoder for anomalies",
                Activation.RELU,
                784,
                output(LossFunction.MSE, Activation.IDENTITY, 784),
                250,
                32,
                250));
        cases.add(flat(
                "deep autoencoder",
                Activation.LEAKYRELU,
                784,
                output(LossFunction.MSE, Activation.IDENTITY, 784),
                512,
                250,
                100,
                30,
                100,
                250,
                512));
        cases.add(flat("cart pole", Activation.RELU, 4, output(LossFunction.MSE, Activation.IDENTITY, 2), 16, 16));
        cases.add(flat(
                "discriminator", Activation.LEAKYRELU, 100, output(LossFunction.XENT, Activation.SIGMOID, 1), 128, 64));
        cases.add(flat("SELU on tables", Activation.ELU, 30, softmax(2), 64, 64, 64));
        cases.add(lenet());
        cases.add(smallConvolutional());
        cases.add(centreLoss());
        cases.add(convolutionsForSentences());
        cases.add(residual());
        cases.add(characters());
        cases.add(sequences("sensor sequences", 1, 10, 6));
        cases.add(sequences("sentiment of reviews", 50, 64, 2));
        cases.add(variational(new GaussianReconstructionDistribution(Activation.IDENTITY)));
        cases.add(variational(new BernoulliReconstructionDistribution(Activation.SIGMOID)));
        return List.copyOf(cases);
    }

    private static ConvolutionLayer convolution(int kernel, int channels) {
        return new ConvolutionLayer.Builder(kernel, kernel).nOut(channels).build();
    }

    private static SubsamplingLayer pooling() {
        return new SubsamplingLayer.Builder(PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }

    private static Case lenet() {
        ConvolutionLayer first = convolution(5, 20);
        first.setActivationFn(Activation.IDENTITY.getActivationFunction());
        ConvolutionLayer second = convolution(5, 50);
        second.setActivationFn(Activation.IDENTITY.getActivationFunction());
        return Case.of(
                "example: LeNet, linear convolutions",
                network(
                        Activation.RELU,
                        InputType.convolutionalFlat(28, 28, 1),
                        first,
                        pooling(),
                        second,
                        pooling(),
                        dense(100),
                        softmax(10)),
                784);
    }

    private static Case smallConvolutional() {
        return Case.of(
                "example: convolutions and normalisation",
                network(
                        Activation.LEAKYRELU,
                        InputType.convolutional(16, 16, 3),
                        convolution(3, 32),
                        new BatchNormalization(),
                        pooling(),
                        convolution(1, 16),
                        new BatchNormalization(),
                        convolution(3, 32),
                        new DropoutLayer.Builder(0.8).build(),
                        softmax(10)),
                3,
                16,
                16);
    }

    private static Case centreLoss() {
        DenseLayer embedding = dense(2);
        embedding.setActivationFn(Activation.IDENTITY.getActivationFunction());
        return Case.of(
                "example: centre loss",
                network(
                        Activation.LEAKYRELU,
                        InputType.convolutional(16, 16, 1),
                        convolution(5, 16),
                        pooling(),
                        convolution(5, 32),
                        embedding,
                        new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(10)
                                .activation(Activation.SOFTMAX)
                                .alpha(0.1)
                                .lambda(1e-4)
                                .build()),
                1,
                16,
                16);
    }

    /** Three widths of windows over a sentence of word vectors, side by side (Kim 2014, arXiv:1408.5882). */
    private static Case convolutionsForSentences() {
        GraphBuilder graph = settings(Activation.LEAKYRELU).graphBuilder().addInputs("in");
        String[] windows = {"3", "4", "5"};
        for (String window : windows) {
            graph.addLayer(
                    window,
                    new ConvolutionLayer.Builder(Integer.parseInt(window), 32)
                            .stride(1, 32)
                            .nOut(32)
                            .build(),
                    "in");
        }
        graph.addVertex("merged", new MergeVertex(), pooled(graph, windows))
                .addLayer("out", softmax(2), "merged")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(12, 32, 1));
        return Case.of("example: sentences", graph.build(), 1, 12, 32);
    }

    private static String[] pooled(GraphBuilder graph, String[] windows) {
        String[] names = new String[windows.length];
        for (int i = 0; i < windows.length; i++) {
            names[i] = "pool" + windows[i];
            graph.addLayer(names[i], new GlobalPoolingLayer(PoolingType.MAX), windows[i]);
        }
        return names;
    }

    private static Case residual() {
        GraphBuilder graph = settings(Activation.RELU).graphBuilder().addInputs("in");
        graph.addLayer("first", dense(64), "in");
        String last = "first";
        for (int i = 0; i < 3; i++) {
            graph.addLayer("inner" + i, dense(64), last)
                    .addLayer("outer" + i, dense(64), "inner" + i)
                    .addVertex("sum" + i, new ElementWiseVertex(ElementWiseVertex.Op.Add), last, "outer" + i);
            last = "sum" + i;
        }
        graph.addLayer("out", softmax(10), last).setOutputs("out").setInputTypes(InputType.feedForward(40));
        return Case.of("example: shortcuts", graph.build(), 40);
    }

    private static Case characters() {
        return Case.of(
                "example: characters",
                network(
                        Activation.TANH,
                        InputType.recurrent(40, 10),
                        new LSTM.Builder().nOut(100).build(),
                        new LSTM.Builder().nOut(100).build(),
                        new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(40)
                                .activation(Activation.SOFTMAX)
                                .build()),
                40,
                10);
    }

    private static Case sequences(String name, int inputs, int units, int classes) {
        return Case.of(
                "example: " + name,
                network(
                        Activation.TANH,
                        InputType.recurrent(inputs, 12),
                        new LSTM.Builder().nOut(units).build(),
                        new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(classes)
                                .activation(Activation.SOFTMAX)
                                .build()),
                inputs,
                12);
    }

    private static Case variational(
            org.deeplearning4j.nn.conf.layers.variational.ReconstructionDistribution distribution) {
        return Case.of(
                "example: variational autoencoder",
                network(
                        Activation.LEAKYRELU,
                        InputType.feedForward(100),
                        new VariationalAutoencoder.Builder()
                                .nOut(8)
                                .encoderLayerSizes(64, 64)
                                .decoderLayerSizes(64, 64)
                                .pzxActivationFunction(Activation.IDENTITY)
                                .reconstructionDistribution(distribution)
                                .build()),
                100);
    }
}
