package io.github.dl4jx.init.health;

import io.github.dl4jx.init.data.LayerSignal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measurements in a CSV file, a line for each layer. Each measurement is appended at once and the file closed again, so a run
 * that is stopped keeps what it has, and one that goes on with the same file appends; half a line at its end is cut off first.
 *
 * <p>A number that is not defined is an empty cell. {@code gradient_std}, {@code weight_rms} and so on are what {@link
 * MonitoredLayer} says. When the file cannot be written any more, a warning says so and the training goes on.
 */
public final class SignalCsv implements Consumer<Measurement> {
    private static final Logger LOG = LoggerFactory.getLogger(SignalCsv.class);

    private static final String HEADER =
            "network,iteration,epoch,examples,score,layer,type,mean,std,spread,zeros,saturated,"
                    + "units,dead_units,gradient_std,weight_rms,weight_gradient_rms,step_rms,troubles\n";

    private final Path file;
    private boolean broken;

    /**
     * Makes the file and its folder, or checks the one that is there.
     *
     * @throws IllegalArgumentException if it cannot be written, or holds something else
     */
    public SignalCsv(Path file) {
        this.file = file;
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            if (!Files.exists(file) || Files.size(file) == 0) {
                append(HEADER);
            } else {
                continueAt();
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("csv is " + file + ", which cannot be written (" + e
                    + "); valid: a file that is not there yet, or one that a monitor wrote");
        }
    }

    private void continueAt() throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] start = new byte[HEADER.length()];
            int length = bytes.read(start);
            if (length < start.length || !Arrays.equals(start, HEADER.getBytes(StandardCharsets.UTF_8))) {
                throw new IllegalArgumentException(
                        "csv is " + file
                                + ", which holds something else; valid: a file that is not there yet, or one that a monitor wrote");
            }
            long end = bytes.length();
            do {
                bytes.seek(--end);
            } while (bytes.read() != '\n');
            bytes.setLength(end + 1);
        }
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void accept(Measurement measurement) {
        if (broken) {
            return;
        }
        String rows = measurement.layers().stream()
                .map(layer -> row(measurement, layer))
                .collect(Collectors.joining());
        try {
            append(rows);
        } catch (IOException e) {
            broken = true;
            LOG.warn("{} cannot be written any more: {}", file, e.toString());
        }
    }

    private static String row(Measurement measurement, MonitoredLayer layer) {
        LayerSignal signal = layer.signal();
        List<String> troubles = measurement.troubles().stream()
                .filter(trouble -> trouble.layer().equals(signal.name()))
                .map(trouble -> trouble.condition().toString())
                .toList();
        return Stream.of(
                        measurement.network(),
                        measurement.iteration(),
                        measurement.epoch(),
                        measurement.examples(),
                        measurement.score(),
                        quoted(signal.name()),
                        quoted(signal.type()),
                        signal.mean(),
                        signal.standardDeviation(),
                        signal.spread(),
                        signal.zeros(),
                        cell(signal.saturated()),
                        signal.units(),
                        signal.deadUnits(),
                        cell(signal.gradient()),
                        cell(layer.weights()),
                        cell(layer.weightGradient()),
                        cell(layer.step()),
                        String.join(" ", troubles))
                .map(Object::toString)
                .collect(Collectors.joining(",", "", "\n"));
    }

    private static Object cell(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : "";
    }

    private static String quoted(String text) {
        return text.matches("[^,\"\\r\\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
