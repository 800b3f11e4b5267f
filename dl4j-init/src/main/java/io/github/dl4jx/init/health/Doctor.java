package io.github.dl4jx.init.health;

import io.github.dl4jx.init.ConfigurationNode;
import io.github.dl4jx.init.SelfNormalizing;
import io.github.dl4jx.init.data.LayerSignal;
import io.github.dl4jx.init.data.Moments;
import io.github.dl4jx.init.data.Signals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Looks a network over before it is trained, or after it went wrong, and says in plain words what is not as it should be.
 *
 * <pre>{@code
 * System.out.println(Doctor.examine(configuration));
 * if (!Doctor.examine(network, batch).healthy()) { ... }
 * }</pre>
 *
 * <ul>
 *   <li>{@code output-activation}: the activation of an output fits its loss. DL4J's own validation knows its own
 *       activations, not this pack's nor a user's, does not look at {@code Cnn3DLossLayer}, nor at the layer in front of a
 *       loss layer, and can be switched off.
 *   <li>{@code initialiser}: the variance of the first weights suits the activation; and they are not all the same.
 *   <li>{@code dropout}, {@code self-normalisation}: what keeps a SELU network from its fixed point.
 *   <li>{@code batch-norm}: what stands before and behind it.
 *   <li>{@code built-in}: DL4J's own activations and initialisers whose numbers are wrong or turn NaN.
 *   <li>{@code parameters}, of a network: NaN, and units that are all the same.
 *   <li>{@code signal}, with a batch: layers that vanish, explode, die or saturate, by {@link Signals} and {@link Thresholds}.
 * </ul>
 *
 * <p>Nothing is changed, and no random number of the user's is drawn.
 */
public final class Doctor {
    private final Configuration configuration;
    private final List<Finding> findings = new ArrayList<>();

    private Doctor(Configuration configuration, List<String> obstacles) {
        this.configuration = configuration;
        findings.addAll(OutputRule.check(configuration));
        findings.addAll(InitializerRule.check(configuration));
        findings.addAll(DropoutRule.check(configuration, obstacles));
        findings.addAll(BatchNormRule.check(configuration));
        findings.addAll(BuiltInRule.check(configuration));
    }

    private static Doctor of(MultiLayerConfiguration configuration) {
        String last = layer(configuration.getConfs().size() - 1);
        return new Doctor(
                new Configuration(ConfigurationNode.of(configuration), Set.of(last)),
                SelfNormalizing.obstacles(configuration));
    }

    private static Doctor of(ComputationGraphConfiguration configuration) {
        return new Doctor(
                new Configuration(ConfigurationNode.of(configuration), configuration.getNetworkOutputs()),
                SelfNormalizing.obstacles(configuration));
    }

    private static String layer(Object index) {
        return "layer " + index;
    }

    /** A configuration, complete, with its layers' sizes. */
    public static Diagnosis examine(MultiLayerConfiguration configuration) {
        return of(configuration).diagnosis();
    }

    /** A graph's configuration, complete, with its layers' sizes. */
    public static Diagnosis examine(ComputationGraphConfiguration configuration) {
        return of(configuration).diagnosis();
    }

    /**
     * A network: its configuration and its parameters.
     *
     * @throws IllegalStateException if it is not initialised
     */
    public static Diagnosis examine(MultiLayerNetwork network) {
        Doctor doctor = of(network.getLayerWiseConfigurations());
        doctor.parameters(network);
        return doctor.diagnosis();
    }

    /**
     * A graph: its configuration and its parameters.
     *
     * @throws IllegalStateException if it is not initialised
     */
    public static Diagnosis examine(ComputationGraph graph) {
        Doctor doctor = of(graph.getConfiguration());
        doctor.parameters(graph);
        return doctor.diagnosis();
    }

    /**
     * A network, and what a batch does in it.
     *
     * @param batch of inputs, in the shape that {@code fit} takes; at least {@value Health#LEAST_EXAMPLES} tell dead units
     * @throws IllegalStateException if the network is not initialised
     */
    public static Diagnosis examine(MultiLayerNetwork network, INDArray batch) {
        return examine(network, Thresholds.DEFAULT, batch);
    }

    /** The same with other thresholds. */
    public static Diagnosis examine(MultiLayerNetwork network, Thresholds thresholds, INDArray batch) {
        Doctor doctor = of(network.getLayerWiseConfigurations());
        if (doctor.parameters(network)) {
            doctor.signals(Signals.quick(network, batch), batch.size(0), thresholds);
        }
        return doctor.diagnosis();
    }

    /** A graph, and what a batch does in it; see {@link #examine(MultiLayerNetwork, INDArray)}. */
    public static Diagnosis examine(ComputationGraph graph, INDArray... batch) {
        return examine(graph, Thresholds.DEFAULT, batch);
    }

    /** The same with other thresholds. */
    public static Diagnosis examine(ComputationGraph graph, Thresholds thresholds, INDArray... batch) {
        Doctor doctor = of(graph.getConfiguration());
        if (doctor.parameters(graph)) {
            doctor.signals(Signals.quick(graph, batch), batch[0].size(0), thresholds);
        }
        return doctor.diagnosis();
    }

    private Diagnosis diagnosis() {
        return new Diagnosis(findings);
    }

    private boolean parameters(MultiLayerNetwork network) {
        requireInitialized(network.params());
        Map<String, Map<String, INDArray>> tables = new LinkedHashMap<>();
        for (int i = 0; i < network.getnLayers(); i++) {
            tables.put(layer(i), table(network.getLayer(i).paramTable()));
        }
        return parameters(tables);
    }

    private boolean parameters(ComputationGraph graph) {
        requireInitialized(graph.params());
        Map<String, Map<String, INDArray>> tables = new LinkedHashMap<>();
        for (int i : graph.topologicalSortOrder()) {
            var vertex = graph.getVertices()[i];
            tables.put(vertex.getVertexName(), table(vertex.paramTable(false)));
        }
        return parameters(tables);
    }

    private static Map<String, INDArray> table(@Nullable Map<String, INDArray> parameters) {
        return parameters == null ? Map.of() : parameters;
    }

    private static void requireInitialized(@Nullable INDArray parameters) {
        if (parameters == null || parameters.isEmpty()) {
            throw new IllegalStateException("the network has no parameters; call init() on it first");
        }
    }

    /** @return whether all parameters are numbers */
    private boolean parameters(Map<String, Map<String, INDArray>> tables) {
        boolean finite = true;
        for (Map.Entry<String, Map<String, INDArray>> table : tables.entrySet()) {
            ConfigurationNode node = configuration.node(table.getKey());
            if (node == null) {
                continue;
            }
            for (Map.Entry<String, INDArray> parameter : table.getValue().entrySet()) {
                if (!Double.isFinite(Moments.of(parameter.getValue()).secondMoment())) {
                    finite = false;
                    findings.add(new Finding(
                            Severity.ERROR,
                            "parameters",
                            node.label(),
                            "its parameter " + parameter.getKey() + " holds NaN or infinite numbers",
                            "go back to a model that was saved before, and train on with a smaller learning rate or a"
                                    + " clipped gradient"));
                }
            }
            INDArray weights = table.getValue().get("W");
            if (finite && weights != null && sameUnits(node, weights)) {
                findings.add(new Finding(
                        Severity.ERROR,
                        "parameters",
                        node.label(),
                        "all its units have the same weights, get the same gradients and stay the same: they do the work"
                                + " of one",
                        "draw the weights anew: Initializers.apply(network, initialiser)"));
            }
        }
        return finite;
    }

    private boolean sameUnits(ConfigurationNode node, INDArray weights) {
        boolean known = findings.stream()
                .anyMatch(finding -> finding.rule().equals("initialiser")
                        && finding.severity() == Severity.ERROR
                        && finding.layer().equals(node.label()));
        if (known || !Configuration.weighted(node) || !configuration.hidden(node)) {
            return false;
        }
        INDArray byUnit = weights.rank() == 2 ? weights.transpose() : weights;
        INDArray rows = byUnit.dup('c').reshape('c', byUnit.size(0), -1);
        return rows.rows() > 1 && rows.max(0).equals(rows.min(0));
    }

    private void signals(List<LayerSignal> signals, long examples, Thresholds thresholds) {
        List<MonitoredLayer> layers = signals.stream()
                .filter(signal -> {
                    ConfigurationNode node = node(signal.name());
                    // an output's values are the task's: a sure classifier saturates, and rightly so
                    return node == null || !Configuration.loss(node);
                })
                .map(signal -> new MonitoredLayer(
                        signal, OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty()))
                .collect(Collectors.toList());
        for (Trouble trouble : Health.of(layers, examples, thresholds, this::activation)) {
            ConfigurationNode node = node(trouble.layer());
            findings.add(new Finding(
                    trouble.condition() == Condition.NAN ? Severity.ERROR : Severity.WARNING,
                    "signal",
                    node == null ? trouble.layer() : node.label(),
                    trouble.condition().verb() + ": " + trouble.detail(),
                    trouble.remedy()));
        }
    }

    private @Nullable ConfigurationNode node(String name) {
        ConfigurationNode node = configuration.node(name);
        return node == null ? configuration.node(layer(name)) : node;
    }

    private @Nullable IActivation activation(String name) {
        ConfigurationNode node = node(name);
        return node == null ? null : Configuration.activation(node);
    }
}
