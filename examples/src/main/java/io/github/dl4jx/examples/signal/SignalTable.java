package io.github.dl4jx.examples.signal;

import io.github.dl4jx.init.data.LayerSignal;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Measured layers in Markdown and as CSV. */
final class SignalTable {
    private static final CSVFormat CSV = CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator('\n')
            .setHeader(
                    "network",
                    "layer",
                    "type",
                    "mean",
                    "std",
                    "spread",
                    "zeros",
                    "saturated",
                    "units",
                    "dead_units",
                    "gradient_std",
                    "mean_squared_singular_value",
                    "condition_number")
            .get();

    /** What the columns are. */
    static final String LEGEND = """
            - spread: the standard deviation over the examples, of all units together; 0 where every example gives the same
            - zeros, saturated: fractions of the values; saturated where the derivative is below 0.01
            - dead: units with one value for the whole batch
            - gradient: its standard deviation, where one of N(0, 1) comes to the last layer
            - sv²: the mean squared singular value of the layer's Jacobian; condition: its largest by its smallest
            """;

    private SignalTable() {}

    static String of(List<LayerSignal> layers) {
        StringBuilder table = new StringBuilder();
        row(
                table,
                "layer",
                "type",
                "mean",
                "std",
                "spread",
                "zeros",
                "saturated",
                "dead",
                "gradient",
                "sv²",
                "condition");
        row(table, "---", "---", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
        for (LayerSignal layer : layers) {
            row(
                    table,
                    layer.name(),
                    layer.type(),
                    number(layer.mean()),
                    number(layer.standardDeviation()),
                    number(layer.spread()),
                    fraction(OptionalDouble.of(layer.zeros())),
                    fraction(layer.saturated()),
                    layer.deadUnits() + " of " + layer.units(),
                    number(layer.gradient()),
                    number(layer.meanSquaredSingularValue()),
                    number(layer.conditionNumber()));
        }
        return table.toString();
    }

    private static void row(StringBuilder table, Object... cells) {
        table.append(String.format(
                Locale.ROOT, "| %-8s | %-18s | %10s | %9s | %9s | %5s | %9s | %12s | %9s | %9s | %9s |\n", cells));
    }

    static void write(Path file, Map<String, List<LayerSignal>> networks) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
                CSVPrinter printer = new CSVPrinter(writer, CSV)) {
            for (Map.Entry<String, List<LayerSignal>> network : networks.entrySet()) {
                for (LayerSignal layer : network.getValue()) {
                    printer.printRecord(
                            network.getKey(),
                            layer.name(),
                            layer.type(),
                            layer.mean(),
                            layer.standardDeviation(),
                            layer.spread(),
                            layer.zeros(),
                            cell(layer.saturated()),
                            layer.units(),
                            layer.deadUnits(),
                            cell(layer.gradient()),
                            cell(layer.meanSquaredSingularValue()),
                            cell(layer.conditionNumber()));
                }
            }
        }
    }

    private static Object cell(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : "";
    }

    private static String fraction(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.3f", value.getAsDouble()) : "";
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : "";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2e", value);
    }
}
