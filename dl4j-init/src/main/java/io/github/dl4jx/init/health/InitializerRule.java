package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import io.github.dl4jx.init.Dirac;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.NguyenWidrow;
import io.github.dl4jx.init.NguyenWidrowMatlab;
import io.github.dl4jx.init.Orthogonal;
import io.github.dl4jx.init.Recommendation;
import io.github.dl4jx.init.data.Moments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitIdentity;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Whether the initialiser of hidden dense and convolutional layers suits their activation: the variance that it draws, by that
 * of {@link Initializers#recommendedFor}. In a chain of layers the ratios multiply up, so a chain is what is judged. Layers in
 * front of a batch normalisation are left out.
 */
final class InitializerRule {
    private static final String RULE = "initialiser";

    /** A ratio nearer to 1 is none: it is drawn from a sample, and initialisers differ by a little for good reasons. */
    private static final double FITS = 1.6;

    /** Over all layers, of the variance: a tenth of the standard deviation, which is where training gets slow. */
    private static final double CHAIN = 100;

    /** Side of the largest sample. */
    private static final long SAMPLE = 256;

    private static final Set<Class<?>> NOT_BY_VARIANCE = Set.of(
            Dirac.class, NguyenWidrow.class, NguyenWidrowMatlab.class, Orthogonal.class, WeightInitIdentity.class);

    private final Configuration configuration;
    private final List<Misfit> misfits = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

    private InitializerRule(Configuration configuration) {
        this.configuration = configuration;
    }

    /** @param ratio of the variance to the recommended one */
    private record Misfit(
            ConfigurationNode node, Object activation, IWeightInit initializer, Recommendation advice, double ratio) {}

    static List<Finding> check(Configuration configuration) {
        InitializerRule rule = new InitializerRule(configuration);
        Random random = Nd4j.getRandom();
        long root = random.rootState();
        long node = random.nodeState();
        try {
            configuration.nodes().forEach(rule::check);
        } finally {
            random.setStates(root, node); // what the user draws next does not depend on whether somebody looked
        }
        rule.judge();
        return rule.findings;
    }

    private void check(ConfigurationNode node) {
        Object part = node.part();
        boolean plain = part instanceof DenseLayer
                || part.getClass() == ConvolutionLayer.class
                || part.getClass() == Convolution2D.class;
        if (!plain || node.frozen() || !configuration.hidden(node)) {
            return;
        }
        FeedForwardLayer layer = (FeedForwardLayer) part;
        Object activation = activation(node, new HashSet<>());
        if (activation == null || layer.getNIn() <= 0 || layer.getNOut() <= 0) {
            return;
        }
        IWeightInit initializer = layer.getWeightInitFn();
        if (NOT_BY_VARIANCE.contains(initializer.getClass())) {
            return;
        }
        Recommendation advice = advice(activation);
        INDArray drawn = draw(initializer, layer);
        if (layer.getNOut() > 1
                && drawn.minNumber().doubleValue() == drawn.maxNumber().doubleValue()) {
            findings.add(new Finding(
                    Severity.ERROR,
                    RULE,
                    node.label(),
                    "all its weights begin at " + drawn.getDouble(0) + ", so its " + layer.getNOut()
                            + " units are equal, get equal gradients and stay equal: they do the work of one",
                    suggestion(advice)));
            return;
        }
        double ratio = variance(drawn) / variance(draw(advice.initializer(), layer));
        if (!(ratio < FITS && ratio > 1 / FITS)) {
            misfits.add(new Misfit(node, activation, initializer, advice, ratio));
        }
    }

    private static Recommendation advice(Object activation) {
        return activation instanceof IActivation function
                ? Initializers.recommendedFor(function)
                : Initializers.recommendedFor((Layer) activation);
    }

    /** An {@link IActivation}, or an activation that is a layer; null where there is none, or a normalisation first. */
    private @Nullable Object activation(ConfigurationNode node, Set<String> seen) {
        IActivation own = Configuration.activation(node);
        if (node.isActivation()) {
            return node.part();
        }
        if (own != null && !ConfigurationNode.isIdentity(own)) {
            // its scale does not matter where the next one takes it off again
            return configuration.after(node).stream().anyMatch(after -> after.part() instanceof BatchNormalization)
                    ? null
                    : own;
        }
        if (node.part() instanceof BatchNormalization || !seen.add(node.key())) {
            return null;
        }
        for (ConfigurationNode after : configuration.after(node)) {
            if (!after.hasWeights() || after.part() instanceof ActivationLayer || after.isActivation()) {
                return activation(after, seen);
            }
        }
        return null;
    }

    private static INDArray draw(IWeightInit initializer, FeedForwardLayer layer) {
        long places = 1;
        long strides = 1;
        if (layer instanceof ConvolutionLayer convolution) {
            places = product(convolution.getKernelSize());
            strides = product(convolution.getStride());
        }
        double fanIn = (double) layer.getNIn() * places;
        double fanOut = (double) layer.getNOut() * places / strides;
        long[] shape = layer instanceof ConvolutionLayer convolution
                ? LongStream.concat(
                                LongStream.of(smaller(layer.getNOut()), smaller(layer.getNIn())),
                                Arrays.stream(convolution.getKernelSize()).asLongStream())
                        .toArray()
                : new long[] {smaller(layer.getNIn()), smaller(layer.getNOut())};
        long length = LongStream.of(shape).reduce(1, (a, b) -> a * b);
        char order = layer instanceof ConvolutionLayer ? 'c' : IWeightInit.DEFAULT_WEIGHT_INIT_ORDER;
        return initializer.init(fanIn, fanOut, shape, order, Nd4j.create(DataType.FLOAT, length));
    }

    private static long smaller(long size) {
        return Math.min(size, SAMPLE);
    }

    private static long product(int[] sizes) {
        return Arrays.stream(sizes).asLongStream().reduce(1, (a, b) -> a * b);
    }

    private static double variance(INDArray weights) {
        double deviation = Moments.of(weights).standardDeviation();
        return deviation * deviation;
    }

    private void judge() {
        double product = misfits.stream().mapToDouble(Misfit::ratio).reduce(1, (a, b) -> a * b);
        boolean matters = product <= 1 / CHAIN || product >= CHAIN;
        for (Misfit misfit : misfits) {
            String together = misfits.size() == 1
                    ? ""
                    : String.format(
                            Locale.ROOT, ", and %.2g times over the %d layers like this", product, misfits.size());
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
