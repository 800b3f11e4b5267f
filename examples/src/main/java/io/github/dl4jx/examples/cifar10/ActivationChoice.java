package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.layer.ActivationLayers;
import io.github.dl4jx.activations.layer.CReLU;
import io.github.dl4jx.activations.layer.Maxout;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.Recommendation;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * An activation by name, be it a function that a layer applies to its own output or a layer that stands behind it.
 */
public final class ActivationChoice {
    /** Stands for the initialiser that {@link Initializers#recommendedFor} names. */
    public static final String RECOMMENDED = "recommended";

    /** So many times the filters of ReLU's network still fit into memory. */
    private static final int MOST_PIECES = 16;

    private final String specification;

    /**
     * Looks the name up in both catalogues.
     *
     * @throws IllegalArgumentException if the name, a parameter or a value is not valid, listing what is
     */
    public ActivationChoice(String specification) {
        this.specification = specification;
        if (Activations.contains(specification)) {
            Activations.get(specification);
        } else if (ActivationLayers.contains(specification)) {
            requireFit(ActivationLayers.get(specification));
        } else {
            throw new IllegalArgumentException(
                    "unknown activation '" + specification.strip() + "'; valid: " + String.join(", ", names()));
        }
    }

    /** The canonical names of both catalogues, sorted. */
    public static List<String> names() {
        return Stream.concat(Activations.names().stream(), ActivationLayers.names().stream())
                .sorted()
                .toList();
    }

    /** The shortest specification that makes the same. */
    public String canonical() {
        return isLayer() ? ActivationLayers.canonical(specification) : Activations.canonical(specification);
    }

    /** The canonical specification of an initialiser, with {@link #RECOMMENDED} resolved. */
    public String initializer(String initializer) {
        return Initializers.canonical(
                initializer.equalsIgnoreCase(RECOMMENDED)
                        ? recommended().initializer().toString()
                        : initializer);
    }

    /**
     * Checks what {@link #initializer} takes.
     *
     * @throws IllegalArgumentException if it is no initialiser, listing what is
     */
    public static void checkInitializer(String initializer) {
        if (!initializer.equalsIgnoreCase(RECOMMENDED)) {
            Initializers.get(initializer);
        }
    }

    Recommendation recommended() {
        return isLayer()
                ? Initializers.recommendedFor(ActivationLayers.get(specification))
                : Initializers.recommendedFor(Activations.get(specification));
    }

    /**
     * Adds a layer with weights, and the activation of its output. Whatever the activation does to the number of
     * channels, {@code channels} leave it.
     */
    public void add(ListBuilder network, FeedForwardLayer.Builder<?> weights, int channels) {
        if (!isLayer()) {
            network.layer(weights.nOut(channels)
                    .activation(Activations.get(specification))
                    .build());
            return;
        }
        Layer layer = ActivationLayers.get(specification);
        network.layer(weights.nOut(channelsBefore(layer, channels))
                .activation(new Identity())
                .build());
        network.layer(layer);
    }

    /** As a layer of its own, where something stands between it and the weights. */
    Layer layer() {
        return isLayer() ? ActivationLayers.get(specification) : new ActivationLayer(Activations.get(specification));
    }

    /** Whether as many channels leave it as enter it. */
    boolean keepsChannels() {
        return !isLayer() || channelsBefore(ActivationLayers.get(specification), 2) == 2;
    }

    private static void requireFit(Layer layer) {
        if (layer instanceof Maxout maxout && maxout.getPieces() > MOST_PIECES) {
            throw new IllegalArgumentException(
                    "pieces is " + maxout.getPieces() + "; valid in this network: 1 to " + MOST_PIECES);
        }
    }

    private static int channelsBefore(Layer layer, int channels) {
        if (layer instanceof Maxout maxout) {
            return channels * maxout.getPieces();
        }
        return layer instanceof CReLU ? channels / 2 : channels;
    }

    /** A function of the same name, which a provider may have added, goes first. */
    private boolean isLayer() {
        return !Activations.contains(specification);
    }
}
