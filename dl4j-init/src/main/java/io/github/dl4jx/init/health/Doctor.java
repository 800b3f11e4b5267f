package io.github.dl4jx.init.health;

import io.github.dl4jx.init.data.OwnRandom;
import io.github.dl4jx.init.data.Signals;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
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
 *   <li>{@code initialiser}: the variance of the first weights suits the activation; and they are not all the same. Weights
 *       that were trained or imported are judged by what they do alone.
 *   <li>{@code hidden-activation}: hidden layers have one, and one that lets a gradient pass.
 *   <li>{@code embedding}: an embedding can be fitted where it stands.
 *   <li>{@code dropout}, {@code self-normalisation}: what keeps a SELU network from its fixed point.
 *   <li>{@code batch-norm}: what stands before and behind it.
 *   <li>{@code built-in}: DL4J's own activations and initialisers whose numbers are wrong or turn NaN.
 *   <li>{@code parameters}, of a network: NaN, and units that are all the same.
 *   <li>{@code signal}, with a batch: layers that vanish, explode, die or saturate, by {@link Signals} and {@link Thresholds}.
 * </ul>
 *
 * <p>Nothing is changed, and no random number of the user's is drawn. The same network gets the same verdict: what has to be
 * drawn is drawn from a seed of the doctor's own. Weights that a good initialiser drew badly by chance are not called ill
 * unless a layer passes nothing at all; chance means whatever happens once in a million layers.
 */
public final class Doctor {
    /** In the order in which findings of one severity are told. */
    private static final List<Rule> RULES = List.of(
            OutputRule::check,
            InitializerRule::check,
            HiddenActivationRule::check,
            EmbeddingRule::check,
            DropoutRule::check,
            SelfNormalizationRule::check,
            BatchNormRule::check,
            BuiltInRule::check,
            ParameterRule::check,
            SignalRule::check);

    private Doctor() {}

    /** A configuration, complete, with its layers' sizes. */
    public static Diagnosis examine(MultiLayerConfiguration configuration) {
        return diagnosis(() -> Subject.of(configuration));
    }

    /** A graph's configuration, complete, with its layers' sizes. */
    public static Diagnosis examine(ComputationGraphConfiguration configuration) {
        return diagnosis(() -> Subject.of(configuration));
    }

    /**
     * A network: its configuration and its parameters.
     *
     * @throws IllegalStateException if it is not initialised
     */
    public static Diagnosis examine(MultiLayerNetwork network) {
        return diagnosis(() -> Subject.of(network));
    }

    /**
     * A graph: its configuration and its parameters.
     *
     * @throws IllegalStateException if it is not initialised
     */
    public static Diagnosis examine(ComputationGraph graph) {
        return diagnosis(() -> Subject.of(graph));
    }

    /**
     * A network, and what a batch does in it.
     *
     * @param batch of inputs, in the shape that {@code fit} takes; at least {@value Health#LEAST_EXAMPLES} tell dead units
     * @throws IllegalStateException if the network is not initialised
     * @throws IllegalArgumentException if the batch does not fit the network
     */
    public static Diagnosis examine(MultiLayerNetwork network, INDArray batch) {
        return examine(network, Thresholds.DEFAULT, batch);
    }

    /** The same with other thresholds. */
    public static Diagnosis examine(MultiLayerNetwork network, Thresholds thresholds, INDArray batch) {
        return diagnosis(
                () -> measured(Subject.of(network), () -> Signals.passes(network, batch), batch.size(0), thresholds));
    }

    /** A graph, and what a batch does in it; see {@link #examine(MultiLayerNetwork, INDArray)}. */
    public static Diagnosis examine(ComputationGraph graph, INDArray... batch) {
        return examine(graph, Thresholds.DEFAULT, batch);
    }

    /** The same with other thresholds. */
    public static Diagnosis examine(ComputationGraph graph, Thresholds thresholds, INDArray... batch) {
        return diagnosis(
                () -> measured(Subject.of(graph), () -> Signals.passes(graph, batch), batch[0].size(0), thresholds));
    }

    /** With what a batch does; of parameters that are no numbers it would say no more. */
    private static Subject measured(
            Subject subject, Supplier<Signals.Passes> passes, long examples, Thresholds thresholds) {
        return ParameterRule.finite(subject)
                ? subject.with(new Subject.Batch(passes.get(), examples, thresholds))
                : subject;
    }

    private static Diagnosis diagnosis(Supplier<Subject> subject) {
        return OwnRandom.with(() -> {
            Subject examined = subject.get();
            return new Diagnosis(RULES.stream()
                    .flatMap(rule -> rule.check(examined).stream())
                    .toList());
        });
    }
}
