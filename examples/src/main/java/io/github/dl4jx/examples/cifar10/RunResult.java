package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.WholeFile;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * A finished run: its learning curve, and the test score, taken once at the end. Its file is a CSV with a row for each
 * measurement; the last row holds the test score.
 */
record RunResult(Run run, List<Measurement> curve, Score test, String conditions) {
    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator('\n')
            .setHeader(
                    "activation",
                    "initialiser",
                    "seed",
                    "images",
                    "seconds",
                    "images_per_second",
                    "train_loss",
                    "validation_accuracy",
                    "validation_loss",
                    "nan_seen",
                    "test_accuracy",
                    "test_loss",
                    "conditions")
            .setSkipHeaderRecord(true)
            .get();

    RunResult {
        curve = List.copyOf(curve);
    }

    Measurement last() {
        return curve.get(curve.size() - 1);
    }

    /** Whether a loss was NaN or infinite at any time. */
    boolean nanSeen() {
        return last().nanSeen() || !Double.isFinite(test.loss());
    }

    void write(Path file) throws IOException {
        writeAll(file, List.of(this), false);
    }

    /** One file for several runs: with their whole curves, or with the last row of each. */
    static void writeAll(Path file, List<RunResult> results, boolean lastRowsOnly) throws IOException {
        CSVFormat withHeader = FORMAT.builder().setSkipHeaderRecord(false).get();
        WholeFile.write(file, path -> {
            try (Writer writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
                    CSVPrinter printer = new CSVPrinter(writer, withHeader)) {
                for (RunResult result : results) {
                    result.print(printer, lastRowsOnly ? result.curve.size() - 1 : 0);
                }
            }
        });
    }

    private void print(CSVPrinter printer, int from) throws IOException {
        for (int i = from; i < curve.size(); i++) {
            Measurement m = curve.get(i);
            boolean isLast = i == curve.size() - 1;
            printer.printRecord(
                    run.activation(),
                    run.initializer(),
                    run.seed(),
                    m.images(),
                    m.seconds(),
                    m.imagesPerSecond(),
                    m.trainLoss(),
                    m.validation().accuracy(),
                    m.validation().loss(),
                    m.nanSeen(),
                    isLast ? test.accuracy() : "",
                    isLast ? test.loss() : "",
                    isLast ? conditions : "");
        }
    }

    /**
     * Reads back what {@link #write} wrote.
     *
     * @throws IOException if the file is not the whole result of {@code run}
     */
    static RunResult read(Path file, Run run) throws IOException {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            List<Measurement> curve = new ArrayList<>();
            CSVRecord last = null;
            for (CSVRecord row : FORMAT.parse(reader)) {
                curve.add(new Measurement(
                        Long.parseLong(row.get("images")),
                        number(row, "seconds"),
                        number(row, "train_loss"),
                        new Score(number(row, "validation_accuracy"), number(row, "validation_loss")),
                        Boolean.parseBoolean(row.get("nan_seen"))));
                last = row;
            }
            if (last == null) {
                throw new IllegalArgumentException("no measurement");
            }
            Run there = new Run(last.get("activation"), last.get("initialiser"), Long.parseLong(last.get("seed")));
            if (!there.equals(run)) {
                throw new IllegalArgumentException("it is of " + there);
            }
            return new RunResult(
                    run,
                    curve,
                    new Score(number(last, "test_accuracy"), number(last, "test_loss")),
                    last.get("conditions"));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new IOException(
                    file + " is not the result of " + run + "; delete it to repeat that run (" + e.getMessage() + ")",
                    e);
        }
    }

    private static double number(CSVRecord row, String column) {
        return Double.parseDouble(row.get(column));
    }
}
