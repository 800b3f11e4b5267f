package io.github.dl4jx.examples.signal;

import io.github.dl4jx.init.data.LayerSignal;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the lab measures of a case that the lectures advise on: figures of the last layer, where nothing else is said.
 *
 * @param id by which a document finds it
 * @param activation specification
 * @param initializer specification
 * @param depth of the network
 * @param std of the values
 * @param spread what of it tells examples apart
 * @param saturated fraction of the values
 * @param gradient that is left at the input
 * @param distinctUnits units that differ from each other
 */
public record Advice(
        String id,
        String activation,
        String initializer,
        int depth,
        double std,
        double spread,
        double saturated,
        double gradient,
        long distinctUnits) {
    /** Units of each layer, as in the lecture. */
    public static final int WIDTH = 500;

    private static final int EXAMPLES = 200;

    private static final CSVFormat CSV = CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator('\n')
            .setHeader(
                    "id",
                    "activation",
                    "initialiser",
                    "depth",
                    "std",
                    "spread",
                    "saturated",
                    "gradient_std",
                    "distinct_units")
            .setSkipHeaderRecord(true)
            .get();

    /** A case before it is measured. */
    private record Case(String id, String activation, String initializer, int depth) {
        Advice measure(long seed) {
            DeepNetwork network = DeepNetwork.of(activation, initializer, depth, WIDTH, seed);
            List<LayerSignal> layers = network.measureQuickly(EXAMPLES);
            LayerSignal last = layers.get(depth);
            return new Advice(
                    id,
                    network.activation(),
                    network.initializer(),
                    depth,
                    last.standardDeviation(),
                    last.spread(),
                    last.saturated().orElse(Double.NaN),
                    layers.get(0).gradient().orElse(Double.NaN),
                    distinct(network.values(EXAMPLES).get(depth - 1)));
        }

        private static long distinct(INDArray values) {
            return LongStream.range(0, values.columns())
                    .mapToObj(unit -> Arrays.hashCode(values.getColumn(unit).toFloatVector()))
                    .distinct()
                    .count();
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("symmetry", "tanh", "constant(value=0.01)", 10),
            new Case("small", "tanh", "gaussian(std=0.01)", 10),
            new Case("large", "tanh", "gaussian(std=1)", 10),
            new Case("two-over-n", "tanh", "uniform(limit=0.004)", 10),
            new Case("selu-lecun", "selu", "lecun", 50),
            new Case("selu-he", "selu", "he", 50),
            new Case("tanh-xavier", "tanh", "xavier", 10),
            new Case("tanh-he", "tanh", "he", 10),
            new Case("sigmoid-xavier", "sigmoid", "xavier", 10),
            new Case("sigmoid-small", "sigmoid", "gaussian(std=0.01)", 10),
            new Case("softmax-xavier", "softmax", "xavier", 1),
            new Case("softmax-large", "softmax", "gaussian(std=1)", 1),
            new Case("relu-he", "relu", "he", 50),
            new Case("relu-xavier", "relu", "xavier", 50));

    static List<Advice> measure(long seed, Runnable measured) {
        return CASES.stream()
                .map(one -> {
                    Advice advice = one.measure(seed);
                    measured.run();
                    return advice;
                })
                .toList();
    }

    static int cases() {
        return CASES.size();
    }

    static void write(Path file, List<Advice> all) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
                CSVPrinter printer = new CSVPrinter(
                        writer, CSV.builder().setSkipHeaderRecord(false).get())) {
            for (Advice one : all) {
                printer.printRecord(
                        one.id,
                        one.activation,
                        one.initializer,
                        one.depth,
                        one.std,
                        one.spread,
                        one.saturated,
                        one.gradient,
                        one.distinctUnits);
            }
        }
    }

    /** What {@code ./dl4jx signal advice} wrote. */
    public static List<Advice> read(Path file) throws IOException {
        List<Advice> all = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (CSVRecord row : CSV.parse(reader)) {
                all.add(new Advice(
                        row.get("id"),
                        row.get("activation"),
                        row.get("initialiser"),
                        Integer.parseInt(row.get("depth")),
                        Double.parseDouble(row.get("std")),
                        Double.parseDouble(row.get("spread")),
                        Double.parseDouble(row.get("saturated")),
                        Double.parseDouble(row.get("gradient_std")),
                        Long.parseLong(row.get("distinct_units"))));
            }
        }
        return all;
    }
}
