package io.github.dl4jx.init;

import io.github.dl4jx.activations.ABReLU;
import io.github.dl4jx.activations.CELU;
import io.github.dl4jx.activations.ELU;
import io.github.dl4jx.activations.GELU;
import io.github.dl4jx.activations.HardSigmoid;
import io.github.dl4jx.activations.HardSwish;
import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.LeakyReLU;
import io.github.dl4jx.activations.Mish;
import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.ReLU6;
import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.ShiftedSoftplus;
import io.github.dl4jx.activations.Softplus;
import io.github.dl4jx.activations.Softsign;
import io.github.dl4jx.activations.Step;
import io.github.dl4jx.activations.Swish;
import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.activations.layer.AReLU;
import io.github.dl4jx.activations.layer.CReLU;
import io.github.dl4jx.activations.layer.Maxout;
import io.github.dl4jx.activations.layer.PReLU;
import io.github.dl4jx.activations.layer.ParametricSwish;
import io.github.dl4jx.activations.layer.RReLU;
import io.github.dl4jx.catalogue.Arguments;
import io.github.dl4jx.catalogue.Catalogue;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.jspecify.annotations.Nullable;
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
                    Entry.<IWeightInit>of("constant", Constant.class, a -> new Constant(a.number("value")))
                            .parameter(Parameter.number("value", 0, "finite"))
                            .formula("w = value")
                            .source("teaching case: symmetry is never broken")
                            .use(
                                    "to see what breaking the symmetry is for; for weights that something else fills later")
                            .otherwise("all units of a layer compute the same, get the same update and stay the same")
                            .build(),
                    Entry.<IWeightInit>of("dirac", Dirac.class, a -> new Dirac(a.number("gain")))
                            .aliases("identity", "delta")
                            .parameter(Parameter.number("gain", 1, "> 0"))
                            .formula("w[i, i] = gain at the kernel's centre, all others 0")
                            .source("Zagoruyko and Komodakis 2017, arXiv:1706.00388; Le et al. 2015, arXiv:1504.00941")
                            .use("recurrent weights of ReLU units; convolutions that start as if they were not there")
                            .otherwise("units beyond the number of inputs stay at 0 and behind a ReLU learn nothing;"
                                    + " without a residual path or noise beside it, channels start out unmixed")
                            .build(),
                    Entry.<IWeightInit>of("gaussian", Gaussian.class, a -> new Gaussian(a.number("std")))
                            .aliases("normal")
                            .parameter(Parameter.number("std", Gaussian.DEFAULT_STANDARD_DEVIATION, ">= 0"))
                            .formula("N(0, std^2)")
                            .source("teaching case: small std vanishes, large std saturates")
                            .use("where a paper states a standard deviation; to see what the fan is for")
                            .otherwise("the signal shrinks or grows with each layer by std*sqrt(fanIn) times the"
                                    + " activation's factor, whatever the layers' sizes")
                            .build(),
                    Entry.<IWeightInit>of(
                                    "he",
                                    He.class,
                                    a -> new He(distribution(a), a.choice("fan", Fan.class), a.number("slope")))
                            .aliases("kaiming")
                            .parameter(Parameter.choice("distribution", Distribution.NORMAL))
                            .parameter(Parameter.choice("fan", Fan.IN))
                            .parameter(Parameter.number("slope", 0, ">= 0"))
                            .formula("variance 2/((1 + slope^2)*fan)")
                            .source("He et al. 2015, arXiv:1502.01852")
                            .use("ReLU and what resembles it; with slope, leaky rectifiers")
                            .otherwise(
                                    "with Xavier or LeCun in its place a ReLU network loses half of its second moment in"
                                            + " each layer; with tanh or SELU behind it, units saturate")
                            .build(),
                    Entry.<IWeightInit>of("lecun", LeCun.class, a -> new LeCun(distribution(a), a.number("gain")))
                            .parameter(Parameter.choice("distribution", Distribution.NORMAL))
                            .parameter(Parameter.number("gain", 1, "> 0"))
                            .formula("variance gain^2/fanIn")
                            .source("LeCun et al. 1998, Efficient BackProp")
                            .use("SELU, in the normal form and with gain 1; with a gain, any activation")
                            .otherwise("SELU's fixed point, mean 0 and variance 1, holds for no other variance of the"
                                    + " weights; with gain 1 a ReLU network's signal vanishes")
                            .build(),
                    Entry.<IWeightInit>of("nguyen-widrow", NguyenWidrow.class, a -> new NguyenWidrow())
                            .aliases("nguyenwidrow", "nguyen_widrow")
                            .formula("each unit's weights have norm 0.7*H^(1/N), H units of N inputs;"
                                    + " biases U(-norm, norm)")
                            .source("Nguyen and Widrow 1990, IJCNN")
                            .use("one hidden layer of sigmoid or tanh units, few inputs in [-1, 1]")
                            .otherwise("without NguyenWidrow.initializeBiases all units' active regions cross at the"
                                    + " origin; in deep networks the norm has nothing to do with the signal")
                            .build(),
                    Entry.<IWeightInit>of(
                                    "nguyen-widrow-matlab",
                                    NguyenWidrowMatlab.class,
                                    a -> new NguyenWidrowMatlab(
                                            a.number("low"), a.number("high"), a.numbers("min"), a.numbers("max")))
                            .aliases("initnw")
                            .parameter(Parameter.number("low", -2, "finite: the active region's begin"))
                            .parameter(Parameter.number("high", 2, "> low"))
                            .parameter(Parameter.number("min", -1, "finite: the inputs' least value, or each one's"))
                            .parameter(Parameter.number("max", 1, ">= min"))
                            .formula(
                                    "as nguyen-widrow over the inputs that vary, times (high - low)/(max - min); biases"
                                            + " evenly spread over [low, high]")
                            .source("MathWorks, Deep Learning Toolbox, initnw")
                            .use("as nguyen-widrow, where the inputs' ranges are known: low, high = -2, 2 for tanh,"
                                    + " -4, 4 for sigmoid")
                            .otherwise("inputs outside [min, max] meet saturated units; without"
                                    + " NguyenWidrow.initializeBiases the regions are not spread")
                            .build(),
                    Entry.<IWeightInit>of("orthogonal", Orthogonal.class, a -> new Orthogonal(a.number("gain")))
                            .parameter(Parameter.number("gain", 1, "> 0"))
                            .formula("gain*Q*sign(diag R), Q*R = A, A of independent N(0, 1)")
                            .source("Saxe et al. 2013, arXiv:1312.6120")
                            .use("recurrent weights; very deep networks, with the gain of their activation")
                            .otherwise("the product of many Gaussian matrices stretches some directions and crushes the"
                                    + " others, though the mean length stays; the factorisation takes n^3, minutes beyond"
                                    + " 10,000 units")
                            .build(),
                    Entry.<IWeightInit>of(
                                    "random-walk",
                                    RandomWalk.class,
                                    a -> new RandomWalk(
                                            a.choice("form", RandomWalk.Form.class), a.number("m2"), a.number("m4")))
                            .aliases("sussillo-abbott")
                            .parameter(Parameter.choice("form", RandomWalk.Form.SLOPES))
                            .parameter(Parameter.number("m2", 1, "> 0: E f'^2, of slopes alone"))
                            .parameter(Parameter.number("m4", 1, ">= m2^2: E f'^4, of slopes alone"))
                            .formula("variance g^2/fanIn; g = exp((3*m4/m2^2 - 1)/(4*fanIn))/sqrt(m2); relu:"
                                    + " sqrt(2)*exp(1.2/(max(fanIn, 6) - 2.4)); tanh: 1.15")
                            .source("Sussillo and Abbott 2014, arXiv:1412.6558")
                            .use(
                                    "hundreds of narrow layers without normalisation; RandomWalk.forActivation finds m2, m4")
                            .otherwise("He keeps the mean square of the gradient, and the typical gradient shrinks by"
                                    + " exp(-5/(4*fanIn)) in each ReLU layer: by e after 80 layers of 100 units")
                            .build(),
                    Entry.<IWeightInit>of("uniform", Uniform.class, a -> new Uniform(a.number("limit")))
                            .parameter(Parameter.number("limit", Uniform.DEFAULT_LIMIT, ">= 0"))
                            .formula("U(-limit, limit)")
                            .source("teaching case, as gaussian")
                            .use("as gaussian")
                            .otherwise("as gaussian, with std = limit/sqrt(3)")
                            .build(),
                    Entry.<IWeightInit>of("xavier", Xavier.class, a -> new Xavier(distribution(a), a.number("gain")))
                            .aliases("glorot")
                            .parameter(Parameter.choice("distribution", Distribution.UNIFORM))
                            .parameter(Parameter.number("gain", 1, "> 0"))
                            .formula("variance gain^2*2/(fanIn + fanOut)")
                            .source("Glorot and Bengio 2010, AISTATS")
                            .use("sigmoid, tanh, softmax and linear units: nearly linear around 0")
                            .otherwise(
                                    "in a deep ReLU network the signal vanishes; with much larger weights sigmoid and"
                                            + " tanh saturate")
                            .build()));

    /** First match wins; the last row matches everything. */
    private static final List<Rule> RULES = List.of(
            rule(LeakyReLU.class, a -> leaky(a.getNegativeSlope())),
            rule(ActivationLReLU.class, a -> leaky(a.getAlpha())),
            rule(ActivationRReLU.class, a -> leaky((a.getL() + a.getU()) / 2)),
            rule(
                    Set.of(
                            ReLU.class,
                            ReLU6.class,
                            ABReLU.class,
                            ActivationReLU.class,
                            ActivationReLU6.class,
                            ActivationThresholdedReLU.class,
                            ActivationPReLU.class),
                    He.normal(),
                    GainKind.CONVENTIONAL,
                    "a rectifier cuts half of the signal's second moment, which twice the variance restores"),
            rule(
                    Set.of(
                            Swish.class,
                            HardSwish.class,
                            Mish.class,
                            GELU.class,
                            ELU.class,
                            CELU.class,
                            ActivationSwish.class,
                            ActivationMish.class,
                            ActivationGELU.class,
                            ActivationELU.class),
                    He.normal(),
                    GainKind.CONVENTIONAL,
                    "a smooth rectifier, treated by convention as the ReLU that it approaches for large inputs"),
            rule(
                    Set.of(SELU.class, ActivationSELU.class),
                    LeCun.normal(),
                    GainKind.SECOND_MOMENT,
                    "SELU's fixed point, mean 0 and variance 1, assumes weights of variance 1/fanIn"),
            rule(
                    Set.of(
                            ActivationSigmoid.class, // and Sigmoid and Softmax, which extend DL4J's classes
                            HardSigmoid.class,
                            Tanh.class,
                            Softsign.class,
                            Step.class,
                            ActivationHardSigmoid.class,
                            ActivationSoftmax.class,
                            ActivationTanH.class,
                            ActivationHardTanH.class,
                            ActivationRationalTanh.class,
                            ActivationRectifiedTanh.class,
                            ActivationSoftSign.class),
                    Xavier.uniform(),
                    null,
                    "saturates on both sides, and is nearly linear between: Glorot's balance of fan-in and fan-out"),
            rule(
                    Set.of(
                            Identity.class,
                            Softplus.class,
                            ShiftedSoftplus.class,
                            ActivationIdentity.class,
                            ActivationSoftPlus.class,
                            ActivationCube.class),
                    Xavier.uniform(),
                    null,
                    "no rectifier and no fixed point: Glorot's balance for linear units"),
            new Rule(
                    activation -> true,
                    activation -> new Recommendation(
                            Xavier.uniform(),
                            null,
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
     * The initialiser that suits an activation, this pack's or DL4J's own, with the reason. {@link Recommendation#gain()}
     * says which kind of gain is in it: {@link GainKind#CONVENTIONAL} for rectifiers and what convention treats like
     * them, {@link GainKind#SECOND_MOMENT} for SELU, and none where Xavier's paper is followed, which has none, not even
     * for tanh.
     */
    public static Recommendation recommendedFor(IActivation activation) {
        return RULES.stream()
                .filter(rule -> rule.matches.apply(activation))
                .findFirst()
                .orElseThrow()
                .recommend
                .apply(activation);
    }

    /**
     * The initialiser that suits the weights in front of an activation that is a layer of its own, this pack's or
     * DL4J's, with the reason. The gains are as in {@link #recommendedFor(IActivation)}.
     */
    public static Recommendation recommendedFor(Layer activation) {
        if (activation instanceof PReLU prelu) {
            return leaky(prelu.getInitialSlope());
        }
        if (activation instanceof RReLU rrelu) {
            return leaky((rrelu.getLower() + rrelu.getUpper()) / 2);
        }
        if (activation instanceof AReLU arelu) {
            double below = arelu.getInitialAlpha();
            double above = 1 + 1 / (1 + Math.exp(-arelu.getInitialBeta()));
            // a leaky rectifier keeps (1 + slope²)/2 of the second moment, this one (below² + above²)/2
            return conventional(
                    He.normal().withNegativeSlope(Math.sqrt(below * below + above * above - 1)),
                    "slopes " + below + " and " + above + " keep half the sum of their squares of the second moment");
        }
        if (activation instanceof ParametricSwish) {
            return conventional(He.normal(), "as Swish: treated by convention as the ReLU that it approaches");
        }
        if (activation instanceof CReLU) {
            return conventional(He.normal(), "each of its halves is a ReLU, which cuts half of the second moment");
        }
        if (activation instanceof Maxout) {
            return new Recommendation(
                    LeCun.normal(),
                    GainKind.SECOND_MOMENT,
                    "the larger of two independent pieces keeps the second moment: E[max(z1, z2)^2] = 1");
        }
        if (activation instanceof ActivationLayer layer) {
            return recommendedFor(layer.getActivationFn());
        }
        return new Recommendation(
                Xavier.uniform(),
                null,
                "nothing is known of " + activation.getClass().getSimpleName() + ": Glorot's balance for linear units");
    }

    /**
     * Draws the weights of a network anew, each layer's by the fans that a unit really has; {@link NamedInitializer} lists
     * where DL4J states others. Dense and output layers, all convolutions, recurrent and embedding layers, variational
     * autoencoders, also inside of wrappers, get new weights; of a gated layer each gate by itself, of a depthwise
     * convolution each channel. Biases, learned slopes, normalisations, frozen layers, peepholes and kinds that are not
     * known keep what they have, and so does the updater's state. Transposed convolutions are taken as [outputs, inputs,
     * k...], like ordinary ones.
     *
     * <pre>{@code
     * network.init();
     * Nd4j.getRandom().setSeed(42);
     * System.out.println(Initializers.apply(network, new Orthogonal()));
     * }</pre>
     *
     * <p>Draws come from {@code Nd4j.getRandom()}, layer by layer in the network's order: the same seed gives the same
     * weights. {@link NguyenWidrow} and {@link NguyenWidrowMatlab} take dense and ordinary convolutional layers alone; their
     * biases come by {@link NguyenWidrow#initializeBiases}, from networks configured with them.
     *
     * @param network initialised; its configuration is not changed
     * @param initializer this pack's or any other
     * @return what was done to each parameter
     * @throws IllegalStateException if the network is not initialised
     * @throws IllegalArgumentException if the initialiser refuses weights; those before them are new by then
     */
    public static InitializationReport apply(MultiLayerNetwork network, IWeightInit initializer) {
        return NetworkWeights.fill(network, initializer);
    }

    /** The same for a graph; see {@link #apply(MultiLayerNetwork, IWeightInit)}. */
    public static InitializationReport apply(ComputationGraph graph, IWeightInit initializer) {
        return NetworkWeights.fill(graph, initializer);
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

    private static Rule rule(
            Set<Class<? extends IActivation>> types, IWeightInit initializer, @Nullable GainKind gain, String reason) {
        Recommendation recommendation = new Recommendation(initializer, gain, reason);
        return new Rule(
                activation -> types.stream().anyMatch(type -> type.isInstance(activation)),
                activation -> recommendation);
    }

    private record Rule(Function<IActivation, Boolean> matches, Function<IActivation, Recommendation> recommend) {}
}
