package io.github.dl4jx.activations;

import io.github.dl4jx.catalogue.Catalogue;
import io.github.dl4jx.catalogue.Entry;
import java.util.List;
import java.util.ServiceLoader;
import org.nd4j.linalg.activations.IActivation;

/**
 * The catalogue of activations: this pack's, and those that an {@link ActivationProvider} on the class path adds.
 * Lookup, help text, documentation and tests are all fed by it.
 *
 * <pre>{@code
 * IActivation swish = Activations.get("swish");
 * IActivation steep = Activations.get("swish(beta=1.5)");
 * }</pre>
 */
public final class Activations {
    private static final List<Entry<IActivation>> BUILT_IN = List.of(
            ABReLU.ENTRY,
            CELU.ENTRY,
            ELU.ENTRY,
            GELU.ENTRY,
            HardSigmoid.ENTRY,
            HardSwish.ENTRY,
            Identity.ENTRY,
            LeakyReLU.ENTRY,
            Mish.ENTRY,
            ReLU.ENTRY,
            ReLU6.ENTRY,
            SELU.ENTRY,
            ShiftedSoftplus.ENTRY,
            Sigmoid.ENTRY,
            Softmax.ENTRY,
            Softplus.ENTRY,
            Softsign.ENTRY,
            Step.ENTRY,
            Swish.ENTRY,
            Tanh.ENTRY);

    private static final Catalogue<IActivation> CATALOGUE = new Catalogue<>("activation", BUILT_IN)
            .plus(ServiceLoader.load(ActivationProvider.class), ActivationProvider::activations);

    private Activations() {}

    /**
     * The activation that a specification names: a name or alias, in any case, with parameters in parentheses where
     * wanted.
     *
     * @throws IllegalArgumentException if the name, a parameter or a value is not valid, listing what is
     */
    public static IActivation get(String specification) {
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
     * Whether a specification names an activation; its parameters are not looked at.
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

    /** Everything known of each activation, sorted by name. */
    public static List<Entry<IActivation>> entries() {
        return CATALOGUE.entries();
    }

    /**
     * The entry that a specification names.
     *
     * @throws IllegalArgumentException if the name is unknown, listing the valid ones
     */
    public static Entry<IActivation> entry(String specification) {
        return CATALOGUE.entry(specification);
    }
}
