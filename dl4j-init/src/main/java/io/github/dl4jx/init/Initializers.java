package io.github.dl4jx.init;

import io.github.dl4jx.activations.ABReLU;
import io.github.dl4jx.activations.ELU;
import io.github.dl4jx.activations.GELU;
import io.github.dl4jx.activations.HardSwish;
import io.github.dl4jx.activations.LeakyReLU;
import io.github.dl4jx.activations.Mish;
import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.Swish;
import io.github.dl4jx.catalogue.Arguments;
import io.github.dl4jx.catalogue.Catalogue;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationPReLU;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;

/**
 * The catalogue of initialisers, and which of them suits an activation.
 *
 * <pre>{@code
 * IWeightInit init = Initializers.get("he(distribution=uniform)");
 * IWeightInit best = Initializers.recommendedFor(new SELU()).initializer();
 * }</pre>
 */
public final class Initializers {
    private static final Catalogue<IWeightInit> CATALOGUE = new Catalogue<>(
            "initialiser",
            List.of(
                    new Entry<IWeightInit>(
                            "constant",
                            Constant.class,
                            List.of(),
                            List.of(Parameter.number("value", 0, "finite")),
                            "w = value",
                            "teaching case: symmetry is never broken",
                            a -> new Constant(a.number("value"))),
                    new Entry<IWeightInit>(
                            "gaussian",
                            Gaussian.class,
                            List.of("normal"),
                            List.of(Parameter.number("std", Gaussian.DEFAULT_STANDARD_DEVIATION, ">= 0")),
                            "N(0, std^2)",
                            "teaching case: small std vanishes, large std saturates",
                            a -> new Gaussian(a.number("std"))),
                    new Entry<IWeightInit>(
                            "he",
                            He.class,
                            List.of("kaiming"),
                            List.of(
                                    Parameter.choice("distribution", Distribution.NORMAL),
                                    Parameter.choice("fan", Fan.IN),
                                    Parameter.number("slope", 0, ">= 0")),
                            "variance 2/((1 + slope^2)*fan)",
                            "He et al. 2015, arXiv:1502.01852",
                            a -> new He(distribution(a), a.choice("fan", Fan.class), a.number("slope"))),
                    new Entry<IWeightInit>(
                            "lecun",
                            LeCun.class,
                            List.of(),
                            List.of(Parameter.choice("distribution", Distribution.NORMAL)),
                            "variance 1/fanIn",
                            "LeCun et al. 1998, Efficient BackProp",
                            a -> new LeCun(distribution(a))),
                    new Entry<IWeightInit>(
                            "nguyen-widrow",
                            NguyenWidrow.class,
                            List.of("nguyenwidrow", "nguyen_widrow"),
                            List.of(),
                            "each unit's weights have norm 0.7*H^(1/N), H units of N inputs",
                            "Nguyen and Widrow 1990, IJCNN",
                            a -> new NguyenWidrow()),
                    new Entry<IWeightInit>(
                            "uniform",
                            Uniform.class,
                            List.of(),
                            List.of(Parameter.number("limit", Uniform.DEFAULT_LIMIT, ">= 0")),
                            "U(-limit, limit)",
                            "teaching case, as gaussian",
                            a -> new Uniform(a.number("limit"))),
                    new Entry<IWeightInit>(
                            "xavier",
                            Xavier.class,
                            List.of("glorot"),
                            List.of(
                                    Parameter.choice("distribution", Distribution.UNIFORM),
                                    Parameter.number("gain", 1, "> 0")),
                            "variance gain^2*2/(fanIn + fanOut)",
                            "Glorot and Bengio 2010, AISTATS",
                            a -> new Xavier(distribution(a), a.number("gain")))));

    /** First match wins; the last row matches everything. */
    private static final List<Rule> RULES = List.of(
            rule(LeakyReLU.class, a -> leaky(a.getNegativeSlope())),
            rule(ActivationLReLU.class, a -> leaky(a.getAlpha())),
            rule(ActivationRReLU.class, a -> leaky((a.getL() + a.getU()) / 2)),
            rule(
                    Set.of(
                            ReLU.class,
                            ABReLU.class,
                            ActivationReLU.class,
                            ActivationReLU6.class,
                            ActivationThresholdedReLU.class,
                            ActivationPReLU.class),
                    He.normal(),
                    "a rectifier cuts half of the signal's second moment, which twice the variance restores"),
            rule(
                    Set.of(
                            Swish.class,
                            HardSwish.class,
                            Mish.class,
                            GELU.class,
                            ELU.class,
                            ActivationSwish.class,
                            ActivationMish.class,
                            ActivationGELU.class,
                            ActivationELU.class),
                    He.normal(),
                    "a smooth rectifier, treated by convention as the ReLU that it approaches for large inputs"),
            rule(
                    Set.of(SELU.class, ActivationSELU.class),
                    LeCun.normal(),
                    "SELU's fixed point, mean 0 and variance 1, assumes weights of variance 1/fanIn"),
            rule(
                    Set.of(
                            ActivationSigmoid.class,
                            ActivationHardSigmoid.class,
                            ActivationSoftmax.class,
                            ActivationTanH.class,
                            ActivationHardTanH.class,
                            ActivationRationalTanh.class,
                            ActivationRectifiedTanh.class,
                            ActivationSoftSign.class),
                    Xavier.uniform(),
                    "saturates on both sides, and is nearly linear between: Glorot's balance of fan-in and fan-out"),
            rule(
                    Set.of(ActivationIdentity.class, ActivationSoftPlus.class, ActivationCube.class),
                    Xavier.uniform(),
                    "no rectifier and no fixed point: Glorot's balance for linear units"),
            new Rule(
                    activation -> true,
                    activation -> conventional(
                            Xavier.uniform(),
                            "nothing is known of " + activation.getClass().getSimpleName()
                                    + ": Glorot's balance for linear units")));

    private Initializers() {}

    /**
     * The initialiser that a specification names: a name or alias, in any case, with parameters in parentheses where
     * wanted.
     *
     * @throws IllegalArgumentException if the name, a parameter or a value is not valid, listing what is
     */
    public static IWeightInit get(String specification) {
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

    /** Everything known of each initialiser, sorted by name. */
    public static List<Entry<IWeightInit>> entries() {
        return CATALOGUE.entries();
    }

    /**
     * The entry that a specification names.
     *
     * @throws IllegalArgumentException if the name is unknown, listing the valid ones
     */
    public static Entry<IWeightInit> entry(String specification) {
        return CATALOGUE.entry(specification);
    }

    /**
     * The initialiser that suits an activation, this pack's or DL4J's own, with the reason. Its gains are the
     * {@linkplain GainKind#CONVENTIONAL conventional} ones.
     */
    public static Recommendation recommendedFor(IActivation activation) {
        return RULES.stream()
                .filter(rule -> rule.matches.apply(activation))
                .findFirst()
                .orElseThrow()
                .recommend
                .apply(activation);
    }

    private static Recommendation conventional(IWeightInit initializer, String reason) {
        return new Recommendation(initializer, GainKind.CONVENTIONAL, reason);
    }

    private static Recommendation leaky(double slope) {
        return conventional(
                He.normal().withNegativeSlope(Math.abs(slope)), // only its square matters, and DL4J allows any
                "a rectifier with negative slope " + slope + " keeps (1 + slope^2)/2 of the signal's second moment");
    }

    private static Distribution distribution(Arguments arguments) {
        return arguments.choice("distribution", Distribution.class);
    }

    private static <A extends IActivation> Rule rule(Class<A> type, Function<A, Recommendation> recommend) {
        return new Rule(type::isInstance, activation -> recommend.apply(type.cast(activation)));
    }

    private static Rule rule(Set<Class<? extends IActivation>> types, IWeightInit initializer, String reason) {
        return new Rule(
                activation -> types.stream().anyMatch(type -> type.isInstance(activation)),
                activation -> conventional(initializer, reason));
    }

    private record Rule(Function<IActivation, Boolean> matches, Function<IActivation, Recommendation> recommend) {}
}
