package io.github.dl4jx.onednn;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What {@link OneDnn#enable} did.
 *
 * @param enabled whether at least one layer of the network now runs on oneDNN
 * @param reason which layers do and which do not, or why none does
 * @param layers each layer and element-wise vertex, in the network's order; empty if none does
 */
public record OneDnnStatus(boolean enabled, String reason, List<LayerStatus> layers) {

    /** What runs a layer. */
    public enum Engine {
        /** oneDNN 2.5.2, from pre-activations to gradients, images with channels last. */
        ONEDNN,
        /** The oneDNN inside of nd4j-native, by DL4J's own helpers. */
        ND4J_ONEDNN,
        /** DL4J's own code. */
        BUILT_IN
    }

    /**
     * A layer.
     *
     * @param name its name in a graph, its index in a {@code MultiLayerNetwork}
     * @param type the simple name of its configuration's class
     * @param reason why it is not on {@link Engine#ONEDNN}; empty if it is
     */
    public record LayerStatus(String name, String type, Engine engine, String reason) {
        @Override
        public String toString() {
            return name + " " + type + ": " + engine.name().toLowerCase(Locale.ROOT)
                    + (reason.isEmpty() ? "" : ", " + reason);
        }
    }

    static OneDnnStatus off(String reason) {
        return new OneDnnStatus(false, reason, List.of());
    }

    OneDnnStatus reading(DataType type) {
        return type == DataType.BFLOAT16
                ? new OneDnnStatus(enabled, reason + "; convolutions and dense layers read bfloat16", layers)
                : this;
    }

    static OneDnnStatus of(List<LayerStatus> layers) {
        Map<Engine, Long> numbers = layers.stream()
                .collect(Collectors.groupingBy(
                        LayerStatus::engine, () -> new EnumMap<>(Engine.class), Collectors.counting()));
        StringJoiner left = new StringJoiner(", ", "; on built-in code: ", "").setEmptyValue("");
        layers.stream()
                .filter(layer -> layer.engine() == Engine.BUILT_IN)
                .forEach(layer -> left.add(layer.name() + " " + layer.type() + " (" + layer.reason() + ")"));
        long own = numbers.getOrDefault(Engine.ONEDNN, 0L);
        long helped = numbers.getOrDefault(Engine.ND4J_ONEDNN, 0L);
        String reason = own + " of " + layers.size() + " layers"
                + (helped == 0 ? "" : ", " + helped + " by the oneDNN inside of nd4j-native") + left;
        return new OneDnnStatus(own + helped > 0, reason, List.copyOf(layers));
    }
}
