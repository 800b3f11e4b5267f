package io.github.dl4jx.activations.layer;

import io.github.dl4jx.catalogue.Catalogue;
import io.github.dl4jx.catalogue.Entry;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * The catalogue of activations that are layers, because they learn, draw or change the number of channels; the others
 * are in {@code io.github.dl4jx.activations.Activations}.
 *
 * <pre>{@code
 * Layer prelu = ActivationLayers.get("prelu");
 * Layer maxout = ActivationLayers.get("maxout(pieces=3)");
 * }</pre>
 */
public final class ActivationLayers {
    private static final Catalogue<Layer> CATALOGUE = new Catalogue<>(
            "activation layer",
            List.of(AReLU.ENTRY, CReLU.ENTRY, Maxout.ENTRY, ParametricSwish.ENTRY, PReLU.ENTRY, RReLU.ENTRY));

    private ActivationLayers() {}

    /**
     * A new layer that a specification names: a name or alias, in any case, with parameters in parentheses where
     * wanted. DL4J changes the layers that it is given, so each place in a network needs its own.
     *
     * @throws IllegalArgumentException if the name, a parameter or a value is not valid, listing what is
     */
    public static Layer get(String specification) {
        return CATALOGUE.get(specification);
    }

    /**
     * The shortest specification that makes the same, with canonical name and without default parameters.
     *
     * @throws IllegalArgumentException as {@link #get} does
     */
    public static String canonical(String specification) {
        return CATALOGUE.canonical(specification);
    }

    /**
     * Whether a specification names a layer; its parameters are not looked at.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    public static boolean contains(String specification) {
        return CATALOGUE.contains(specification);
    }

    /** The canonical names, sorted. */
    public static List<String> names() {
        return CATALOGUE.names();
    }

    /** Everything known of each layer, sorted by name. */
    public static List<Entry<Layer>> entries() {
        return CATALOGUE.entries();
    }

    /**
     * The entry that a specification names.
     *
     * @throws IllegalArgumentException if the name is unknown, listing the valid ones
     */
    public static Entry<Layer> entry(String specification) {
        return CATALOGUE.entry(specification);
    }
}
