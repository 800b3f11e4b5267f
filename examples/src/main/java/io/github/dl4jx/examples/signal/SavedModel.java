package io.github.dl4jx.examples.signal;

import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Cifar10Iterator;
import io.github.dl4jx.examples.cifar10.data.Preprocessing;
import io.github.dl4jx.init.ConfigurationNode;
import io.github.dl4jx.init.data.LayerSignal;
import io.github.dl4jx.init.data.Signals;
import io.github.dl4jx.init.health.Diagnosis;
import io.github.dl4jx.init.health.Doctor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network or graph from a file that DL4J wrote. */
final class SavedModel {
    private final String name;

    /** One of the two. DL4J's conversion of the former into the latter refuses outputs that the doctor is asked about. */
    private final @Nullable MultiLayerNetwork network;

    private final @Nullable ComputationGraph graph;

    private SavedModel(String name, @Nullable MultiLayerNetwork network, @Nullable ComputationGraph graph) {
        this.name = name;
        this.network = network;
        this.graph = graph;
    }

    /**
     * Reads one.
     *
     * @param what the user named it by, for messages
     */
    static SavedModel read(String what, Path file) {
        String name = what + " " + file;
        if (!Files.isRegularFile(file)) {
            throw new UsageException(name + " is not a file");
        }
        String kind = ModelFile.kind(file);
        if (!kind.isEmpty()) {
            throw new UsageException(name + " is " + kind);
        }
        try {
            return ModelFile.isGraph(file)
                    ? new SavedModel(name, null, ModelSerializer.restoreComputationGraph(file.toFile(), false))
                    : new SavedModel(name, ModelSerializer.restoreMultiLayerNetwork(file.toFile(), false), null);
        } catch (IOException | RuntimeException e) { // DL4J's reader throws anything on a damaged file
            throw new UsageException(name + " is not a network that DL4J saved (" + firstLine(e) + ")", e);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    List<LayerSignal> measure(INDArray batch) {
        return with(batch, () -> network != null ? Signals.of(network, batch) : Signals.of(graph(), batch));
    }

    /** What the doctor says of configuration and parameters. */
    Diagnosis diagnose() {
        return network != null ? Doctor.examine(network) : Doctor.examine(graph());
    }

    /** What the doctor says, the layers' signals included. */
    Diagnosis diagnose(INDArray batch) {
        return with(batch, () -> network != null ? Doctor.examine(network, batch) : Doctor.examine(graph(), batch));
    }

    private ComputationGraph graph() {
        return Objects.requireNonNull(graph);
    }

    private <T> T with(INDArray batch, Supplier<T> measuring) {
        try {
            return measuring.get();
        } catch (RuntimeException e) { // DL4J's layers throw anything on input of another shape
            throw new UsageException(
                    name + " does not take examples of shape " + Arrays.toString(batch.shape())
                            + ", the batch first; name another --shape or --data (" + firstLine(e) + ")",
                    e);
        }
    }

    INDArray batch(String kind, @Nullable String shape, int examples, long seed, PrintWriter notices) {
        int inputs = network != null ? 1 : graph().getNumInputArrays();
        if (inputs != 1) {
            throw new UsageException(name + " has " + inputs + " inputs; valid here: one; Signals.of takes any number");
        }
        return switch (kind) {
            case "gaussian" -> gaussian(seed, shape(shape, examples));
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

    private Optional<ImpliedInput> implied() {
        return ImpliedInput.of(
                network != null
                        ? ConfigurationNode.of(network.getLayerWiseConfigurations())
                        : ConfigurationNode.of(graph().getConfiguration()));
    }

    private long[] told() {
        return implied()
                .orElseThrow(
                        () -> new UsageException(name + " does not tell the shape of its input; name it by --shape"))
                .shape()
                .stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    /** Independent N(0, 1); where the network looks them up, whole numbers, each as often. */
    private INDArray gaussian(long seed, long... shape) {
        long indices = implied().map(ImpliedInput::indices).orElse(0L);
        if (indices == 0) {
            return DeepNetwork.normal(seed, shape);
        }
        Random random = new Random(seed);
        INDArray numbers = Nd4j.create(DataType.FLOAT, shape);
        for (long i = 0; i < numbers.length(); i++) {
            numbers.putScalar(i, random.nextInt((int) indices));
        }
        return numbers;
    }

    private static INDArray cifar10(int examples, long seed, PrintWriter notices) {
        Cifar10 data = Cifar10.load(null, notices);
        Cifar10.Split split = data.split(1);
        return new Cifar10Iterator(split.train(), Preprocessing.CHANNEL_MEAN.fit(split.train()), examples, seed)
                .next()
                .getFeatures();
    }
}
