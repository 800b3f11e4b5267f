package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.cifar10.data.Images;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * No normalisation, no dropout, no residual paths.
 *
 * @param name on the command line
 * @param convolutions channels of the 3×3 convolutions; a pooling by 2 stands behind each group
 * @param dense units of the dense layers behind them
 */
record PlainNetwork(String name, List<List<Integer>> convolutions, List<Integer> dense) implements ComparisonNetwork {
    /** Shallow and fast. */
    static final PlainNetwork STANDARD =
            new PlainNetwork("standard", List.of(List.of(16), List.of(48), List.of(96)), List.of(96));

    /** Twenty convolutions one behind the other, where a poor start is hard to mend by training. */
    static final PlainNetwork DEEP = new PlainNetwork(
            "deep", List.of(List.of(16), Collections.nCopies(6, 16), Collections.nCopies(13, 32)), List.of());

    @Override
    public Classifier build(ActivationChoice activation, IWeightInit initializer, IUpdater updater, long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(activation, initializer, updater, seed));
        network.init();
        return new Classifier.Layers(network);
    }

    MultiLayerConfiguration configuration(
            ActivationChoice activation, IWeightInit initializer, IUpdater updater, long seed) {
        ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(updater)
                .weightInit(initializer)
                .convolutionMode(ConvolutionMode.Same)
                .list();
        for (List<Integer> group : convolutions) {
            for (int channels : group) {
                activation.add(layers, new ConvolutionLayer.Builder(3, 3), channels);
            }
            layers.layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                    .kernelSize(2, 2)
                    .stride(2, 2)
                    .build());
        }
        for (int units : dense) {
            activation.add(layers, new DenseLayer.Builder(), units);
        }
        return layers.layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(Images.CLASSES)
                        .build())
                .setInputType(InputType.convolutional(Images.SIDE, Images.SIDE, Images.CHANNELS))
                .build();
    }

    @Override
    public String description() {
        StringBuilder text = new StringBuilder();
        for (List<Integer> group : convolutions) {
            String kind = group.size() == 1 ? "conv3x3(" : group.size() + " conv3x3(";
            text.append(kind).append(group.get(0)).append(")-pool2-");
        }
        dense.forEach(units -> text.append("dense(").append(units).append(")-"));
        return text.append("softmax(").append(Images.CLASSES).append(')').toString();
    }

    @Override
    public String toString() {
        return name;
    }
}
