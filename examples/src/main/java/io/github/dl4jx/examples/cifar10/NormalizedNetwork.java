package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.cifar10.data.Images;
import java.util.Locale;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Networks of the literature, with batch normalisation between each convolution and its activation. */
@SuppressWarnings("ImmutableEnumChecker") // the bodies are functions without state
public enum NormalizedNetwork implements ComparisonNetwork {
    /** For CIFAR-10, with projections where the shape changes (option B). He et al. 2016, arXiv:1512.03385. */
    RESNET_20("conv3x3(16)-3 blocks(16)-3 blocks(32)-3 blocks(64)-average-softmax(10)", chain -> {
        chain.convolution(3, 1, 1, 16).norm().activation();
        for (int channels = 16; channels <= 64; channels *= 2) {
            for (int block = 0; block < 3; block++) {
                int stride = channels > 16 && block == 0 ? 2 : 1;
                String input = chain.last;
                String shortcut = stride == 1
                        ? input
                        : chain.convolution(1, 0, stride, channels).norm().last;
                chain.from(input)
                        .convolution(3, 1, stride, channels)
                        .norm()
                        .activation()
                        .convolution(3, 1, 1, channels)
                        .norm()
                        .plus(shortcut)
                        .activation();
            }
        }
        chain.average();
    }),

    /** In the style of Simonyan and Zisserman 2015, arXiv:1409.1556, small. */
    VGG("2 conv3x3(64)-pool2-2 conv3x3(128)-pool2-2 conv3x3(256)-pool2-softmax(10)", chain -> {
        for (int channels = 64; channels <= 256; channels *= 2) {
            chain.convolution(3, 1, 1, channels).norm().activation();
            chain.convolution(3, 1, 1, channels).norm().activation();
            chain.pooling(2);
        }
    }),

    /** A wide residual network, activations before convolutions. Zagoruyko and Komodakis 2016, arXiv:1605.07146. */
    WRN_16_2("conv3x3(16)-2 wide blocks(32)-2 wide blocks(64)-2 wide blocks(128)-average-softmax(10)", chain -> {
        chain.convolution(3, 1, 1, 16);
        for (int channels = 32; channels <= 128; channels *= 2) {
            for (int block = 0; block < 2; block++) {
                int stride = channels > 32 && block == 0 ? 2 : 1;
                String input = chain.last;
                String active = chain.norm().activation().last;
                String shortcut = block == 0 ? chain.convolution(1, 0, stride, channels).last : input;
                chain.from(active)
                        .convolution(3, 1, stride, channels)
                        .norm()
                        .activation()
                        .convolution(3, 1, 1, channels)
                        .plus(shortcut);
            }
        }
        chain.norm().activation().average();
    }),

    /** The layers of Jordan 2024, arXiv:2404.00498, the first without its bias, and nothing else of its recipe. */
    FAST(
            "conv2x2(24)-2 conv3x3(64)-2 conv3x3(256)-2 conv3x3(256)-pool3-softmax(10), pool2 behind every other",
            chain -> {
                chain.convolution(2, 0, 1, 24).activation();
                for (int channels : new int[] {64, 256, 256}) {
                    chain.convolution(3, 1, 1, channels).pooling(2).norm().activation();
                    chain.convolution(3, 1, 1, channels).norm().activation();
                }
                chain.pooling(3);
            });

    private final String description;
    private final Consumer<Chain> body;

    NormalizedNetwork(String description, Consumer<Chain> body) {
        this.description = description;
        this.body = body;
    }

    @Override
    public String description() {
        return description;
    }

    /** A sum of two paths wants as many channels in both. */
    @Override
    public boolean takes(ActivationChoice activation) {
        return activation.keepsChannels();
    }

    @Override
    public Classifier build(ActivationChoice activation, IWeightInit initializer, IUpdater updater, long seed) {
        ComputationGraph graph = new ComputationGraph(configuration(activation, initializer, updater, seed));
        graph.init();
        return new Classifier.Graph(graph);
    }

    private ComputationGraphConfiguration configuration(
            ActivationChoice activation, IWeightInit initializer, IUpdater updater, long seed) {
        Chain chain = new Chain(
                new NeuralNetConfiguration.Builder()
                        .seed(seed)
                        .updater(updater)
                        .weightInit(initializer)
                        .activation(Activation.IDENTITY)
                        .convolutionMode(
                                ConvolutionMode.Truncate) // pads alike on all sides, also where the stride is 2
                        .graphBuilder()
                        .addInputs("images")
                        .setInputTypes(InputType.convolutional(Images.SIDE, Images.SIDE, Images.CHANNELS)),
                activation);
        body.accept(chain);
        chain.layer(
                "softmax",
                new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(Images.CLASSES)
                        .build());
        return chain.graph.setOutputs(chain.last).build();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Adds each layer behind the one before. */
    private static final class Chain {
        private final GraphBuilder graph;
        private final ActivationChoice activation;
        private String last = "images";
        private int layers;

        Chain(GraphBuilder graph, ActivationChoice activation) {
            this.graph = graph;
            this.activation = activation;
        }

        Chain from(String vertex) {
            last = vertex;
            return this;
        }

        /** Without bias, which the normalisation behind it would take away. */
        Chain convolution(int kernel, int padding, int stride, int channels) {
            return layer(
                    "conv",
                    new ConvolutionLayer.Builder(kernel, kernel)
                            .padding(padding, padding)
                            .stride(stride, stride)
                            .nOut(channels)
                            .hasBias(false)
                            .build());
        }

        Chain norm() {
            return layer("norm", new BatchNormalization());
        }

        Chain activation() {
            return layer("activation", activation.layer());
        }

        Chain pooling(int size) {
            return layer(
                    "pool",
                    new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                            .kernelSize(size, size)
                            .stride(size, size)
                            .build());
        }

        Chain average() {
            return layer("average", new GlobalPoolingLayer(PoolingType.AVG));
        }

        Chain plus(String vertex) {
            String name = "sum-" + ++layers;
            graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), last, vertex);
            return from(name);
        }

        Chain layer(String kind, Layer layer) {
            String name = kind + "-" + ++layers;
            graph.addLayer(name, layer, last);
            return from(name);
        }
    }
}
