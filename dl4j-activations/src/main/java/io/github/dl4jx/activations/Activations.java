package io.github.dl4jx.activations;

import io.github.dl4jx.catalogue.Catalogue;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import java.util.List;
import org.nd4j.linalg.activations.IActivation;

/**
 * The catalogue of activations. Lookup, help text, documentation and tests are all fed by it.
 *
 * <pre>{@code
 * IActivation swish = Activations.get("swish");
 * IActivation steep = Activations.get("swish(beta=1.5)");
 * }</pre>
 */
public final class Activations {
    private static final Catalogue<IActivation> CATALOGUE = new Catalogue<>(
            "activation",
            List.of(
                    new Entry<IActivation>(
                            "abrelu",
                            ABReLU.class,
                            List.of("average-biased-relu"),
                            List.of(Parameter.number("alpha", 1, "finite")),
                            "max(x - alpha*mean(x), 0), mean per example",
                            "Dubey and Chakraborty 2018, arXiv:1804.02051",
                            a -> new ABReLU(a.number("alpha"))),
                    new Entry<IActivation>(
                            "elu",
                            ELU.class,
                            List.of(),
                            List.of(Parameter.number("alpha", 1, "> 0")),
                            "x for x > 0, else alpha*(exp(x) - 1)",
                            "Clevert et al. 2015, arXiv:1511.07289",
                            a -> new ELU(a.number("alpha"))),
                    new Entry<IActivation>(
                            "gelu",
                            GELU.class,
                            List.of(),
                            List.of(),
                            "x*Phi(x), Phi the normal distribution function",
                            "Hendrycks and Gimpel 2016, arXiv:1606.08415",
                            a -> new GELU()),
                    new Entry<IActivation>(
                            "hard-swish",
                            HardSwish.class,
                            List.of("hardswish", "hard_swish", "h-swish", "hswish"),
                            List.of(),
                            "x*relu6(x + 3)/6",
                            "Howard et al. 2019, arXiv:1905.02244",
                            a -> new HardSwish()),
                    new Entry<IActivation>(
                            "leakyrelu",
                            LeakyReLU.class,
                            List.of("leaky-relu", "leaky_relu", "lrelu"),
                            List.of(Parameter.number("slope", LeakyReLU.DEFAULT_SLOPE, ">= 0")),
                            "x for x > 0, else slope*x",
                            "Maas et al. 2013, ICML",
                            a -> new LeakyReLU(a.number("slope"))),
                    new Entry<IActivation>(
                            "mish",
                            Mish.class,
                            List.of(),
                            List.of(),
                            "x*tanh(softplus(x))",
                            "Misra 2019, arXiv:1908.08681",
                            a -> new Mish()),
                    new Entry<IActivation>(
                            "relu",
                            ReLU.class,
                            List.of(),
                            List.of(),
                            "max(0, x)",
                            "Nair and Hinton 2010, ICML",
                            a -> new ReLU()),
                    new Entry<IActivation>(
                            "selu",
                            SELU.class,
                            List.of(),
                            List.of(),
                            "1.0507*x for x > 0, else 1.7581*(exp(x) - 1)",
                            "Klambauer et al. 2017, arXiv:1706.02515",
                            a -> new SELU()),
                    new Entry<IActivation>(
                            "swish",
                            Swish.class,
                            List.of("silu"),
                            List.of(Parameter.number("beta", 1, "> 0")),
                            "x*sigmoid(beta*x)",
                            "Ramachandran et al. 2017, arXiv:1710.05941",
                            a -> new Swish(a.number("beta")))));

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
