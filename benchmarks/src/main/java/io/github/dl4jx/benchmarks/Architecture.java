package io.github.dl4jx.benchmarks;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.examples.cifar10.ActivationChoice;
import io.github.dl4jx.examples.cifar10.Classifier;
import io.github.dl4jx.examples.cifar10.NormalizedNetwork;
import io.github.dl4jx.init.Initializers;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.Nesterovs;

/** The networks that are measured. */
public enum Architecture {
    /** Of {@link ConvolutionTraining}, with each activation that is used in hidden layers. */
    SMALL(
            null,
            ConvolutionTraining.BATCH,
            "relu leakyrelu elu selu sigmoid tanh softplus swish gelu mish hard-swish hard-sigmoid"),
    /** The network of most tables. */
    RESNET_20(NormalizedNetwork.RESNET_20, 128, "relu swish"),
    /** Large convolutions one behind the other. */
    VGG(NormalizedNetwork.VGG, 128, "relu swish"),
    /** Activations before convolutions. */
    WRN_16_2(NormalizedNetwork.WRN_16_2, 128, "relu swish"),
    /** The fastest known to a high accuracy. */
    FAST(NormalizedNetwork.FAST, 250, "gelu");

    private static final double LEARNING_RATE = 0.1;
    private static final double MOMENTUM = 0.9;

    private final @Nullable NormalizedNetwork network;
    private final int batch;
    private final String functions; // apart by spaces

    Architecture(@Nullable NormalizedNetwork network, int batch, String functions) {
        this.network = network;
        this.batch = batch;
        this.functions = functions;
    }

    /**
     * Finds one of those given by its name; case does not matter.
     *
     * @throws IllegalArgumentException if there is none; the message lists those that there are
     */
    static Architecture parse(String name, List<Architecture> all) {
        return all.stream()
                .filter(architecture -> architecture.toString().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown network '" + name + "'; valid: "
                        + all.stream().map(Architecture::toString).collect(Collectors.joining(", "))));
    }

    /** Images a step. */
    public int batch() {
        return batch;
    }

    /** The activations that it is measured with unless others are asked for. */
    List<String> functions() {
        return List.of(functions.split(" ", -1));
    }

    /** The initialised network with the pack's activation. */
    public Classifier build(String activation) {
        return network == null
                ? new Classifier.Layers(ConvolutionTraining.network(Activations.get(activation), activation))
                : network.build(
                        new ActivationChoice(activation),
                        Initializers.recommendedFor(Activations.get(activation)).initializer(),
                        new Nesterovs(LEARNING_RATE, MOMENTUM),
                        1);
    }

    /** Layers, updater and batches, for the record. */
    String description() {
        return network == null
                ? ConvolutionTraining.DESCRIPTION
                : String.format(
                        Locale.ROOT,
                        "%s, batch normalisation, SGD with Nesterov momentum %s, batches of %d",
                        network.description(),
                        MOMENTUM,
                        batch);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
