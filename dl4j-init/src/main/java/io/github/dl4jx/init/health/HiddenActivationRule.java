package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import io.github.dl4jx.init.data.Moments;
import io.github.dl4jx.init.data.Slopes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Whether hidden layers have the activation that they were meant to have, and one that lets a gradient pass. */
final class HiddenActivationRule {
    private static final String RULE = "hidden-activation";

    private final Subject subject;
    private final List<Finding> findings = new ArrayList<>();

    private HiddenActivationRule(Subject subject) {
        this.subject = subject;
    }

    static List<Finding> check(Subject subject) {
        HiddenActivationRule rule = new HiddenActivationRule(subject);
        for (ConfigurationNode node : subject.nodes()) {
            IActivation activation = Subject.activation(node);
            if (activation != null && subject.hidden(node) && !node.frozen()) {
                rule.flat(node, activation);
                rule.forgotten(node, activation);
                rule.linear(node, activation);
            }
        }
        return rule.findings;
    }

    /** A slope of 0 wherever one looks. */
    private void flat(ConfigurationNode node, IActivation activation) {
        INDArray slopes = Slopes.of(
                activation, Nd4j.linspace(-20, 20, 161, DataType.FLOAT).reshape(1, 161));
        if (slopes != null && Moments.of(slopes).zeros() == 1) {
            add(
                    Severity.ERROR,
                    node,
                    "the slope of " + activation
                            + " is 0 everywhere: no gradient passes it, and nothing before it learns",
                    "an activation with a slope, or a straight-through one, as step(gradient=straight_through)");
        }
    }

    /** DL4J's own sigmoid, which a layer has that was given no activation, in a network of rectifiers. */
    private void forgotten(ConfigurationNode node, IActivation activation) {
        if (activation.getClass() != ActivationSigmoid.class || !Subject.weighted(node)) {
            return;
        }
        List<IActivation> others = subject.hiddenActivations().stream()
                .filter(other -> !(other instanceof ActivationSigmoid))
                .toList();
        if (others.isEmpty() || !others.stream().allMatch(HiddenActivationRule::rectifier)) {
            return;
        }
        boolean between = rectifier(next(node, subject::before)) && rectifier(next(node, subject::after));
        long units = ((FeedForwardLayer) node.part()).getNOut();
        boolean narrow = weightsAfter(node).stream().anyMatch(after -> units < after.getNOut());
        add(
                between && !narrow ? Severity.WARNING : Severity.NOTE,
                node,
                "its activation is sigmoid, which DL4J takes where none is given, and all others are " + others.get(0)
                        + " and the like",
                "set its activation; of a code or a gate that shall lie in (0, 1) sigmoid is right");
    }

    /** The activation that is met next in a chain of layers, the way that is walked; null at a branch or the end. */
    private static @Nullable IActivation next(
            ConfigurationNode node, Function<ConfigurationNode, List<ConfigurationNode>> way) {
        List<ConfigurationNode> neighbours = way.apply(node);
        if (neighbours.size() != 1 || !Subject.layer(neighbours.get(0)) || Subject.loss(neighbours.get(0))) {
            return null;
        }
        IActivation activation = Subject.activation(neighbours.get(0));
        return activation == null || ConfigurationNode.isIdentity(activation)
                ? next(neighbours.get(0), way)
                : activation;
    }

    /** Grows with what is large, and cuts or bends what is below 0. */
    private static boolean rectifier(@Nullable IActivation activation) {
        if (activation == null) {
            return false;
        }
        double[] ends = activation
                .getActivation(Nd4j.createFromArray(new float[][] {{-20, 20}}), false)
                .toDoubleVector();
        return ends[1] > 5 && ends[0] > -10;
    }

    /** Two linear maps in a row are one, unless the first leaves out dimensions on purpose. */
    private void linear(ConfigurationNode node, IActivation activation) {
        if (!ConfigurationNode.isIdentity(activation) || !mixing(node)) {
            return;
        }
        FeedForwardLayer layer = (FeedForwardLayer) node.part();
        List<ConfigurationNode> after = subject.after(node);
        boolean wide = !after.isEmpty()
                && after.stream()
                        .allMatch(next -> (mixing(next) || output(next))
                                && layer.getNOut()
                                        >= Math.min(layer.getNIn(), ((FeedForwardLayer) next.part()).getNOut()));
        if (wide) {
            add(
                    Severity.WARNING,
                    node,
                    "no activation stands between it and " + after.get(0).label()
                            + ": the two linear layers compute no more than one",
                    "an activation, or one layer in place of the two");
        }
    }

    private static boolean mixing(ConfigurationNode node) {
        Object part = node.part();
        return part instanceof DenseLayer dense
                ? !dense.hasLayerNorm()
                : part.getClass() == ConvolutionLayer.class || part.getClass() == Convolution2D.class;
    }

    /** A centre loss wants a linear layer before it, whose values it compares. */
    private static boolean output(ConfigurationNode node) {
        return node.part() instanceof BaseOutputLayer && !(node.part() instanceof CenterLossOutputLayer);
    }

    private List<FeedForwardLayer> weightsAfter(ConfigurationNode node) {
        List<FeedForwardLayer> layers = new ArrayList<>();
        for (ConfigurationNode after : subject.after(node)) {
            if (after.part() instanceof FeedForwardLayer layer && !(layer instanceof BatchNormalization)) {
                layers.add(layer);
            } else {
                layers.addAll(weightsAfter(after));
            }
        }
        return layers;
    }

    private void add(Severity severity, ConfigurationNode node, String message, String suggestion) {
        findings.add(new Finding(severity, RULE, node.label(), message, suggestion));
    }
}
