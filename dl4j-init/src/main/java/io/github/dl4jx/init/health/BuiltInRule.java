package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** DL4J's own parts whose numbers are unsafe, by {@link BuiltIns}, or which do not do what they are set to. */
final class BuiltInRule {
    private final List<Finding> findings = new ArrayList<>();

    private BuiltInRule() {}

    static List<Finding> check(Subject subject) {
        BuiltInRule rule = new BuiltInRule();
        subject.nodes().forEach(node -> rule.check(subject, node));
        return rule.findings;
    }

    private void check(Subject subject, ConfigurationNode node) {
        IActivation activation = Subject.activation(node);
        if (activation != null) {
            add(node, BuiltIns.of(activation));
        }
        if (node.part() instanceof BaseLayer layer
                && node.hasWeights()
                && layer.getWeightInitFn() != null
                && InitializerRule.drawn(subject, node)) {
            add(node, BuiltIns.of(layer.getWeightInitFn()));
        }
        if (node.part() instanceof ConvolutionLayer layer
                && layer.getCnn2dDataFormat() == CNN2DFormat.NCHW
                && activation != null
                && activation.getClass() == ActivationSoftmax.class) {
            add(
                    node,
                    new BuiltIns.Flaw(
                            Severity.WARNING,
                            "DL4J's SOFTMAX takes the last dimension, which in an NCHW convolution is the image's width",
                            "Activations.get(\"softmax\"), which takes the channels"));
        }
        if (node.part() instanceof PReLULayer layer
                && layer.getRegularizationByParam("W") != null
                && !layer.getRegularizationByParam("W").isEmpty()) {
            add(
                    node,
                    new BuiltIns.Flaw(
                            Severity.WARNING,
                            "the network's weight decay shrinks its slopes to 0, which makes a ReLU of it",
                            "the pack's PReLU layer, which decays only where it is asked to"));
        }
    }

    private void add(ConfigurationNode node, BuiltIns.@Nullable Flaw flaw) {
        if (flaw != null) {
            findings.add(new Finding(flaw.severity(), "built-in", node.label(), flaw.message(), flaw.remedy()));
        }
    }
}
