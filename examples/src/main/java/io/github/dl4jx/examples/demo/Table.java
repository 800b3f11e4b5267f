package io.github.dl4jx.examples.demo;

import io.github.dl4jx.examples.WholeFile;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * Rows of text and numbers: a CSV file, or a table of a document.
 *
 * @param header a name for each column
 * @param rows as many cells each
 */
record Table(List<String> header, List<List<String>> rows) {
    private static final CSVFormat CSV =
            CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

    /** @throws IllegalArgumentException if a row has more or fewer cells than the header */
    Table {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException(
                        "rows: " + row + " has " + row.size() + " cells; valid: " + header.size());
            }
        }
    }

    static Table of(String... header) {
        return new Table(List.of(header), List.of());
    }

    /** With one more row; numbers as {@link #number} has them. */
    Table with(Object... cells) {
        List<List<String>> more = new ArrayList<>(rows);
        more.add(Arrays.stream(cells)
                .map(cell -> cell instanceof Number number ? number(number.doubleValue()) : cell.toString())
                .toList());
        return new Table(header, more);
    }

    /** Four digits, and no more than that; whole numbers below ten million in full. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "∞" : "−∞";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e7) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        int digits = (int) Math.floor(Math.log10(Math.abs(value)));
        return digits < -3 || digits > 5
                ? String.format(Locale.ROOT, "%.2e", value)
                : String.format(Locale.ROOT, "%." + Math.max(0, 3 - digits) + "f", value)
                        .replaceAll("(\\.\\d*?)0+$", "$1")
                        .replaceAll("\\.$", "");
    }

    /** As a document has it. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        append(text, header);
        append(text, header.stream().map(name -> "---").toList());
        rows.forEach(row -> append(text, row));
        return text.toString();
    }

    private static void append(StringBuilder text, List<String> cells) {
        text.append("| ")
                .append(String.join(
                        " | ",
                        cells.stream().map(cell -> cell.replace("|", "\\|")).toList()))
                .append(" |\n");
    }

    void write(Path file) throws IOException {
        WholeFile.write(file, path -> {
            try (Writer writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
                    CSVPrinter printer = new CSVPrinter(writer, CSV)) {
                printer.printRecord(header);
                printer.printRecords(rows);
            }
        });
    }

    /** What {@link #write} wrote. */
    static Table read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                CSVParser parser = CSV.parse(reader)) {
            List<List<String>> all = parser.stream().map(CSVRecord::toList).toList();
            if (all.isEmpty()) {
                throw new IOException(file + " is empty");
            }
            return new Table(Objects.requireNonNull(all.get(0)), all.subList(1, all.size()));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is not a table (" + e.getMessage() + ")", e);
        }
    }
}
