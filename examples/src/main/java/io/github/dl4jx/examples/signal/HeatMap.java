package io.github.dl4jx.examples.signal;

import io.github.dl4jx.init.data.LayerSignal;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * What is left of signal and gradient behind many layers, for each activation and initialiser.
 *
 * @param cells a pair each
 */
record HeatMap(List<Cell> cells) {
    private static final CSVFormat CSV = CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator('\n')
            .setHeader("activation", "initialiser", "log10_signal", "log10_gradient", "works")
            .setSkipHeaderRecord(true)
            .get();

    /** A pair works if neither signal nor gradient shrinks or grows by more than this power of ten. */
    static final double WORKS = 2;

    /**
     * A pair.
     *
     * @param signal log10 of the spread that leaves the last layer by that of the input, the median over the draws; −∞ where
     *     nothing is left, NaN where a number overflowed
     * @param gradient log10 of the gradient that reaches the input by that which comes to the last layer, as before
     */
    record Cell(String activation, String initializer, double signal, double gradient) {

        static Cell of(String activation, String initializer, List<List<LayerSignal>> draws) {
            return new Cell(
                    activation,
                    initializer,
                    median(draws.stream()
                            .mapToDouble(layers ->
                                    last(layers).spread() / layers.get(0).spread())
                            .toArray()),
                    median(draws.stream()
                            .mapToDouble(layers -> layers.get(0).gradient().orElse(0)
                                    / last(layers).gradient().orElse(Double.NaN))
                            .toArray()));
        }

        private static LayerSignal last(List<LayerSignal> layers) {
            return layers.get(layers.size() - 1);
        }

        private static double median(double[] ratios) {
            for (double ratio : ratios) {
                if (!Double.isFinite(ratio)) {
                    return Double.NaN;
                }
            }
            return Math.log10(new Median().evaluate(ratios));
        }

        boolean works() {
            return Math.abs(signal) <= WORKS && Math.abs(gradient) <= WORKS;
        }
    }

    void write(Path file) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
                CSVPrinter printer = new CSVPrinter(
                        writer, CSV.builder().setSkipHeaderRecord(false).get())) {
            for (Cell cell : cells) {
                printer.printRecord(
                        cell.activation(), cell.initializer(), cell.signal(), cell.gradient(), cell.works());
            }
        }
    }

    static HeatMap read(Path file) throws IOException {
        List<Cell> cells = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (CSVRecord row : CSV.parse(reader)) {
                cells.add(new Cell(
                        row.get("activation"),
                        row.get("initialiser"),
                        Double.parseDouble(row.get("log10_signal")),
                        Double.parseDouble(row.get("log10_gradient"))));
            }
        }
        return new HeatMap(cells);
    }

    List<String> activations() {
        return cells.stream().map(Cell::activation).distinct().toList();
    }

    List<String> initializers() {
        return cells.stream().map(Cell::initializer).distinct().toList();
    }

    /** The activations that an initialiser works for. */
    List<String> worksFor(String initializer) {
        return cells.stream()
                .filter(cell -> cell.initializer().equals(initializer) && cell.works())
                .map(Cell::activation)
                .toList();
    }
}
