package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.TextTable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Initializers#apply} did to a network; {@link #toString()} is a table.
 *
 * @param parameters every parameter of the network, in its order
 */
public record InitializationReport(List<Parameter> parameters) {
    private static final List<String> HEAD = List.of("layer", "kind", "parameter", "shape", "fan-in", "fan-out", "");

    public InitializationReport {
        parameters = List.copyOf(parameters);
    }

    /**
     * One parameter of one layer.
     *
     * @param layer the layer's name; without one its index
     * @param kind its class, without wrappers
     * @param name the parameter's name in {@code paramTable()}
     * @param shape of the array there
     * @param fanIn the true one that it was drawn by; null if it was left alone
     * @param fanOut as {@code fanIn}
     * @param action the initialiser and how it was used, or why the parameter was left alone
     */
    public record Parameter(
            String layer,
            String kind,
            String name,
            List<Long> shape,
            @Nullable Double fanIn,
            @Nullable Double fanOut,
            String action) {
        public Parameter {
            shape = List.copyOf(shape);
        }

        /** Whether it has new values. */
        public boolean drawn() {
            return fanIn != null;
        }

        private List<String> cells() {
            return List.of(layer, kind, name, shape.toString(), cell(fanIn), cell(fanOut), action);
        }

        private static String cell(@Nullable Double fan) {
            return fan == null ? "" : String.format(Locale.ROOT, "%.6g", fan).replaceFirst("\\.?0*$", "");
        }
    }

    @Override
    public String toString() {
        return TextTable.of(Stream.concat(Stream.of(HEAD), parameters.stream().map(Parameter::cells))
                .toList());
    }
}
