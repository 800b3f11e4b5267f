package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffOutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.BernoulliReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.CompositeReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.LossFunctionWrapper;
import org.deeplearning4j.nn.conf.layers.variational.ReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;
import org.nd4j.linalg.lossfunctions.impl.LossWasserstein;

/** Whether an output's activation fits its loss, and so the task that the loss is made for. */
final class OutputRule {
    private static final String RULE = "output-activation";
    private static final String EXCLUSIVE = "for classes that exclude each other take MCXENT with softmax";
    private static final String YES_OR_NO = "for yes or no, also to several labels at once, XENT with sigmoid";
    private static final String NUMBERS = "for numbers MSE with identity";

    private final Subject subject;
    private final List<Finding> findings = new ArrayList<>();

    private OutputRule(Subject subject) {
        this.subject = subject;
    }

    static List<Finding> check(Subject subject) {
        OutputRule rule = new OutputRule(subject);
        for (ConfigurationNode node : subject.nodes()) {
            if (Subject.loss(node)) {
                rule.check(node);
            } else if (node.part() instanceof VariationalAutoencoder layer) {
                rule.reconstruction(node, layer.getOutputDistribution());
            }
        }
        for (ConfigurationNode output : subject.outputs()) {
            Object part = output.part();
            if (!Subject.loss(output)
                    && !Subject.pretrained(output)
                    && !(part instanceof SameDiffOutputLayer)
                    && !(part instanceof Yolo2OutputLayer)) {
                rule.add(
                        Severity.NOTE,
                        output,
                        "this output has no loss, so fit refuses to train it",
                        "end with an OutputLayer or a LossLayer unless the gradients come from elsewhere");
            }
        }
        return rule.findings;
    }

    private void check(ConfigurationNode node) {
        if (node.part() instanceof OCNNOutputLayer) {
            return; // a loss of its own
        }
        ILossFunction loss = loss(node.part());
        IActivation activation = Subject.activation(node);
        List<ConfigurationNode> before = subject.before(node);
        ConfigurationNode source = before.isEmpty() ? null : before.get(0);
        IActivation earlier = source == null ? null : Subject.activation(source);
        if (loss == null || activation == null) {
            return;
        }
        if (Subject.lossAlone(node) && source != null && earlier != null && !ConfigurationNode.isIdentity(earlier)) {
            if (ConfigurationNode.isIdentity(activation)) {
                activation = earlier;
            } else if (squashes(activation) && squashes(earlier)) {
                add(
                        Severity.ERROR,
                        node,
                        activation + " here comes on top of " + earlier + " in " + source.label()
                                + ": it sees values in [0, 1] alone, and what comes out is nearly the same for every"
                                + " input",
                        "leave identity in one of the two");
                return;
            }
        }
        new Pair(node, loss, activation, units(node, source)).judge();
    }

    /** What a variational autoencoder makes of its code: it states no loss, and its distributions take activations. */
    private void reconstruction(ConfigurationNode node, ReconstructionDistribution distribution) {
        if (distribution instanceof CompositeReconstructionDistribution all) {
            for (ReconstructionDistribution one : all.getReconstructionDistributions()) {
                reconstruction(node, one);
            }
        } else if (distribution instanceof LossFunctionWrapper wrapper) {
            new Pair(node, wrapper.getLossFunction(), wrapper.getActivationFn(), 0).judge();
        } else if (distribution instanceof BernoulliReconstructionDistribution bernoulli) {
            Range range = Range.of(bernoulli.getActivationFn());
            if (!range.withinUnit()) {
                add(
                        Severity.ERROR,
                        node,
                        "its BernoulliReconstructionDistribution takes logarithms of probabilities, and the outputs of "
                                + bernoulli.getActivationFn() + " lie in " + range.words(),
                        "sigmoid there; GaussianReconstructionDistribution for numbers that are no probabilities");
            }
        }
    }

    private static boolean squashes(IActivation activation) {
        return activation instanceof ActivationSoftmax || activation instanceof ActivationSigmoid;
    }

    private static @Nullable ILossFunction loss(Object part) {
        if (part instanceof BaseOutputLayer layer) {
            return layer.getLossFn();
        }
        if (part instanceof LossLayer layer) {
            return layer.getLossFn();
        }
        if (part instanceof RnnLossLayer layer) {
            return layer.getLossFn();
        }
        if (part instanceof CnnLossLayer layer) {
            return layer.getLossFn();
        }
        return part instanceof Cnn3DLossLayer layer ? layer.getLossFn() : null;
    }

    /** 0 where it cannot be told. */
    private static long units(ConfigurationNode node, @Nullable ConfigurationNode source) {
        if (Subject.lossAlone(node)) {
            return source != null && source.part() instanceof FeedForwardLayer layer ? layer.getNOut() : 0;
        }
        return ((BaseOutputLayer) node.part()).getNOut();
    }

    private void add(Severity severity, ConfigurationNode node, String message, String suggestion) {
        findings.add(new Finding(severity, RULE, node.label(), message, suggestion));
    }

    /** A loss and what it is computed of. */
    private final class Pair {
        private final ConfigurationNode node;
        private final ILossFunction loss;
        private final IActivation activation;
        private final boolean softmax;
        private final boolean sigmoid;
        private final long units;
        private final String names;

        Pair(ConfigurationNode node, ILossFunction loss, IActivation activation, long units) {
            this.node = node;
            this.loss = loss;
            this.activation = activation;
            this.units = units;
            softmax = activation instanceof ActivationSoftmax;
            sigmoid = activation instanceof ActivationSigmoid;
            names = loss.getClass().getSimpleName() + " with " + activation;
        }

        void judge() {
            if (softmax && units == 1) {
                error("softmax over one unit is always 1, whatever the input", YES_OR_NO + "; " + NUMBERS);
            } else if (loss instanceof LossMCXENT) {
                crossEntropy();
            } else if (loss instanceof LossBinaryXENT) {
                binaryCrossEntropy();
            } else if (loss instanceof LossL2 || loss instanceof LossL1 || loss instanceof LossMAPE) {
                distance();
            } else if (loss instanceof LossMSLE && range().low < -1) {
                error(
                        names
                                + ": the logarithm of 1 + output is NaN where the output is below -1, and it goes down to "
                                + range().words(),
                        "take softplus, which is above 0 throughout");
            } else if (loss instanceof LossPoisson && range().low < 0) {
                error(
                        names + ": the logarithm of an output below 0 is NaN, and it goes down to " + range().words(),
                        "take softplus, which is above 0 throughout");
            } else if (loss instanceof LossKLD && !range().withinUnit()) {
                error(names + ": it compares distributions, and the outputs lie in " + range().words(), "take softmax");
            } else if ((loss instanceof LossHinge || loss instanceof LossSquaredHinge) && (softmax || sigmoid)) {
                warn(
                        names + ": its labels are -1 and 1, and an output in (0, 1) is never on the side of -1",
                        "take identity");
            } else if (loss instanceof LossWasserstein && (softmax || sigmoid)) {
                warn(names + ": a critic's score has no bounds, and this one has", "take identity");
            }
        }

        private void crossEntropy() {
            if (sigmoid) {
                error(
                        names + ": the loss looks at the right class alone, and with sigmoid nothing pushes the other"
                                + " outputs down: all of them go to 1",
                        EXCLUSIVE + "; " + YES_OR_NO);
            } else if (!softmax) {
                unlessProbability("softmax", EXCLUSIVE);
            }
        }

        private void binaryCrossEntropy() {
            if (softmax) {
                error(
                        names + ": the loss asks for each class by itself, and softmax makes them compete",
                        EXCLUSIVE + "; " + YES_OR_NO);
            } else if (!sigmoid) {
                unlessProbability("sigmoid", YES_OR_NO);
            }
        }

        private void unlessProbability(String usual, String suggestion) {
            if (range().withinUnit()) {
                warn(
                        names + ": the outputs are in " + range().words() + ", but DL4J's exact gradient is for "
                                + usual + " alone, and this one's slope is 0 or small where the output is wrong",
                        suggestion);
            } else {
                error(
                        names + ": the loss takes logarithms of probabilities, and the outputs lie in "
                                + range().words() + ", clipped to [0, 1] or NaN",
                        suggestion);
            }
        }

        private void distance() {
            if (softmax) {
                warn(
                        names + ": where softmax is sure of the wrong class its slope is 0, and so is the gradient",
                        EXCLUSIVE + "; " + NUMBERS);
            } else if (sigmoid) {
                warn(
                        names
                                + ": numbers outside (0, 1) cannot come out, and where the output is wrong by nearly 1 the"
                                + " gradient is nearly 0",
                        NUMBERS + "; " + YES_OR_NO + ", which fits fractions too");
            } else if (!ConfigurationNode.isIdentity(activation)) {
                if (slope(-1) == 0) {
                    warn(
                            names
                                    + ": below 0 the slope is 0, so an output that is negative for every example learns no"
                                    + " more",
                            NUMBERS + ", or softplus for numbers above 0");
                } else if (range().bounded()) {
                    add(
                            Severity.NOTE,
                            node,
                            names + ": only numbers in " + range().words() + " can come out",
                            "scale the targets into that range, or take identity");
                }
            }
        }

        private void error(String message, String suggestion) {
            add(Severity.ERROR, node, message, suggestion);
        }

        private void warn(String message, String suggestion) {
            add(Severity.WARNING, node, message, suggestion);
        }

        private Range range() {
            return Range.of(activation);
        }

        private double slope(double x) {
            return activation.backprop(row(x), row(1)).getFirst().getDouble(0);
        }
    }

    private static INDArray row(double... values) {
        return Nd4j.createFromArray(new double[][] {values}).castTo(DataType.FLOAT);
    }

    /**
     * What an activation makes of inputs between -20 and 20.
     *
     * @param bounded whether it stands still towards one of the ends
     */
    private record Range(double low, double high, boolean bounded) {
        private static final int END = 20;
        private static final double STILL = 1e-3;

        static Range of(IActivation activation) {
            if (activation instanceof ActivationSoftmax) {
                return new Range(0, 1, true);
            }
            double[] inputs = new double[8 * END + 1];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = i / 4.0 - END;
            }
            double[] values = activation.getActivation(row(inputs), false).toDoubleVector();
            int quarter = values.length / 4;
            return new Range(
                    Arrays.stream(values).min().orElseThrow(),
                    Arrays.stream(values).max().orElseThrow(),
                    Math.abs(values[quarter] - values[0]) < STILL
                            || Math.abs(values[values.length - 1 - quarter] - values[values.length - 1]) < STILL);
        }

        boolean withinUnit() {
            return low >= 0 && high <= 1;
        }

        String words() {
            return String.format(Locale.ROOT, "[%.3g, %.3g] for inputs in [-%d, %d]", low, high, END, END);
        }
    }
}
