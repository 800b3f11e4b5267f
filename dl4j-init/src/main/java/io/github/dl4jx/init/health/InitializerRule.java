package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import io.github.dl4jx.init.Dirac;
import io.github.dl4jx.init.GainKind;
import io.github.dl4jx.init.GaussianMoments;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.NguyenWidrow;
import io.github.dl4jx.init.NguyenWidrowMatlab;
import io.github.dl4jx.init.Orthogonal;
import io.github.dl4jx.init.Recommendation;
import io.github.dl4jx.init.data.Moments;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.deeplearning4j.nn.weights.WeightInitIdentity;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Whether the initialiser of hidden dense and convolutional layers suits their activation, by the variance that it draws. Any
 * variance fits that somebody has a reason for: {@link Initializers#recommendedFor}'s, the conventional gain's, the one that
 * keeps the signal's second moment and the one that keeps the gradient's, each by fan-in, fan-out or their mean; of SELU, which
 * needs one variance, that one alone. The ratios of those that do not fit multiply up on their way through the network, and
 * that is what is judged; where branches meet, the strongest signal counts. Layers in front of a batch normalisation are left
 * out, and so are weights that nobody drew.
 */
final class InitializerRule {
    private static final String RULE = "initialiser";

    /** A ratio nearer to 1 is none: initialisers differ by a little for good reasons. */
    private static final double FITS = 1.6;

    /** Over all layers, of the variance: a tenth of the standard deviation, which is where training gets slow. */
    private static final double CHAIN = 100;

    /** Of a standard normal distribution: once in a million times a value is outside. */
    private static final double MILLIONTH = 4.9;

    private static final Set<Class<?>> NOT_BY_VARIANCE = Set.of(
            Dirac.class, NguyenWidrow.class, NguyenWidrowMatlab.class, Orthogonal.class, WeightInitIdentity.class);

    private final Subject subject;
    private final Map<String, Misfit> misfits = new LinkedHashMap<>();
    private final Map<String, Product> products = new HashMap<>();
    private final Map<String, Product> totals = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    private InitializerRule(Subject subject) {
        this.subject = subject;
    }

    /** @param ratio of the variance to the nearest that fits */
    private record Misfit(
            ConfigurationNode node, Object activation, IWeightInit initializer, Recommendation advice, double ratio) {}

    /** Of the ratios along a path. */
    private record Product(double value, int factors) {
        static final Product NONE = new Product(1, 0);

        Product times(@Nullable Misfit misfit) {
            return misfit == null ? this : new Product(value * misfit.ratio, factors + 1);
        }

        /** How far it is from 1, either way. */
        double size() {
            return Math.abs(Math.log(value));
        }
    }

    static List<Finding> check(Subject subject) {
        InitializerRule rule = new InitializerRule(subject);
        subject.nodes().forEach(rule::check);
        rule.judge();
        return rule.findings;
    }

    private void check(ConfigurationNode node) {
        if (!plain(node) || node.frozen() || !subject.hidden(node)) {
            return;
        }
        FeedForwardLayer layer = (FeedForwardLayer) node.part();
        Object activation = activation(node, new HashSet<>());
        if (activation == null || layer.getNIn() <= 0 || layer.getNOut() <= 0 || !drawn(subject, node)) {
            return;
        }
        IWeightInit initializer = layer.getWeightInitFn();
        if (!byVariance(initializer)) {
            return;
        }
        Recommendation advice = advice(activation);
        InitialVariance fans = InitialVariance.of(layer);
        double variance = fans.of(initializer);
        if (variance == 0) {
            if (layer.getNOut() > 1 && !subject.built() && !beginsAtZeroBesideAShortcut(subject, node)) {
                findings.add(new Finding(
                        Severity.ERROR,
                        RULE,
                        node.label(),
                        "all its weights begin at the same number, so its " + layer.getNOut()
                                + " units are equal and do the work of one, until others draw them apart; where the next"
                                + " layer's weights are equal too, for ever",
                        suggestion(advice)));
            }
            return;
        }
        double ratio = misfit(variance, activation, advice, fans);
        if (ratio != 1) {
            misfits.put(node.key(), new Misfit(node, activation, initializer, advice, ratio));
        }
    }

    private static boolean plain(ConfigurationNode node) {
        return node.part() instanceof DenseLayer
                || node.part().getClass() == ConvolutionLayer.class
                || node.part().getClass() == Convolution2D.class;
    }

    private static boolean byVariance(IWeightInit initializer) {
        return !NOT_BY_VARIANCE.contains(initializer.getClass()) && !BuiltIns.isOrthogonal(initializer);
    }

    /**
     * Whether its weights are what its initialiser drew, as far as one can see: always of a configuration alone, else where
     * nothing was trained and the weights' own variance could be that of the initialiser's.
     */
    static boolean drawn(Subject subject, ConfigurationNode node) {
        INDArray weights = subject.parameters(node).get(DefaultParamInitializer.WEIGHT_KEY);
        if (weights == null || !plain(node)) {
            return !subject.built() || subject.untouched(node);
        }
        FeedForwardLayer layer = (FeedForwardLayer) node.part();
        if (!subject.untouched(node)) {
            return false;
        }
        if (!byVariance(layer.getWeightInitFn())) {
            return true;
        }
        double stated = InitialVariance.of(layer).of(layer.getWeightInitFn());
        double measured = Moments.of(weights).variance();
        if (stated == 0 || weights.length() == 1) {
            return stated == measured;
        }
        // the cube root of a mean of squares is nearly normal (Wilson and Hilferty 1931)
        double freedom = weights.length() - 1.0;
        double variance = 2 / (9 * freedom);
        return Math.abs(Math.cbrt(measured * weights.length() / freedom / stated) - (1 - variance))
                <= MILLIONTH * Math.sqrt(variance);
    }

    /** Weights of 0 at the end of a residual branch: the block begins as its shortcut, and what comes after breaks the symmetry. */
    static boolean beginsAtZeroBesideAShortcut(Subject subject, ConfigurationNode node) {
        INDArray weights = subject.parameters(node).get(DefaultParamInitializer.WEIGHT_KEY);
        boolean zero = weights != null
                ? Moments.of(weights).zeros() == 1
                : node.part() instanceof FeedForwardLayer layer
                        && (new WeightInitConstant(0).equals(layer.getWeightInitFn())
                                || layer.getWeightInitFn().toString().equals("constant(value=0.0)"));
        return zero
                && subject.after(node).stream()
                        .anyMatch(after -> after.part() instanceof ElementWiseVertex
                                || (after.part() instanceof BatchNormalization
                                        && subject.after(after).stream()
                                                .anyMatch(next -> next.part() instanceof ElementWiseVertex)));
    }

    private static Recommendation advice(Object activation) {
        return activation instanceof IActivation function
                ? Initializers.recommendedFor(function)
                : Initializers.recommendedFor((Layer) activation);
    }

    /** An {@link IActivation}, or an activation that is a layer; null where there is none, or a normalisation first. */
    private @Nullable Object activation(ConfigurationNode node, Set<String> seen) {
        IActivation own = Subject.activation(node);
        if (node.isActivation()) {
            return node.part();
        }
        if (own != null && !ConfigurationNode.isIdentity(own)) {
            // its scale does not matter where the next one takes it off again
            return subject.after(node).stream().anyMatch(after -> after.part() instanceof BatchNormalization)
                    ? null
                    : own;
        }
        if (node.part() instanceof BatchNormalization || !seen.add(node.key())) {
            return null;
        }
        for (ConfigurationNode after : subject.after(node)) {
            if (!after.hasWeights() || after.part() instanceof ActivationLayer || after.isActivation()) {
                return activation(after, seen);
            }
        }
        return null;
    }

    /** 1 where the variance fits, else its ratio to the recommended one, by the fan that is nearer. */
    private static double misfit(double variance, Object activation, Recommendation advice, InitialVariance fans) {
        IWeightInit recommended = advice.initializer();
        if (ConfigurationNode.isSelu(activation)) {
            return ratio(variance, DoubleStream.of(fans.of(recommended)));
        }
        double ratio = ratio(
                variance,
                DoubleStream.of(
                        fans.withFans(fans.fanIn(), fans.fanIn()).of(recommended),
                        fans.withFans(fans.fanOut(), fans.fanOut()).of(recommended)));
        if (ratio == 1 || !(activation instanceof IActivation function)) {
            return ratio;
        }
        double[] others = gains(function)
                .flatMap(gain -> DoubleStream.of(gain / fans.fanIn(), gain / fans.fanOut()))
                .toArray();
        return others.length > 0 && between(variance, ratio, others) ? 1 : ratio;
    }

    /** Whether a variance that is off by a ratio is so by less than another that fits. */
    private static boolean between(double variance, double ratio, double... others) {
        double byOthers = ratio(variance, DoubleStream.of(others));
        return byOthers == 1 || (byOthers < 1) != (ratio < 1);
    }

    private static double ratio(double variance, DoubleStream fitting) {
        DoubleSummaryStatistics range = fitting.summaryStatistics();
        double ratio = variance < range.getMin() ? variance / range.getMin() : Math.max(1, variance / range.getMax());
        return ratio < FITS && ratio > 1 / FITS ? 1 : ratio;
    }

    /** Squared: what keeps the signal's second moment, the gradient's, and what is conventional. */
    private static DoubleStream gains(IActivation activation) {
        List<Double> gains = new ArrayList<>();
        try {
            GaussianMoments moments = GaussianMoments.of(activation, 1);
            gains.add(1 / moments.secondMoment());
            gains.add(1 / moments.slopeSecondMoment());
            double conventional = GainKind.CONVENTIONAL.of(activation);
            gains.add(conventional * conventional);
        } catch (IllegalArgumentException e) {
            // softmax and others that are no function of one number, or have no conventional gain
        }
        return gains.stream().mapToDouble(Double::doubleValue).filter(Double::isFinite);
    }

    /** Of the ratios from the input to a node's output, along the path whose signal is the strongest. */
    private Product product(ConfigurationNode node) {
        Product known = products.get(node.key());
        if (known == null) {
            known = forgets(node) ? Product.NONE : strongest(node).times(misfits.get(node.key()));
            products.put(node.key(), known);
        }
        return known;
    }

    private Product strongest(ConfigurationNode node) {
        Product strongest = null;
        for (ConfigurationNode before : subject.before(node)) {
            Product product = product(before);
            strongest = strongest == null || product.value > strongest.value ? product : strongest;
        }
        return strongest == null || (subject.first(node) && strongest.value < 1) ? Product.NONE : strongest;
    }

    /** It takes the scale of its input off. */
    private static boolean forgets(ConfigurationNode node) {
        return node.part() instanceof BatchNormalization
                || node.part() instanceof L2NormalizeVertex
                || (node.part() instanceof DenseLayer dense && dense.hasLayerNorm());
    }

    /** The product at the end of the way on which a node's signal is the strongest; 1 where another's is. */
    private Product total(ConfigurationNode node) {
        Product known = totals.get(node.key());
        if (known == null) {
            Product own = product(node);
            List<ConfigurationNode> after = subject.after(node);
            known = after.isEmpty() ? own : Product.NONE;
            for (ConfigurationNode next : after) {
                if (!forgets(next) && strongest(next).equals(own)) {
                    Product further = total(next);
                    known = further.size() > known.size() ? further : known;
                }
            }
            totals.put(node.key(), known);
        }
        return known;
    }

    private void judge() {
        for (Misfit misfit : misfits.values()) {
            Product total = total(misfit.node);
            boolean matters = total.size() >= Math.log(CHAIN);
            String together = total.factors <= 1
                    ? ""
                    : String.format(
                            Locale.ROOT, ", and %.2g times over the %d layers like this", total.value, total.factors);
            findings.add(new Finding(
                    matters || ConfigurationNode.isSelu(misfit.activation) ? Severity.WARNING : Severity.NOTE,
                    RULE,
                    misfit.node.label(),
                    String.format(
                            Locale.ROOT,
                            "the weights before %s have %.2g times the variance that suits it%s (%s)",
                            name(misfit.activation),
                            misfit.ratio,
                            together,
                            name(misfit.initializer)),
                    suggestion(misfit.advice)));
        }
    }

    private static String suggestion(Recommendation advice) {
        return Initializers.canonical(advice.initializer().toString()) + ", since " + advice.reason();
    }

    private static String name(Object part) {
        return part instanceof IActivation || part.getClass().getName().startsWith("io.github.dl4jx")
                ? part.toString()
                : part.getClass().getSimpleName();
    }
}
