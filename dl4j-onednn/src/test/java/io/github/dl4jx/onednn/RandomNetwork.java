package io.github.dl4jx.onednn;

import io.github.dl4jx.activations.GELU;
import io.github.dl4jx.activations.Mish;
import io.github.dl4jx.activations.Swish;
import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.activations.layer.PReLU;
import io.github.dl4jx.activations.layer.ParametricSwish;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A small network, drawn; the same for the same seed. */
final class RandomNetwork {
    private static final int CLASSES = 3;

    private final Random random;
    private final boolean smooth;
    private final CNN2DFormat format;
    private final int height;
    private final int width;
    private final int depth;
    private final Set<String> read = new HashSet<>();
    private int leastBatch = 1;
    private final StringJoiner description = new StringJoiner(", ");

    /** A place in the network: images of this size come from there. */
    private record Place(String name, int channels, int height, int width) {}

    /** @param smooth without kinks and maxima, where rounding alone may turn a gradient elsewhere */
    RandomNetwork(int seed, boolean smooth) {
        random = new Random(seed);
        this.smooth = smooth;
        format = random.nextInt(4) == 0 ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
        height = 5 + random.nextInt(8);
        width = 5 + random.nextInt(8);
        depth = 1 + random.nextInt(5);
        description.add("seed " + seed + (smooth ? ", smooth" : "") + ", " + format + " " + depth + " x " + height
                + " x " + width);
    }

    @Override
    public String toString() {
        return description.toString();
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    @SafeVarargs
    private <T> T one(T... of) {
        return of[random.nextInt(of.length)];
    }

    private NeuralNetConfiguration.Builder builder() {
        IUpdater updater = one(
                new Sgd(0.05), new Nesterovs(0.02, 0.9), new Adam(1e-3, 0.9, 0.99, 1e-3), new RmsProp(1e-3, 0.9, 1e-2));
        WorkspaceMode mode = one(WorkspaceMode.ENABLED, WorkspaceMode.NONE);
        GradientNormalization normalization = chance(0.2)
                ? one(GradientNormalization.ClipL2PerLayer, GradientNormalization.ClipElementWiseAbsoluteValue)
                : GradientNormalization.None;
        description.add(updater.getClass().getSimpleName()).add(mode.toString()).add(normalization.toString());
        return new NeuralNetConfiguration.Builder()
                .seed(random.nextInt())
                .optimizationAlgo(OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT)
                .dataType(DataType.FLOAT)
                .updater(updater)
                .l2(one(0.0, 1e-3))
                .gradientNormalization(normalization)
                .trainingWorkspaceMode(mode)
                .inferenceWorkspaceMode(mode);
    }

    private InputType inputType() {
        return InputType.convolutional(height, width, depth, format);
    }

    MultiLayerNetwork sequence() {
        NeuralNetConfiguration.ListBuilder list = builder().list();
        Place at = new Place("in", depth, height, width);
        int layers = 1 + random.nextInt(6);
        for (int i = 0; i < layers; i++) {
            List<Layer> drawn = new ArrayList<>();
            at = layer(at, drawn);
            drawn.forEach(list::layer);
        }
        tail(true).forEach(list::layer);
        MultiLayerNetwork network =
                new MultiLayerNetwork(list.setInputType(inputType()).build());
        network.init();
        return network;
    }

    private List<Layer> tail(boolean ofImages) {
        List<Layer> tail = new ArrayList<>();
        if (ofImages && chance(0.5)) {
            PoolingType type = smooth ? PoolingType.AVG : one(PoolingType.AVG, PoolingType.MAX);
            description.add("global " + type);
            tail.add(new GlobalPoolingLayer(type));
        }
        while (chance(0.6)) {
            IActivation activation = activation();
            int units = 1 + random.nextInt(9);
            description.add("dense " + units + " " + activation);
            tail.add(new DenseLayer.Builder()
                    .nOut(units)
                    .hasBias(chance(0.7))
                    .activation(activation)
                    .build());
            if (chance(0.2)) {
                description.add("bn");
                leastBatch = 8; // DL4J's throws for one row, and few are next to a division by zero
                tail.add(normalization(CNN2DFormat.NCHW));
            }
        }
        tail.add(new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build());
        return tail;
    }

    private IActivation activation() {
        return smooth
                ? one(
                        Activation.TANH.getActivationFunction(),
                        Activation.SIGMOID.getActivationFunction(),
                        Activation.SWISH.getActivationFunction(),
                        Activation.SOFTPLUS.getActivationFunction(),
                        Activation.IDENTITY.getActivationFunction(),
                        new Swish(),
                        new Mish(),
                        new GELU(),
                        new Tanh())
                : one(
                        Activation.RELU.getActivationFunction(),
                        Activation.LEAKYRELU.getActivationFunction(),
                        Activation.HARDTANH.getActivationFunction(),
                        Activation.ELU.getActivationFunction(),
                        Activation.IDENTITY.getActivationFunction(),
                        new io.github.dl4jx.activations.ReLU(),
                        new io.github.dl4jx.activations.ELU(),
                        new Swish());
    }

    private BatchNormalization normalization(CNN2DFormat of) {
        return new BatchNormalization.Builder()
                .eps(1e-2)
                .useLogStd(chance(0.5))
                .lockGammaBeta(chance(0.2))
                .dataFormat(of)
                .build();
    }

    private ConvolutionLayer convolution(int channels, int kernel, int stride, IActivation activation) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .convolutionMode(ConvolutionMode.Same)
                .nOut(channels)
                .hasBias(chance(0.7))
                .dataFormat(format)
                .activation(activation)
                .build();
    }

    /** Adds one layer. */
    private Place layer(Place at, List<Layer> to) {
        int kind = random.nextInt(format == CNN2DFormat.NCHW ? 13 : 6);
        if (at.name.equals("in") && (kind == 3 || kind == 10)) {
            kind = 0; // where it is the first layer, DL4J's hands the features on, and with workspaces throws
        }
        int kernel = 1 + random.nextInt(3);
        int stride = 1 + random.nextInt(2);
        int out = 1 + random.nextInt(9);
        int halfHeight = (at.height + stride - 1) / stride;
        int halfWidth = (at.width + stride - 1) / stride;
        IActivation activation = activation();
        switch (kind) {
            case 0, 1 -> {
                stride = Math.min(stride, kernel);
                description.add("conv " + out + " k" + kernel + " s" + stride + " " + activation);
                ConvolutionLayer conf = convolution(out, kernel, stride, activation);
                if (format == CNN2DFormat.NCHW && chance(0.1)) {
                    description.add("with dropout");
                    conf.setIDropout(new org.deeplearning4j.nn.conf.dropout.Dropout(0.8));
                }
                if (chance(0.1)) {
                    description.add("frozen");
                    to.add(new FrozenLayerWithBackprop(conf));
                } else {
                    to.add(conf);
                }
                return new Place("", out, (at.height + stride - 1) / stride, (at.width + stride - 1) / stride);
            }
            case 2 -> {
                description.add("bn");
                to.add(normalization(format));
                return at;
            }
            case 3 -> {
                description.add(activation.toString());
                to.add(new ActivationLayer.Builder().activation(activation).build());
                return at;
            }
            case 4 -> {
                int window = Math.max(kernel, stride);
                PoolingType type = smooth ? PoolingType.AVG : one(PoolingType.AVG, PoolingType.MAX);
                description.add(type + " k" + window + " s" + stride);
                to.add(new SubsamplingLayer.Builder(type)
                        .kernelSize(window, window)
                        .stride(stride, stride)
                        .convolutionMode(ConvolutionMode.Same)
                        .dataFormat(format)
                        .avgPoolIncludePadInDivisor(chance(0.5))
                        .build());
                return new Place("", at.channels, halfHeight, halfWidth);
            }
            case 5 -> {
                int padding = random.nextInt(2);
                if (at.height + 2 * padding < kernel || at.width + 2 * padding < kernel) {
                    return at;
                }
                description.add("conv " + out + " k" + kernel + " p" + padding + " " + activation);
                to.add(new ConvolutionLayer.Builder(kernel, kernel)
                        .padding(padding, padding)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .nOut(out)
                        .dataFormat(format)
                        .activation(activation)
                        .build());
                return new Place("", out, at.height + 2 * padding - kernel + 1, at.width + 2 * padding - kernel + 1);
            }
            case 6 -> {
                if (at.channels < 5) { // DL4J's throws
                    return at;
                }
                description.add("lrn");
                to.add(new LocalResponseNormalization());
                return at;
            }
            case 7 -> {
                if (at.height * at.width > 60) {
                    return at;
                }
                description.add("upsampling");
                to.add(new Upsampling2D.Builder(2).build());
                return new Place("", at.channels, 2 * at.height, 2 * at.width);
            }
            case 8 -> {
                description.add("zeros");
                to.add(new ZeroPaddingLayer.Builder(1, 0, 0, 2).build());
                return new Place("", at.channels, at.height + 1, at.width + 2);
            }
            case 9 -> {
                description.add(smooth ? "pswish" : "prelu");
                to.add(smooth ? new ParametricSwish.Builder().build() : new PReLU.Builder().build());
                return at;
            }
            case 10 -> {
                description.add("dropout");
                to.add(new DropoutLayer(0.8));
                return at;
            }
            case 11 -> {
                description.add("depthwise k" + kernel);
                to.add(new DepthwiseConvolution2D.Builder(kernel, kernel)
                        .depthMultiplier(1)
                        .convolutionMode(ConvolutionMode.Same)
                        .hasBias(chance(0.5))
                        .activation(activation)
                        .build());
                return at;
            }
            default -> {
                if (kernel == 1 || at.channels == 1) { // DL4J's throws
                    return at;
                }
                description.add("separable " + out + " k" + kernel);
                to.add(new SeparableConvolution2D.Builder(kernel, kernel)
                        .nOut(out)
                        .convolutionMode(ConvolutionMode.Same)
                        .hasBias(chance(0.5))
                        .activation(activation)
                        .build());
                return new Place("", out, at.height, at.width);
            }
        }
    }

    ComputationGraph graph() {
        GraphBuilder builder = builder().graphBuilder().addInputs("in");
        List<Place> places = new ArrayList<>();
        places.add(new Place("in", depth, height, width));
        int steps = 1 + random.nextInt(5);
        for (int i = 0; i < steps; i++) {
            Place from = chance(0.75) ? last(places) : places.get(random.nextInt(places.size()));
            switch (random.nextInt(5)) {
                case 0 -> residual(builder, places, from);
                case 1 -> branches(builder, places, from);
                case 2 -> pair(builder, places, from);
                default -> chain(builder, places, from);
            }
        }
        String name = end(builder, places);
        int number = 0;
        for (Layer layer : tail(!name.equals("end"))) {
            String next = layer instanceof OutputLayer ? "out" : "tail" + number++;
            builder.addLayer(next, layer, name);
            name = next;
        }
        ComputationGraph graph = new ComputationGraph(
                builder.setOutputs("out").setInputTypes(inputType()).build());
        graph.init();
        return graph;
    }

    /** One vertex that reads all that nobody has read. */
    private String end(GraphBuilder builder, List<Place> places) {
        List<String> unread = places.stream()
                .map(Place::name)
                .filter(name -> !read.contains(name))
                .toList();
        if (unread.size() == 1) {
            return unread.get(0);
        }
        List<String> pooled = new ArrayList<>();
        for (String name : unread) {
            description.add("global of " + name);
            builder.addLayer(name + "pooled", new GlobalPoolingLayer(PoolingType.AVG), name);
            pooled.add(name + "pooled");
        }
        builder.addVertex("end", new MergeVertex(), pooled.toArray(String[]::new));
        return "end";
    }

    private static Place last(List<Place> places) {
        return places.get(places.size() - 1);
    }

    private Place chain(GraphBuilder builder, List<Place> places, Place from) {
        List<Layer> drawn = new ArrayList<>();
        Place to = layer(from, drawn);
        String name = from.name;
        for (Layer layer : drawn) {
            String next = "v" + places.size();
            builder.addLayer(next, layer, name);
            read.add(name);
            description.add(next + " of " + name);
            name = next;
        }
        if (!drawn.isEmpty()) {
            places.add(new Place(name, to.channels, to.height, to.width));
        }
        return last(places);
    }

    private Place add(GraphBuilder builder, List<Place> places, Layer layer, Place like, int channels) {
        String name = "v" + places.size();
        builder.addLayer(name, layer, like.name);
        read.add(like.name);
        description.add(name + " of " + like.name);
        places.add(new Place(name, channels, like.height, like.width));
        return last(places);
    }

    private Place combine(GraphBuilder builder, List<Place> places, Place... of) {
        String name = "v" + places.size();
        String[] names = Arrays.stream(of).map(Place::name).toArray(String[]::new);
        boolean alike = Arrays.stream(of).allMatch(place -> place.channels == of[0].channels);
        int channels = of[0].channels;
        if (alike && (format == CNN2DFormat.NHWC || chance(0.75))) {
            ElementWiseVertex.Op op = chance(0.85) ? ElementWiseVertex.Op.Add : ElementWiseVertex.Op.Average;
            description.add(name + " " + op + " of " + String.join(" ", names));
            builder.addVertex(name, new ElementWiseVertex(op), names);
        } else {
            description.add(name + " merge of " + String.join(" ", names));
            builder.addVertex(name, new MergeVertex(), names);
            channels = Arrays.stream(of).mapToInt(Place::channels).sum();
        }
        read.addAll(Arrays.asList(names));
        places.add(new Place(name, channels, of[0].height, of[0].width));
        return last(places);
    }

    /** x + f(x), or g(x) + f(x). */
    private void residual(GraphBuilder builder, List<Place> places, Place from) {
        int channels = chance(0.5) ? from.channels : 1 + random.nextInt(8);
        description.add("residual");
        Place inner = from;
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            IActivation activation = activation();
            inner = add(builder, places, convolution(channels, 3, 1, activation), inner, channels);
            if (chance(0.5)) {
                inner = add(builder, places, normalization(format), inner, channels);
            }
        }
        Place shortcut = from;
        if (channels != from.channels || chance(0.3)) {
            IActivation activation = Activation.IDENTITY.getActivationFunction();
            shortcut = add(builder, places, convolution(channels, 1, 1, activation), from, channels);
        }
        Place sum = chance(0.5) ? combine(builder, places, inner, shortcut) : combine(builder, places, shortcut, inner);
        if (chance(0.5)) {
            ActivationLayer layer =
                    new ActivationLayer.Builder().activation(activation()).build();
            add(builder, places, layer, sum, sum.channels);
        }
    }

    /** Two or three readers of one place, put together. */
    private void branches(GraphBuilder builder, List<Place> places, Place from) {
        int number = 2 + random.nextInt(2);
        int channels = 1 + random.nextInt(6);
        description.add(number + " branches");
        Place[] ends = new Place[number];
        for (int i = 0; i < number; i++) {
            ends[i] = chance(0.15) && channels == from.channels
                    ? from
                    : add(
                            builder,
                            places,
                            convolution(channels, 1 + 2 * random.nextInt(2), 1, activation()),
                            from,
                            channels);
        }
        combine(builder, places, ends);
    }

    /** Any two places with images of the same size. */
    private void pair(GraphBuilder builder, List<Place> places, Place from) {
        List<Place> alike = places.stream()
                .filter(place -> place.height == from.height && place.width == from.width)
                .toList();
        Place other = alike.get(random.nextInt(alike.size()));
        if (format == CNN2DFormat.NCHW || other.channels == from.channels) {
            combine(builder, places, other, from);
        }
    }

    DataSet batch(int step) {
        Nd4j.getRandom().setSeed(random.nextInt());
        int n = leastBatch + random.nextInt(4);
        INDArray images = Nd4j.randn(DataType.FLOAT, n, depth, height, width);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, n, CLASSES);
        for (int i = 0; i < n; i++) {
            labels.putScalar(i, (i + step) % CLASSES, 1);
        }
        return new DataSet(format == CNN2DFormat.NCHW ? images : images.permute(0, 2, 3, 1), labels);
    }
}
