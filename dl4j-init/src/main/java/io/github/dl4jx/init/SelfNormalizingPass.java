package io.github.dl4jx.init;

import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.dropout.AlphaDropout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BasePretrainNetwork;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BaseUpsamplingLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.preprocessor.Cnn3DToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnn3DPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/** One walk over a configuration, from its inputs on: {@link SelfNormalizing}'s rules are here. */
final class SelfNormalizingPass {

    /** What a layer or vertex hands on. */
    private enum Signal {
        /** A SELU's output: the only thing that AlphaDropout is made for. */
        SELU,
        /** A SELU's output that AlphaDropout has been through, or is merged with such. */
        DROPPED,
        /** A linear layer's output on its way to its activation. */
        LINEAR,
        /** The network's input, and all else. */
        OTHER
    }

    /** Kinds that get SELU when hidden, and kinds that end a network. */
    private static final List<Class<?>> HIDDEN = List.of(DenseLayer.class, ConvolutionLayer.class);

    private static final List<Class<?>> LOSSES = List.of(
            LossLayer.class, RnnLossLayer.class, CnnLossLayer.class, Cnn3DLossLayer.class, Yolo2OutputLayer.class);

    /** What moves, repeats or leaves out numbers, and changes none. */
    private static final List<Class<?>> REARRANGING = List.of(
            Cropping1D.class,
            Cropping2D.class,
            Cropping3D.class,
            BaseUpsamplingLayer.class,
            SpaceToDepthLayer.class,
            RepeatVector.class,
            MergeVertex.class,
            StackVertex.class,
            UnstackVertex.class,
            SubsetVertex.class,
            ReshapeVertex.class,
            LastTimeStepVertex.class,
            ReverseTimeSeriesVertex.class,
            DuplicateToTimeSeriesVertex.class,
            Cnn3DToFeedForwardPreProcessor.class,
            CnnToFeedForwardPreProcessor.class,
            CnnToRnnPreProcessor.class,
            FeedForwardToCnn3DPreProcessor.class,
            FeedForwardToCnnPreProcessor.class,
            FeedForwardToRnnPreProcessor.class,
            RnnToCnnPreProcessor.class,
            RnnToFeedForwardPreProcessor.class);

    /** What may stand between a linear layer and the activation that belongs to it, and what it does to the property. */
    private static final Map<Class<?>, String> BEFORE_ACTIVATION = new LinkedHashMap<>();

    /** What has an activation of its own or none, and what it does to the property. */
    private static final Map<Class<?>, String> OTHERS = new LinkedHashMap<>();

    static {
        String pooling =
                "a maximum raises the mean, an average lowers the variance; a convolution's stride does neither";
        String padding = "its zeros lower the variance at the border";
        BEFORE_ACTIVATION.put(SubsamplingLayer.class, pooling);
        BEFORE_ACTIVATION.put(Subsampling3DLayer.class, pooling);
        BEFORE_ACTIVATION.put(GlobalPoolingLayer.class, pooling);
        BEFORE_ACTIVATION.put(
                BatchNormalization.class, "puts a learned mean and variance in place of those that SELU converges to");
        BEFORE_ACTIVATION.put(LocalResponseNormalization.class, "divides by its neighbours, which lowers the variance");
        BEFORE_ACTIVATION.put(ZeroPadding1DLayer.class, padding);
        BEFORE_ACTIVATION.put(ZeroPaddingLayer.class, padding);
        BEFORE_ACTIVATION.put(ZeroPadding3DLayer.class, padding);
        BEFORE_ACTIVATION.put(ScaleVertex.class, "changes the variance");
        BEFORE_ACTIVATION.put(ShiftVertex.class, "changes the mean");
        BEFORE_ACTIVATION.put(L2NormalizeVertex.class, "puts another variance in place of 1");
        BEFORE_ACTIVATION.put(PoolHelperVertex.class, "changes what a pooling leaves");

        String recurrent = "its gates and its state do not keep mean 0 and variance 1; left as it is";
        OTHERS.put(BaseRecurrentLayer.class, recurrent);
        OTHERS.put(Bidirectional.class, recurrent);
        OTHERS.put(LastTimeStep.class, recurrent);
        String embedding = "its rows have the variance of their own weights, whatever the input; left as it is";
        OTHERS.put(EmbeddingLayer.class, embedding);
        OTHERS.put(EmbeddingSequenceLayer.class, embedding);
        ConfigurationNode.ACTIVATIONS.forEach(type -> OTHERS.put(type, "an activation other than SELU; left as it is"));
        OTHERS.put(BasePretrainNetwork.class, "learns by itself before the network does; left as it is");
    }

    private final double dropProbability;
    private final Map<String, ConfigurationNode> nodes;
    private final Set<String> outputs;
    private final Set<String> leadsToWeights;
    private final Map<String, Signal> signals = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private SelfNormalizingPass(
            double dropProbability, Map<String, ConfigurationNode> nodes, Collection<String> outputs) {
        this.dropProbability = dropProbability;
        this.nodes = nodes;
        this.outputs = Set.copyOf(outputs);
        leadsToWeights = ConfigurationNode.leadingToWeights(nodes);
    }

    static SelfNormalizingPass of(MultiLayerConfiguration configuration, double dropProbability) {
        // the last layer has no weights after it, which is all that makes it an output
        return new SelfNormalizingPass(dropProbability, ConfigurationNode.of(configuration), List.of());
    }

    static SelfNormalizingPass of(ComputationGraphConfiguration configuration, double dropProbability) {
        return new SelfNormalizingPass(
                dropProbability, ConfigurationNode.of(configuration), configuration.getNetworkOutputs());
    }

    /** Changes the configuration, and returns the warnings. */
    List<String> run() {
        nodes.keySet().forEach(this::signal);
        return warnings;
    }

    private Signal signal(String name) {
        ConfigurationNode node = nodes.get(name);
        if (node == null) {
            return Signal.OTHER; // the network's input
        }
        Signal known = signals.get(name);
        if (known == null) {
            List<Signal> inputs = node.inputs().stream().map(this::signal).toList();
            boolean hidden = leadsToWeights.contains(name) && !outputs.contains(name);
            known = visit(node, reshaped(node, node.preProcessor(), merged(inputs)), inputs, hidden);
            signals.put(name, known);
        }
        return known;
    }

    private static Signal merged(Collection<Signal> inputs) {
        if (inputs.stream().distinct().count() == 1) {
            return inputs.iterator().next();
        }
        return Set.of(Signal.SELU, Signal.DROPPED).containsAll(inputs) ? Signal.DROPPED : Signal.OTHER;
    }

    private Signal reshaped(ConfigurationNode node, @Nullable InputPreProcessor preProcessor, Signal input) {
        if (preProcessor == null || ConfigurationNode.isOf(REARRANGING, preProcessor)) {
            return input;
        }
        if (preProcessor instanceof ComposableInputPreProcessor all
                && Arrays.stream(all.getInputPreProcessors())
                        .allMatch(one -> ConfigurationNode.isOf(REARRANGING, one))) {
            return input;
        }
        warn(node, "its " + preProcessor.getClass().getSimpleName() + " may change mean and variance");
        return Signal.OTHER;
    }

    private Signal visit(ConfigurationNode node, Signal input, Collection<Signal> inputs, boolean hidden) {
        Object part = node.part();
        if (part instanceof DropoutLayer layer) {
            return dropoutLayer(node, layer, input);
        }
        Signal output;
        if (part instanceof ActivationLayer layer) {
            output = activationLayer(node, layer, input, hidden);
        } else if (part instanceof BaseOutputLayer || ConfigurationNode.isOf(HIDDEN, part)) {
            output = weighted(node, (FeedForwardLayer) part, input, hidden);
        } else if (part instanceof PreprocessorVertex vertex) {
            output = reshaped(node, vertex.getPreProcessor(), input);
        } else if (ConfigurationNode.isOf(REARRANGING, part)) {
            output = input;
        } else {
            output = other(node, inputs, hidden);
        }
        if (part instanceof Layer layer && !node.frozen()) {
            setDropout(node, layer, takesDropout(layer) && input == Signal.SELU);
        }
        return output;
    }

    /** A layer with weights: SELU if it is hidden and not linear, LeCun normal weights. */
    private Signal weighted(ConfigurationNode node, FeedForwardLayer layer, Signal input, boolean hidden) {
        if (!node.frozen()) {
            layer.setWeightInitFn(lecunNormal(layer));
            if (hidden && !ConfigurationNode.isIdentity(layer.getActivationFn())) {
                layer.setActivationFn(new SELU());
            }
            if (layer.getWeightNoise() != null) {
                warn(
                        node,
                        "its " + layer.getWeightNoise().getClass().getSimpleName()
                                + " changes the variance of the weights");
            }
            if (layer.getBiasInit() != 0) {
                warn(node, "its biases start at " + layer.getBiasInit() + ", which shifts the mean");
            }
        }
        if (layer instanceof DenseLayer dense && dense.hasLayerNorm()) {
            warn(node, "its layer normalisation does what SELU is there to do, by a learned gain");
        }
        if (input == Signal.LINEAR) {
            warn(
                    node,
                    "no SELU stands between it and the linear layer before it; linear layers do not draw mean and"
                            + " variance back");
        }
        if (dropProbability > 0 && input == Signal.SELU && !node.frozen() && !takesDropout(layer)) {
            warn(
                    node,
                    "its input is not dropped, since DL4J has no right gradient of dropout in this kind of layer; a"
                            + " DropoutLayer before it would become AlphaDropout");
        }
        return activated(node, layer.getActivationFn(), hidden);
    }

    private Signal activationLayer(ConfigurationNode node, ActivationLayer layer, Signal input, boolean hidden) {
        if (ConfigurationNode.isIdentity(layer.getActivationFn())) {
            return input;
        }
        if (hidden && input == Signal.LINEAR && !node.frozen()) {
            layer.setActivationFn(new SELU());
        }
        return activated(node, layer.getActivationFn(), hidden);
    }

    private Signal activated(ConfigurationNode node, IActivation activation, boolean hidden) {
        if (ConfigurationNode.isSelu(activation)) {
            return Signal.SELU;
        }
        if (ConfigurationNode.isIdentity(activation)) {
            return Signal.LINEAR;
        }
        if (hidden) {
            warn(node, "its activation " + activation + " is not SELU; left as it is");
        }
        return Signal.OTHER;
    }

    private Signal dropoutLayer(ConfigurationNode node, DropoutLayer layer, Signal input) {
        if (node.frozen()) {
            return input; // frozen layers run as in inference
        }
        if (input == Signal.SELU || input == Signal.DROPPED) {
            setDropout(node, layer, input == Signal.SELU);
            return layer.getIDropout() == null ? input : Signal.DROPPED;
        }
        if (layer.getIDropout() != null) {
            String name = layer.getIDropout().getClass().getSimpleName();
            warn(node, "its " + name + " drops something other than a SELU's output; left as it is");
        }
        return input;
    }

    private Signal other(ConfigurationNode node, Collection<Signal> inputs, boolean hidden) {
        Object part = node.part();
        if (ConfigurationNode.isOf(LOSSES, part)) {
            return Signal.OTHER;
        }
        String effect = lookUp(BEFORE_ACTIVATION, part);
        if (part instanceof ElementWiseVertex vertex) {
            effect = "element-wise " + vertex.getOp().name().toLowerCase(Locale.ROOT)
                    + ": does not keep the variance, which of a sum is that of all inputs together";
        }
        if (effect != null) {
            if (hidden) { // behind the last weights there is nothing to normalise
                warn(node, effect);
            }
            return inputs.contains(Signal.LINEAR) ? Signal.LINEAR : Signal.OTHER;
        }
        effect = lookUp(OTHERS, part);
        warn(node, effect == null ? "nothing is known of this kind; left as it is" : effect);
        return Signal.OTHER;
    }

    private void setDropout(ConfigurationNode node, Layer layer, boolean wanted) {
        IDropout before = layer.getIDropout();
        IDropout after = wanted && dropProbability > 0 ? AlphaDropout.dropping(dropProbability) : null;
        if (before != null && !before.equals(after)) {
            String name = before.getClass().getSimpleName();
            String whose = name.equals(AlphaDropout.class.getSimpleName()) && !(before instanceof AlphaDropout)
                    ? "DL4J's "
                    : "";
            warn(node, "its " + whose + name + (after == null ? " removed" : " replaced by " + after));
        }
        layer.setIDropout(after);
    }

    /** Whether DL4J applies this layer's dropout forwards and backwards: M2.1 forgets one of them in many. */
    private static boolean takesDropout(Layer layer) {
        boolean plain = layer.getClass() == ConvolutionLayer.class || layer.getClass() == Convolution2D.class;
        if (plain) {
            return ((ConvolutionLayer) layer).getCnn2dDataFormat() == CNN2DFormat.NCHW;
        }
        return ConfigurationNode.isOf(
                List.of(
                        DenseLayer.class,
                        DepthwiseConvolution2D.class,
                        SeparableConvolution2D.class,
                        OutputLayer.class,
                        RnnOutputLayer.class),
                layer);
    }

    /** N(0, 1/n), where n is the number of inputs that a unit adds up. For some layers DL4J states another fan-in. */
    private static IWeightInit lecunNormal(FeedForwardLayer layer) {
        if (layer instanceof Convolution1DLayer sequence) {
            return new Gaussian(1 / Math.sqrt((double) sequence.getNIn() * sequence.getKernelSize()[0]));
        }
        if (layer instanceof DepthwiseConvolution2D depthwise) {
            return new Gaussian(1 / Math.sqrt(product(depthwise.getKernelSize()))); // each unit sees one channel
        }
        if (layer instanceof SeparableConvolution2D separable) {
            // one initialiser for two layers of weights with nothing between: their product keeps the variance
            double depthwise = product(separable.getKernelSize());
            double pointwise = (double) separable.getNIn() * separable.getDepthMultiplier();
            return new Gaussian(Math.pow(depthwise * pointwise, -0.25));
        }
        if (layer instanceof Deconvolution2D || layer instanceof Deconvolution3D) {
            ConvolutionLayer transposed = (ConvolutionLayer) layer;
            // the stride spreads the inputs over that many more outputs
            double fanIn = transposed.getNIn() * product(transposed.getKernelSize()) / product(transposed.getStride());
            return new Gaussian(1 / Math.sqrt(fanIn));
        }
        return LeCun.normal();
    }

    private static double product(int[] sizes) {
        return Arrays.stream(sizes).asDoubleStream().reduce(1, (a, b) -> a * b);
    }

    private static @Nullable String lookUp(Map<Class<?>, String> effects, Object part) {
        return effects.entrySet().stream()
                .filter(effect -> effect.getKey().isInstance(part))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private void warn(ConfigurationNode node, String text) {
        warnings.add(node.label() + ": " + text);
    }
}
