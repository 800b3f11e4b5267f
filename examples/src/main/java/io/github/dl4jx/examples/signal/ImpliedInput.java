package io.github.dl4jx.examples.signal;

import io.github.dl4jx.init.ConfigurationNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.jspecify.annotations.Nullable;

/**
 * What a saved network takes, as far as its configuration implies it: DL4J does not save the shape of its input. A dense layer
 * behind convolutions tells how large the images are, and so how large they were at first; where nothing does, any size will do.
 *
 * @param shape of one example
 * @param indices the inputs are whole numbers below this; 0 for any numbers
 */
record ImpliedInput(List<Long> shape, long indices) {
    private static final int TIME_STEPS = 20;
    private static final int MOST_PIXELS = 1_024;
    private static final int USUAL_PIXELS = 32;

    ImpliedInput {
        shape = List.copyOf(shape);
    }

    private static ImpliedInput of(long... shape) {
        return new ImpliedInput(LongStream.of(shape).boxed().toList(), 0);
    }

    /** Of a network of one input; empty where its configuration does not tell. */
    static Optional<ImpliedInput> of(Map<String, ConfigurationNode> nodes) {
        for (ConfigurationNode node : nodes.values()) {
            if (node.inputs().stream().noneMatch(nodes::containsKey)) {
                return new Search(nodes).from(node);
            }
        }
        return Optional.empty();
    }

    /** For the input of a configuration. */
    private static final class Search {
        private final Map<String, ConfigurationNode> nodes;

        Search(Map<String, ConfigurationNode> nodes) {
            this.nodes = nodes;
        }

        Optional<ImpliedInput> from(ConfigurationNode first) {
            InputPreProcessor preProcessor = first.preProcessor();
            if (preProcessor instanceof FeedForwardToCnnPreProcessor flat) {
                return Optional.of(of(flat.getInputHeight() * flat.getInputWidth() * flat.getNumChannels()));
            }
            if (preProcessor instanceof CnnToFeedForwardPreProcessor images) {
                return Optional.of(images(
                        images.getFormat(), images.getNumChannels(), images.getInputHeight(), images.getInputWidth()));
            }
            FeedForwardLayer layer = sized(first);
            if (layer == null) {
                return Optional.empty();
            }
            long inputs = layer.getNIn();
            if (layer instanceof EmbeddingLayer) {
                return Optional.of(new ImpliedInput(List.of(1L), inputs));
            }
            if (layer instanceof EmbeddingSequenceLayer embedding) {
                long steps = embedding.getInputLength();
                return Optional.of(new ImpliedInput(List.of(steps > 1 ? steps : TIME_STEPS), inputs));
            }
            RNNFormat sequence = sequence(layer);
            if (sequence != null || preProcessor instanceof RnnToFeedForwardPreProcessor) {
                return Optional.of(sequence == RNNFormat.NWC ? of(TIME_STEPS, inputs) : of(inputs, TIME_STEPS));
            }
            if (layer instanceof Convolution3D) {
                return Optional.empty();
            }
            return layer instanceof ConvolutionLayer convolution
                    ? images(convolution.getCnn2dDataFormat(), inputs)
                    : Optional.of(of(inputs));
        }

        /** The first layer with a number of inputs: pooling, padding and normalisation have those of the layer behind them. */
        private @Nullable FeedForwardLayer sized(ConfigurationNode node) {
            Object part = node.part();
            while (part instanceof Bidirectional || part instanceof BaseWrapperLayer) {
                part = part instanceof Bidirectional both ? both.getFwd() : ((BaseWrapperLayer) part).getUnderlying();
            }
            if (part instanceof FeedForwardLayer layer
                    && !(layer instanceof BatchNormalization)
                    && layer.getNIn() > 0) {
                return layer;
            }
            return after(node).stream()
                    .map(this::sized)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }

        private List<ConfigurationNode> after(ConfigurationNode node) {
            return nodes.values().stream()
                    .filter(other -> other.inputs().contains(node.key()))
                    .toList();
        }

        private static @Nullable RNNFormat sequence(FeedForwardLayer layer) {
            if (layer instanceof BaseRecurrentLayer recurrent) {
                return recurrent.getRnnDataFormat();
            }
            if (layer instanceof Convolution1DLayer convolution) {
                return convolution.getRnnDataFormat();
            }
            return layer instanceof RnnOutputLayer output ? output.getRnnDataFormat() : null;
        }

        /** Height and width by themselves: what a convolution makes of the one has nothing to do with the other. */
        private Optional<ImpliedInput> images(CNN2DFormat format, long channels) {
            int height = smallest(format, channels, true);
            int width = smallest(format, channels, false);
            return height > 0 && width > 0 ? Optional.of(images(format, channels, height, width)) : Optional.empty();
        }

        private static ImpliedInput images(CNN2DFormat format, long channels, long height, long width) {
            return format == CNN2DFormat.NHWC ? of(height, width, channels) : of(channels, height, width);
        }

        /** Of squares that fit in height or in width; of those that nothing tells, one of usual size. 0 if none does. */
        private int smallest(CNN2DFormat format, long channels, boolean height) {
            return Stream.concat(
                            Stream.of(USUAL_PIXELS),
                            IntStream.rangeClosed(1, MOST_PIXELS).boxed())
                    .filter(side -> fits(InputType.convolutional(side, side, channels, format), height))
                    .findFirst()
                    .orElse(0);
        }

        private boolean fits(InputType input, boolean height) {
            Map<String, InputType> types = new HashMap<>();
            try {
                return nodes.values().stream().allMatch(node -> {
                    type(node, input, types);
                    return !(node.preProcessor() instanceof CnnToFeedForwardPreProcessor flat)
                            || flatFits(flat, type(node.inputs().get(0), input, types), height);
                });
            } catch (RuntimeException e) { // DL4J's layers throw anything on sizes that they cannot take
                return false;
            }
        }

        private static boolean flatFits(CnnToFeedForwardPreProcessor flat, InputType type, boolean height) {
            InputType.InputTypeConvolutional images = (InputType.InputTypeConvolutional) type;
            return height ? flat.getInputHeight() == images.getHeight() : flat.getInputWidth() == images.getWidth();
        }

        private InputType type(String key, InputType input, Map<String, InputType> types) {
            ConfigurationNode node = nodes.get(key);
            return node == null ? input : type(node, input, types);
        }

        private InputType type(ConfigurationNode node, InputType input, Map<String, InputType> types) {
            InputType known = types.get(node.key());
            if (known == null) {
                InputType[] inputs = node.inputs().stream()
                        .map(key -> type(key, input, types))
                        .toArray(InputType[]::new);
                if (node.part() instanceof Layer layer) {
                    InputPreProcessor preProcessor = node.preProcessor();
                    known = layer.getOutputType(
                            0, preProcessor == null ? inputs[0] : preProcessor.getOutputType(inputs[0]));
                } else {
                    known = ((GraphVertex) node.part()).getOutputType(0, inputs);
                }
                types.put(node.key(), known);
            }
            return known;
        }
    }
}
