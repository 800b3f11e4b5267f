package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import io.github.dl4jx.init.LayerWeights;
import io.github.dl4jx.init.data.Moments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Whether the parameters are numbers, and the units of hidden layers different ones. */
final class ParameterRule {
    private static final String RULE = "parameters";

    private ParameterRule() {}

    static List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        for (ConfigurationNode node : subject.nodes()) {
            Map<String, INDArray> parameters = subject.parameters(node);
            parameters.forEach((name, values) -> {
                if (!finite(values)) {
                    findings.add(new Finding(
                            Severity.ERROR,
                            RULE,
                            node.label(),
                            "its parameter " + name + " holds NaN or infinite numbers",
                            "go back to a model that was saved before, and train on with a smaller learning rate or a"
                                    + " clipped gradient"));
                }
            });
            if (subject.hidden(node) && parameters.values().stream().allMatch(ParameterRule::finite)) {
                sameUnits(subject, node, findings);
            }
        }
        return findings;
    }

    /** Whether all parameters are numbers. */
    static boolean finite(Subject subject) {
        return subject.nodes().stream()
                .flatMap(node -> subject.parameters(node).values().stream())
                .allMatch(ParameterRule::finite);
    }

    private static boolean finite(INDArray values) {
        return Double.isFinite(Moments.of(values).secondMoment());
    }

    private static void sameUnits(Subject subject, ConfigurationNode node, List<Finding> findings) {
        if (!(Subject.weighted(node) || node.part() instanceof BaseRecurrentLayer)
                || node.part() instanceof DepthwiseConvolution2D // whose units see an input each
                || node.part() instanceof SeparableConvolution2D) {
            return;
        }
        Layer layer = (Layer) node.part();
        List<INDArray> weights = subject.parameters(node).entrySet().stream()
                .filter(parameter -> layer.initializer().isWeightParam(layer, parameter.getKey()))
                .flatMap(parameter ->
                        Stream.ofNullable(LayerWeights.of(layer, parameter.getKey(), parameter.getValue())))
                .flatMap(known -> known.parts().stream())
                .toList();
        boolean same = !weights.isEmpty() && weights.stream().allMatch(ParameterRule::sameUnits);
        if (same && !InitializerRule.beginsAtZeroBesideAShortcut(subject, node)) {
            findings.add(new Finding(
                    Severity.ERROR,
                    RULE,
                    node.label(),
                    "all its units have the same weights and do the work of one, until others draw them apart; where the"
                            + " next layer's weights are equal too, for ever",
                    "draw the weights anew: Initializers.apply(network, initialiser)"));
        }
    }

    /** To the last bit: small weights are not equal weights. */
    private static boolean sameUnits(INDArray weights) {
        INDArray byUnit = weights.rank() == 2 ? weights.transpose() : weights;
        INDArray rows = byUnit.dup('c').reshape('c', byUnit.size(0), -1);
        return rows.rows() > 1
                && Arrays.equals(rows.max(0).toDoubleVector(), rows.min(0).toDoubleVector());
    }
}
