package io.github.dl4jx.init.health;

import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.data.LayerSignal;
import io.github.dl4jx.init.data.Slopes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/** Judges measured layers by {@link Thresholds}. */
final class Health {
    /** Of fewer examples, units that rarely fire look dead: one that fires for every tenth is silent for 32 in 3 % of batches. */
    static final int LEAST_EXAMPLES = 32;

    private final List<MonitoredLayer> layers;
    private final long examples;
    private final Thresholds thresholds;
    private final Function<String, @Nullable IActivation> activations;
    private final boolean drawn;
    private final List<Trouble> troubles = new ArrayList<>();

    private Health(
            List<MonitoredLayer> layers,
            long examples,
            Thresholds thresholds,
            Function<String, @Nullable IActivation> activations,
            boolean drawn) {
        this.layers = layers;
        this.examples = examples;
        this.thresholds = thresholds;
        this.activations = activations;
        this.drawn = drawn;
    }

    /**
     * The layers that are ill, in their order.
     *
     * @param layers the inputs among them, of type {@code input}
     * @param activations of a layer by name, null where it is not known
     * @param drawn whether the weights are as they were drawn: what {@link Chance} explains is no illness then
     */
    static List<Trouble> of(
            List<MonitoredLayer> layers,
            long examples,
            Thresholds thresholds,
            Function<String, @Nullable IActivation> activations,
            boolean drawn) {
        return new Health(layers, examples, thresholds, activations, drawn).judge();
    }

    /** A loss that is no number. */
    static List<Trouble> ofScore(double score) {
        return Double.isFinite(score)
                ? List.of()
                : List.of(new Trouble(
                        Condition.NAN,
                        "output",
                        "loss",
                        "the loss is " + score,
                        "go back to weights of before, lower the learning rate, and look for NaN in the data"));
    }

    private List<Trouble> judge() {
        if (notANumber()) {
            return troubles; // what other figures say is of no use then
        }
        List<LayerSignal> signals = layers.stream().map(MonitoredLayer::signal).toList();
        double inputSpread = inputs(signals, false);
        double inputDeviation = inputs(signals, true);
        double vanishing = thresholds.vanishing() * (drawn ? Chance.leastPart(narrowest(signals)) : 1);
        LayerSignal top = top(signals);
        for (MonitoredLayer layer : layers) {
            LayerSignal signal = layer.signal();
            if (signal.type().equals("input")) {
                continue;
            }
            boolean dead = dead(signal);
            saturated(signal);
            if (!dead) {
                vanishing(signal, vanishing, inputSpread, top);
            }
            exploding(layer, inputDeviation, top);
        }
        return troubles;
    }

    private static long narrowest(List<LayerSignal> signals) {
        return signals.stream()
                .filter(signal -> !signal.type().equals("input"))
                .mapToLong(LayerSignal::units)
                .min()
                .orElse(1);
    }

    private static double inputs(List<LayerSignal> signals, boolean deviation) {
        return signals.stream()
                .filter(signal -> signal.type().equals("input"))
                .mapToDouble(signal -> deviation ? signal.standardDeviation() : signal.spread())
                .max()
                .orElse(1);
    }

    /** The layer nearest the output that has a gradient. */
    private static @Nullable LayerSignal top(List<LayerSignal> signals) {
        LayerSignal top = null;
        for (LayerSignal signal : signals) {
            top = signal.gradient().orElse(0) > 0 ? signal : top;
        }
        return top;
    }

    /** NaN spreads: forwards the first layer is to blame, backwards the last. */
    private boolean notANumber() {
        for (MonitoredLayer layer : layers) {
            if (!Double.isFinite(layer.signal().standardDeviation())) {
                return addNan(layer.signal(), "values");
            }
        }
        List<MonitoredLayer> backwards = new ArrayList<>(layers);
        Collections.reverse(backwards);
        for (MonitoredLayer layer : backwards) {
            if (!Double.isFinite(layer.signal().gradient().orElse(0))) {
                return addNan(layer.signal(), "gradients");
            }
            if (!Double.isFinite(layer.weightGradient().orElse(0))
                    || !Double.isFinite(layer.step().orElse(0))) {
                return addNan(layer.signal(), "weights' gradients");
            }
        }
        return false;
    }

    private boolean addNan(LayerSignal signal, String what) {
        IActivation activation = activations.apply(signal.name());
        BuiltIns.Flaw flaw = activation == null ? null : BuiltIns.of(activation);
        String general = signal.type().equals("input")
                ? "clean the data: what is no number has to be left out or replaced"
                : "go back to weights of before, lower the learning rate, and clip the gradient"
                        + " (GradientNormalization.ClipL2PerLayer)";
        add(
                Condition.NAN,
                signal,
                "some of its " + what + " are NaN or infinite",
                flaw == null ? general : flaw.message() + ": " + flaw.remedy());
        return true;
    }

    private boolean dead(LayerSignal signal) {
        if (examples < LEAST_EXAMPLES
                || signal.deadUnits() < thresholds.deadUnits() * signal.units()
                || (drawn && Chance.shuts(signal.deadUnits(), signal.units()))) {
            return false;
        }
        return add(
                Condition.DEAD,
                signal,
                format(
                        "%d of %d units give the same value for all %d examples",
                        signal.deadUnits(), signal.units(), examples),
                "lower the learning rate, or take an activation that is nowhere flat (leakyrelu, elu, mish) or batch"
                        + " normalisation before it");
    }

    private void saturated(LayerSignal signal) {
        IActivation activation = activations.apply(signal.name());
        double byDesign = activation == null ? 0 : Slopes.flatPart(activation);
        double saturated = signal.saturated().orElse(0) - Math.max(signal.zeros(), byDesign);
        if (saturated >= thresholds.saturated() && !(drawn && Chance.isOnOneSide(signal.units(), byDesign))) {
            add(
                    Condition.SATURATED,
                    signal,
                    format(
                            "at %.0f %% of its values the activation's slope is below %s, zeros and what is flat by"
                                    + " design not counted",
                            100 * saturated, LayerSignal.SATURATION),
                    "smaller weights (" + recommended(signal) + "), inputs of mean 0 and variance 1, or a smaller"
                            + " learning rate");
        }
    }

    private void vanishing(LayerSignal signal, double vanishing, double inputSpread, @Nullable LayerSignal top) {
        if (inputSpread > 0 && examples > 1 && signal.spread() <= vanishing * Math.min(1, inputSpread)) {
            add(
                    Condition.VANISHING,
                    signal,
                    format(
                            "its values differ from one example to another by a standard deviation of %.1e, the"
                                    + " input's by %.1e",
                            signal.spread(), inputSpread),
                    "larger weights (" + recommended(signal) + ") or batch normalisation");
        } else if (top != null && gradient(signal) <= vanishing * gradient(top)) {
            add(
                    Condition.VANISHING,
                    signal,
                    format("its gradient is %.1e times that of layer %s", gradient(signal) / gradient(top), top.name()),
                    "weights by its activation (" + recommended(signal)
                            + "), an activation that does not saturate, batch"
                            + " normalisation, or shortcuts past some layers");
        }
    }

    private void exploding(MonitoredLayer layer, double inputDeviation, @Nullable LayerSignal top) {
        LayerSignal signal = layer.signal();
        if (signal.standardDeviation() >= thresholds.exploding() * Math.max(1, inputDeviation)) {
            add(
                    Condition.EXPLODING,
                    signal,
                    format(
                            "its values have a standard deviation of %.1e, the input's %.1e",
                            signal.standardDeviation(), inputDeviation),
                    "smaller weights (" + recommended(signal) + "), a smaller learning rate, or batch normalisation");
        } else if (top != null
                && signal.gradient().isPresent()
                && gradient(signal) >= thresholds.exploding() * gradient(top)) {
            add(
                    Condition.EXPLODING,
                    signal,
                    format("its gradient is %.1e times that of layer %s", gradient(signal) / gradient(top), top.name()),
                    "smaller weights (" + recommended(signal) + "), or clip the gradient"
                            + " (GradientNormalization.ClipL2PerLayer)");
        } else if (layer.relativeStep().orElse(0) >= thresholds.step()) {
            add(
                    Condition.EXPLODING,
                    signal,
                    format(
                            "a step is %.1f times as large as its weights",
                            layer.relativeStep().getAsDouble()),
                    "lower the learning rate, or clip the gradient (GradientNormalization.ClipL2PerLayer)");
        }
    }

    /** Infinite where there is none, which neither vanishes nor is compared. */
    private static double gradient(LayerSignal signal) {
        return signal.gradient().orElse(Double.POSITIVE_INFINITY);
    }

    private String recommended(LayerSignal signal) {
        IActivation activation = activations.apply(signal.name());
        return activation == null
                ? "Initializers.recommendedFor its activation"
                : Initializers.canonical(Initializers.recommendedFor(activation)
                                .initializer()
                                .toString()) + " for " + activation;
    }

    private boolean add(Condition condition, LayerSignal signal, String detail, String remedy) {
        return troubles.add(new Trouble(condition, signal.name(), signal.type(), detail, remedy));
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
