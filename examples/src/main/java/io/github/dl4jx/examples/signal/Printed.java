package io.github.dl4jx.examples.signal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;

/**
 * What the lecture printed of one layer, the input being layer 0.
 *
 * @param mean with the digits that were printed
 * @param std with the digits that were printed
 */
record Printed(BigDecimal mean, BigDecimal std) {
    /** A table: the input, then each layer. */
    static List<Printed> table(int number) {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (InputStream file = Objects.requireNonNull(Printed.class.getResourceAsStream("lecture.csv"));
                InputStreamReader reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
            return format.parse(reader).stream()
                    .filter(row -> row.get("table").equals(String.valueOf(number)))
                    .map(row -> new Printed(new BigDecimal(row.get("mean")), new BigDecimal(row.get("std"))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Half a unit of the last digit printed: so far from it the figure itself may have been. */
    static double halfUnit(BigDecimal figure) {
        return figure.ulp().doubleValue() / 2;
    }
}
