package io.github.dl4jx.init.health;

import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.Sigmoid;
import io.github.dl4jx.activations.Softmax;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.Xavier;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers and networks as a user builds them, each activation with its recommended initialiser. */
final class Build {
    private Build() {}

    static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder().weightInit(Xavier.uniform()).updater(new Sgd(0.1));
    }

    static GraphBuilder graph() {
        return settings().graphBuilder().addInputs("in").validateOutputLayerConfig(false);
    }

    static MultiLayerConfiguration network(InputType input, List<Layer> layers) {
        return settings()
                .list(layers.toArray(Layer[]::new))
                .setInputType(input)
                .validateOutputLayerConfig(false)
                .build();
    }

    static IWeightInit suited(IActivation activation) {
        return Initializers.recommendedFor(activation).initializer();
    }

    static DenseLayer dense(int units, IActivation activation) {
        return dense(units, activation, suited(activation));
    }

    static DenseLayer dense(int units, IActivation activation, IWeightInit initializer) {
        return new DenseLayer.Builder()
                .nOut(units)
                .activation(activation)
                .weightInit(initializer)
                .build();
    }

    static ConvolutionLayer convolution(int kernel, int channels, IActivation activation, IWeightInit initializer) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .nOut(channels)
                .convolutionMode(org.deeplearning4j.nn.conf.ConvolutionMode.Same)
                .activation(activation)
                .weightInit(initializer)
                .build();
    }

    static OutputLayer output(LossFunction loss, IActivation activation, int units) {
        return new OutputLayer.Builder(loss).nOut(units).activation(activation).build();
    }

    static OutputLayer classifier() {
        return output(LossFunction.MCXENT, new Softmax(), 5);
    }

    /** One of the pairs of loss and activation that fit. */
    static OutputLayer anyOutput(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> output(LossFunction.XENT, new Sigmoid(), 1 + random.nextInt(5));
            case 1 -> output(LossFunction.MSE, new Identity(), 1 + random.nextInt(5));
            default -> output(LossFunction.MCXENT, new Softmax(), 2 + random.nextInt(9));
        };
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    static <T> T pick(Random random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
