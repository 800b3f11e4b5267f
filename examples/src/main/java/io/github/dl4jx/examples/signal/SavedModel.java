package io.github.dl4jx.examples.signal;

import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Cifar10Iterator;
import io.github.dl4jx.examples.cifar10.data.Preprocessing;
import io.github.dl4jx.init.data.LayerSignal;
import io.github.dl4jx.init.data.Signals;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network from a file that DL4J wrote, with a graph's view of it. */
final class SavedModel {
    private static final int TIME_STEPS = 20;

    private final Path file;
    private final ComputationGraph graph;

    private SavedModel(Path file, ComputationGraph graph) {
        this.file = file;
        this.graph = graph;
    }

    static SavedModel read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UsageException("--model " + file + " is not a file");
        }
        try {
            return new SavedModel(file, graph(file));
        } catch (IOException | RuntimeException e) { // DL4J's reader throws anything on a damaged file
            throw new UsageException(
                    "--model " + file + " is not a network that DL4J saved (" + e.getMessage() + ")", e);
        }
    }

    private static ComputationGraph graph(Path file) throws IOException {
        try {
            return ModelSerializer.restoreComputationGraph(file.toFile(), false);
        } catch (IOException | RuntimeException e) {
            MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), false);
            return network.toComputationGraph();
        }
    }

    List<LayerSignal> measure(INDArray batch) {
        try {
            return Signals.of(graph, batch);
        } catch (RuntimeException e) { // DL4J's layers throw anything on input of another shape
            throw new UsageException(
                    "--model " + file + " does not take examples of shape " + Arrays.toString(batch.shape())
                            + ", the batch first; name another --shape or --data (" + e.getMessage() + ")",
                    e);
        }
    }

    INDArray batch(String kind, @Nullable String shape, int examples, long seed, PrintWriter notices) {
        if (graph.getNumInputArrays() != 1) {
            throw new UsageException("--model " + file + " has " + graph.getNumInputArrays()
                    + " inputs; valid here: one; Signals.of takes any number");
        }
        return switch (kind) {
            case "gaussian" -> DeepNetwork.normal(seed, shape(shape, examples));
            case "cifar10" -> cifar10(examples, seed, notices);
            default -> throw new UsageException("--data is " + kind + "; valid: gaussian, cifar10");
        };
    }

    private long[] shape(@Nullable String shape, int examples) {
        LongStream example = shape == null ? LongStream.of(told()) : parse(shape);
        return LongStream.concat(LongStream.of(examples), example).toArray();
    }

    private static LongStream parse(String shape) {
        if (!shape.matches("[1-9]\\d{0,5}(,[1-9]\\d{0,5})*")) {
            throw new UsageException("--shape is " + shape + "; valid: whole numbers > 0, separated by commas");
        }
        return Stream.of(shape.split(",", -1)).mapToLong(Long::parseLong);
    }

    private long[] told() {
        Layer first = graph.getLayer(0);
        if (first.conf().getLayer() instanceof FeedForwardLayer layer) {
            if (layer instanceof DenseLayer) {
                return new long[] {layer.getNIn()};
            }
            if (layer instanceof BaseRecurrentLayer) {
                return new long[] {layer.getNIn(), TIME_STEPS};
            }
        }
        throw new UsageException("--model " + file + " begins with a "
                + first.conf().getLayer().getClass().getSimpleName() + ", which does not tell the shape of its input;"
                + " name it by --shape");
    }

    private static INDArray cifar10(int examples, long seed, PrintWriter notices) {
        Cifar10 data = Cifar10.load(null, notices);
        Cifar10.Split split = data.split(1);
        return new Cifar10Iterator(split.train(), Preprocessing.CHANNEL_MEAN.fit(split.train()), examples, seed)
                .next()
                .getFeatures();
    }
}
