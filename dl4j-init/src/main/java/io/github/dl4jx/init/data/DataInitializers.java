package io.github.dl4jx.init.data;

import io.github.dl4jx.catalogue.Catalogue;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import java.util.List;

/**
 * The catalogue of initialisers that need a batch of data.
 *
 * <pre>{@code
 * DataInitializers.get("lsuv(tolerance=0.01)").apply(network, batch);
 * }</pre>
 */
public final class DataInitializers {
    private static final Catalogue<DataInitializer> CATALOGUE = new Catalogue<>(
            "initialiser from data",
            List.of(
                    Entry.<DataInitializer>of(
                                    "krahenbuhl",
                                    Krahenbuhl.class,
                                    a -> new Krahenbuhl(
                                            a.choice("start", Krahenbuhl.Start.class),
                                            a.number("mean"),
                                            a.number("damping"),
                                            a.number("rounds")))
                            .aliases("kraehenbuehl", "data-dependent")
                            .parameter(Parameter.choice("start", Krahenbuhl.Start.GAUSSIAN))
                            .parameter(Parameter.number("mean", 0, "finite: of each channel"))
                            .parameter(Parameter.number("damping", Krahenbuhl.DAMPING, "in (0, 1]"))
                            .parameter(Parameter.number(
                                    "rounds", Krahenbuhl.MAX_ROUNDS, "a whole number >= 0: between layers; 0 for none"))
                            .formula(
                                    "each channel of z = W*x + b to mean s*mean and std s over a batch; then the layers'"
                                            + " s such that rms(dW)/rms(W) is the same in all")
                            .source("Kraehenbuehl et al. 2016, arXiv:1511.06856")
                            .use(
                                    "convolutional networks of the ReLU family without batch normalisation, one learning rate"
                                            + " for layers of very different sizes; start=kmeans where labelled data are few")
                            .otherwise(
                                    "channels of very different variance learn at different rates, and with one learning"
                                            + " rate some layers hardly move while others jump; layers with other activations"
                                            + " than those of the ReLU family are normalised, and not balanced")
                            .build(),
                    Entry.<DataInitializer>of(
                                    "lsuv",
                                    LayerSequentialUnitVariance.class,
                                    a -> new LayerSequentialUnitVariance(
                                            a.number("tolerance"),
                                            a.number("iterations"),
                                            a.choice("start", LayerSequentialUnitVariance.Start.class)))
                            .aliases("layer-sequential-unit-variance", "mishkin-matas")
                            .parameter(Parameter.number("tolerance", LayerSequentialUnitVariance.TOLERANCE, "> 0"))
                            .parameter(Parameter.number(
                                    "iterations", LayerSequentialUnitVariance.MAX_ITERATIONS, "a whole number >= 1"))
                            .parameter(Parameter.choice("start", LayerSequentialUnitVariance.Start.ORTHONORMAL))
                            .formula(
                                    "W = orthonormal, then layer by layer W/sqrt(Var(z)) until |Var(z) - 1| < tolerance"
                                            + " over a batch, z = W*x + b")
                            .source("Mishkin and Matas 2016, arXiv:1511.06422")
                            .use(
                                    "deep networks without batch normalisation, whatever their activations: no formula for a"
                                            + " gain is needed; pooling, merges and residual paths are measured, not assumed")
                            .otherwise(
                                    "a gain from a formula assumes independent inputs of known moments; where pooling,"
                                            + " correlated pixels or a residual path break that, the signal grows or shrinks with"
                                            + " each layer")
                            .build()));

    private DataInitializers() {}

    /**
     * What a specification names: a name or alias, in any case, with parameters in parentheses where wanted.
     *
     * @throws IllegalArgumentException if the name, a parameter or a value is not valid, listing what is
     */
    public static DataInitializer get(String specification) {
        return CATALOGUE.get(specification);
    }

    /**
     * Whether a specification names one; its parameters are not looked at.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    public static boolean contains(String specification) {
        return CATALOGUE.contains(specification);
    }

    /**
     * The shortest specification that makes the same, with canonical name and without default parameters.
     *
     * @throws IllegalArgumentException as {@link #get} does
     */
    public static String canonical(String specification) {
        return CATALOGUE.canonical(specification);
    }

    /** The canonical names, sorted. */
    public static List<String> names() {
        return CATALOGUE.names();
    }

    /** Everything known of each, sorted by name. */
    public static List<Entry<DataInitializer>> entries() {
        return CATALOGUE.entries();
    }
}
