package io.github.dl4jx.init.data;

import io.github.dl4jx.catalogue.TextTable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link DataInitializer} did to a network; {@link #toString()} is a table.
 *
 * @param rows in the network's order
 */
public record DataInitializationReport(List<Row> rows) {
    private static final List<String> HEAD =
            List.of("layer", "kind", "parameter", "var before", "mean", "var", "iterations", "rate before", "rate", "");

    public DataInitializationReport {
        rows = List.copyOf(rows);
    }

    /**
     * One affine map, or a layer that was left alone.
     *
     * @param layer the layer's name; in a {@code MultiLayerNetwork} its index
     * @param kind its class, without wrappers
     * @param parameter the weights' name in {@code paramTable()}, with the gate of a gated layer; empty for a layer that was left
     *     alone
     * @param varianceBefore of the pre-activation with the weights that the method starts from
     * @param mean of the pre-activation, over examples, positions and units, in the end
     * @param variance of the same values
     * @param iterations how often the weights were divided
     * @param changeRateBefore the root mean square of the weights' gradient by that of the weights, before the layers were
     *     balanced; null where they are not
     * @param changeRate the same in the end
     * @param reached whether the method's aim was reached within its tolerance
     * @param action what was done, or why the layer was left alone
     */
    public record Row(
            String layer,
            String kind,
            String parameter,
            @Nullable Double varianceBefore,
            @Nullable Double mean,
            @Nullable Double variance,
            int iterations,
            @Nullable Double changeRateBefore,
            @Nullable Double changeRate,
            boolean reached,
            String action) {

        static Row leftAlone(String layer, String kind, String why) {
            return new Row(layer, kind, "", null, null, null, 0, null, null, true, "left alone: " + why);
        }

        /** Whether its weights are new. */
        public boolean initialized() {
            return variance != null;
        }

        private List<String> cells() {
            return List.of(
                    layer,
                    kind,
                    parameter,
                    cell(varianceBefore),
                    cell(mean),
                    cell(variance),
                    initialized() ? String.valueOf(iterations) : "",
                    cell(changeRateBefore),
                    cell(changeRate),
                    action + (reached ? "" : "; tolerance not reached"));
        }

        private static String cell(@Nullable Double value) {
            return value == null ? "" : String.format(Locale.ROOT, "%.4g", value);
        }
    }

    /** Whether the aim was reached in all layers that were not left alone. */
    public boolean reached() {
        return rows.stream().allMatch(Row::reached);
    }

    @Override
    public String toString() {
        return TextTable.of(
                Stream.concat(Stream.of(HEAD), rows.stream().map(Row::cells)).toList());
    }
}
