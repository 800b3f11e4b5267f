package io.github.dl4jx.init.health;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.Softmax;
import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.activations.dropout.AlphaDropout;
import io.github.dl4jx.activations.layer.ActivationLayers;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.LeCun;
import io.github.dl4jx.init.Orthogonal;
import io.github.dl4jx.init.Xavier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Networks with which nothing is wrong, by number. Left out is what does not work by itself: step with its slope of 0, and
 * softmax and the identity as hidden activations; more than three layers of sigmoid or hard sigmoid, whose gradient vanishes;
 * stacks of rectifiers with fewer than 8 units in a layer that is not the first, or with fewer than 32 in more than three
 * layers, which may be shut altogether as they are drawn (Lu et al. 2019, arXiv:1903.06733), and ABReLU of fewer than 8 units,
 * which takes their own mean off them.
 */
final class RightNetworks {
    private static final List<String> ACTIVATIONS = Activations.names().stream()
            .filter(name -> !Set.of("step", "softmax", "identity").contains(name))
            .toList();

    private static final List<String> VARIANTS = List.of(
            "leakyrelu(slope=0.001)",
            "leakyrelu(slope=0.2)",
            "swish(beta=1.5)",
            "elu(alpha=0.005)",
            "celu(alpha=2)",
            "gelu(form=tanh)");

    /** Whose units may be shut. */
    private static final Set<String> RECTIFIERS = Set.of("relu", "relu6", "abrelu", "crelu", "hard-swish");

    private static final Set<String> SQUASHING = Set.of("sigmoid", "hard-sigmoid", "softplus", "shifted-softplus");

    private static final Integer[] WIDTHS = {
        1, 2, 3, 4, 5, 6, 7, 8, 8, 10, 12, 16, 20, 24, 32, 48, 64, 100, 128, 200, 256, 512
    };

    private RightNetworks() {}

    /** The networks of DL4J's examples come first, then kinds in turn. */
    static Case get(int number) {
        List<Case> examples = ExampleNetworks.ALL;
        if (number < examples.size()) {
            return examples.get(number);
        }
        Random random = new Random(number);
        return switch (number % 8) {
            case 0, 1, 2 -> dense(random);
            case 3 -> activationLayers(random);
            case 4 -> convolutional(random);
            case 5 -> residual(random);
            case 6 -> recurrent(random);
            default -> number % 16 == 7 ? normalised(random) : sequence(random);
        };
    }

    private static String anyActivation(Random random) {
        return random.nextInt(5) == 0
                ? VARIANTS.get(random.nextInt(VARIANTS.size()))
                : ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size()));
    }

    /** Widths of a stack: neighbours differ by a factor of 8 at most. */
    private static List<Integer> widths(Random random, String activation) {
        List<Integer> widths = new ArrayList<>();
        int width = Math.max(activation.equals("abrelu") ? 8 : 1, Build.pick(random, WIDTHS));
        boolean rectifier = RECTIFIERS.contains(activation);
        int depth = 1 + random.nextInt(SQUASHING.contains(activation) || rectifier ? 3 : width > 100 ? 4 : 8);
        if (rectifier && width >= 32 && width <= 128 && random.nextInt(3) == 0) {
            depth = 20;
        }
        for (int i = 0; i < depth; i++) {
            widths.add(width);
            int least = Math.max(width / 8, !rectifier ? 1 : depth > 3 ? 32 : 8);
            int most = Math.min(8 * width, 512);
            width = Math.max(least, Math.min(most, depth > 3 ? width : Build.pick(random, WIDTHS)));
        }
        return widths;
    }

    private static Case dense(Random random) {
        String name = anyActivation(random);
        IActivation activation = Activations.get(name);
        int inputs = 1 + random.nextInt(40);
        List<Layer> layers = new ArrayList<>();
        boolean dropping = random.nextInt(3) == 0;
        for (int width : widths(random, name)) {
            DenseLayer layer = Build.dense(width, activation);
            if (dropping && !layers.isEmpty()) {
                layer.setIDropout(
                        activation instanceof SELU
                                ? AlphaDropout.dropping(0.05)
                                : new org.deeplearning4j.nn.conf.dropout.Dropout(Build.pick(random, 1.0, 0.9, 0.5)));
            }
            layers.add(layer);
        }
        layers.add(Build.anyOutput(random));
        return Case.of("dense " + name, Build.network(InputType.feedForward(inputs), layers), inputs);
    }

    private static Case activationLayers(Random random) {
        List<String> names = ActivationLayers.names();
        String name = names.get(random.nextInt(names.size()));
        List<Layer> layers = new ArrayList<>();
        for (int width : widths(random, "crelu")) {
            Layer activation = ActivationLayers.get(name);
            IWeightInit suited = Initializers.recommendedFor(activation).initializer();
            layers.add(Build.dense(2 * Math.max(4, width), new Identity(), suited));
            layers.add(activation);
        }
        layers.add(Build.anyOutput(random));
        return Case.of("dense " + name, Build.network(InputType.feedForward(12), layers), 12);
    }

    private static Case convolutional(Random random) {
        String name = anyActivation(random);
        IActivation activation = Activations.get(name);
        CNN2DFormat format = Build.pick(random, CNN2DFormat.NCHW, CNN2DFormat.NCHW, CNN2DFormat.NHWC);
        int size = Build.pick(random, 8, 10, 12);
        int channels = Build.pick(random, 1, 3);
        List<Layer> layers = new ArrayList<>();
        int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            ConvolutionLayer layer = Build.convolution(
                    Build.pick(random, 1, 3, 3, 5),
                    Build.pick(random, 8, 12, 16, 32),
                    activation,
                    Build.suited(activation));
            layer.setCnn2dDataFormat(format);
            layers.add(layer);
            if (i == 0 || random.nextBoolean()) {
                layers.add(new SubsamplingLayer.Builder(Build.pick(random, PoolingType.MAX, PoolingType.AVG))
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .dataFormat(format)
                        .build());
            }
        }
        if (random.nextBoolean()) {
            layers.add(Build.dense(Build.pick(random, 16, 32, 64), activation));
        } else if (random.nextBoolean()) {
            layers.add(new GlobalPoolingLayer(PoolingType.AVG));
        }
        layers.add(Build.anyOutput(random));
        return Case.of(
                "convolutional " + name,
                Build.network(InputType.convolutional(size, size, channels, format), layers),
                format == CNN2DFormat.NCHW ? new long[] {channels, size, size} : new long[] {size, size, channels});
    }

    /** Linear layer, normalisation, activation, in this order, with weights of any scale. */
    private static Case normalised(Random random) {
        String name = anyActivation(random);
        IActivation activation = Activations.get(name);
        List<Layer> layers = new ArrayList<>();
        int depth = 1 + random.nextInt(SQUASHING.contains(name) ? 3 : 6);
        for (int i = 0; i < depth; i++) {
            IWeightInit any = Build.pick(random, Xavier.normal(), LeCun.uniform(), new Orthogonal());
            layers.add(new DenseLayer.Builder()
                    .nOut(Build.pick(random, 8, 16, 50, 128))
                    .activation(new Identity())
                    .hasBias(false)
                    .weightInit(any)
                    .build());
            layers.add(new BatchNormalization());
            layers.add(new ActivationLayer(activation));
        }
        layers.add(Build.anyOutput(random));
        return Case.of("normalised " + name, Build.network(InputType.feedForward(20), layers), 20);
    }

    private static Case residual(Random random) {
        String name = anyActivation(random);
        IActivation activation = Activations.get(name);
        boolean squashing = SQUASHING.contains(name);
        boolean images = random.nextBoolean() && !squashing;
        int width = Build.pick(random, 8, 16, 32, 64);
        GraphBuilder graph = Build.graph();
        InputType input = images ? InputType.convolutional(8, 8, 3) : InputType.feedForward(20);
        graph.addLayer("stem", linearOr(images, width, activation), "in");
        String last = "stem";
        int blocks = 1 + random.nextInt(squashing ? 1 : 5);
        for (int i = 0; i < blocks; i++) {
            boolean merged = random.nextInt(4) == 0 && !squashing;
            graph.addLayer("a" + i, linearOr(images, width, activation), last);
            graph.addLayer("b" + i, linearOr(images, width, new Identity()), "a" + i);
            graph.addLayer("norm" + i, new BatchNormalization(), "b" + i);
            graph.addVertex(
                    "sum" + i,
                    merged ? new MergeVertex() : new ElementWiseVertex(ElementWiseVertex.Op.Add),
                    "norm" + i,
                    last);
            graph.addLayer("act" + i, new ActivationLayer(activation), "sum" + i);
            last = "act" + i;
            if (merged) { // back to the width of the shortcut
                graph.addLayer("join" + i, linearOr(images, width, activation), last);
                last = "join" + i;
            }
        }
        if (images) {
            graph.addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), last);
            last = "pool";
        }
        graph.addLayer("out", Build.anyOutput(random), last).setOutputs("out").setInputTypes(input);
        return Case.of("residual " + name, graph.build(), images ? new long[] {3, 8, 8} : new long[] {20});
    }

    private static Layer linearOr(boolean images, int width, IActivation activation) {
        IWeightInit suited = Build.suited(activation);
        return images ? Build.convolution(3, width, activation, suited) : Build.dense(width, activation, suited);
    }

    private static Case recurrent(Random random) {
        int inputs = 1 + random.nextInt(20);
        List<Layer> layers = new ArrayList<>();
        int depth = 1 + random.nextInt(2);
        for (int i = 0; i < depth; i++) {
            int units = Build.pick(random, 1, 2, 4, 8, 16, 32, 100);
            Layer layer = random.nextInt(3) == 0
                    ? new SimpleRnn.Builder().nOut(units).activation(new Tanh()).build()
                    : new LSTM.Builder().nOut(units).activation(new Tanh()).build();
            layers.add(random.nextInt(4) == 0 ? new Bidirectional(Bidirectional.Mode.CONCAT, layer) : layer);
        }
        if (random.nextBoolean()) {
            layers.add(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(4)
                    .activation(new Softmax())
                    .build());
        } else {
            layers.add(new LastTimeStep(
                    new LSTM.Builder().nOut(12).activation(new Tanh()).build()));
            layers.add(Build.anyOutput(random));
        }
        return Case.of("recurrent", Build.network(InputType.recurrent(inputs, 6), layers), inputs, 6);
    }

    /** Convolutions over time, or an embedding and a recurrent layer. */
    private static Case sequence(Random random) {
        if (random.nextBoolean()) {
            int words = 20 + random.nextInt(200);
            List<Layer> layers = List.of(
                    new EmbeddingSequenceLayer.Builder()
                            .nIn(words)
                            .nOut(Build.pick(random, 4, 16, 50))
                            .inputLength(6)
                            .build(),
                    new LSTM.Builder().nOut(20).activation(new Tanh()).build(),
                    new GlobalPoolingLayer(PoolingType.MAX),
                    Build.anyOutput(random));
            return Case.of("embedding", Build.network(InputType.recurrent(words, 6), layers), 6)
                    .withIndices(words);
        }
        String name = anyActivation(random);
        IActivation activation = Activations.get(name);
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            layers.add(new Convolution1DLayer.Builder()
                    .kernelSize(3)
                    .nOut(Build.pick(random, 8, 16, 32))
                    .activation(activation)
                    .weightInit(Build.suited(activation))
                    .build());
        }
        layers.add(new GlobalPoolingLayer(PoolingType.MAX));
        layers.add(Build.anyOutput(random));
        return Case.of("convolution over time " + name, Build.network(InputType.recurrent(4, 12), layers), 4, 12);
    }
}
