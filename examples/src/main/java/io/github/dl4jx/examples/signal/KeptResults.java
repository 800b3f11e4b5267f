package io.github.dl4jx.examples.signal;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** What the lab has left in the repository: the figures and pictures that documents show. */
public final class KeptResults {
    /** The picture of means and standard deviations. */
    public static final String CURVES = "curves.png";

    /** The picture of all pairs. */
    public static final String HEAT_MAP = HeatMapCommand.PICTURE;

    private final Path tables;
    private final Map<String, Advice> advice;
    private final HeatMap heatMap;

    /**
     * Reads them.
     *
     * @param folder examples/results/signal
     */
    public KeptResults(Path folder) throws IOException {
        tables = folder.resolve("tables/tables.csv");
        advice = Advice.read(folder.resolve("advice/advice.csv")).stream()
                .collect(Collectors.toMap(Advice::id, Function.identity()));
        heatMap = HeatMap.read(folder.resolve("heat-map/heat-map.csv"));
    }

    /** A case of {@code ./dl4jx signal advice}. */
    public Advice advice(String id) {
        return Objects.requireNonNull(advice.get(id), id);
    }

    /** The activations that an initialiser, with its defaults, carries signal and gradient of behind 50 layers. */
    public List<String> worksFor(String initializer) {
        return heatMap.worksFor(initializer);
    }

    /** The names of the initialisers in the heat map. */
    public List<String> initializers() {
        return heatMap.initializers();
    }

    /** Draws {@link #CURVES} and {@link #HEAT_MAP}. */
    public void draw(Path folder) throws IOException {
        Picture.write(
                folder.resolve(CURVES),
                "10 layers of 500 units, as the lecture has them",
                List.of(
                        new Picture.Chart("layer mean", false, curves("mean")),
                        new Picture.Chart("layer std", true, curves("std"))),
                List.of());
        HeatMapPicture.write(folder.resolve(HEAT_MAP), heatMap, "What is left behind 50 layers");
    }

    private List<Picture.Series> curves(String what) throws IOException {
        Map<String, List<CSVRecord>> rows;
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (Reader reader = Files.newBufferedReader(tables, StandardCharsets.UTF_8)) {
            rows = format.parse(reader).stream()
                    .filter(row -> row.get("what").equals(what))
                    .collect(Collectors.groupingBy(row -> row.get("table"), TreeMap::new, Collectors.toList()));
        }
        return rows.entrySet().stream()
                .map(table -> new Picture.Series(
                        Experiment.LECTURE
                                .get(Integer.parseInt(table.getKey()) - 1)
                                .title(),
                        table.getValue().stream()
                                .map(row -> Double.valueOf(row.get("first_draw")))
                                .toList(),
                        true))
                .toList();
    }
}
