package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.WholeFile;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The picture of a study: validation accuracy and training loss against images seen, the mean over the seeds. A curve ends
 * where its first seed does, since those that survive it are the better ones.
 */
final class LearningCurves {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 520;

    private LearningCurves() {}

    static void write(List<RunResult> results, Path file) throws IOException {
        BufferedImage picture = new BufferedImage(2 * WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        chart(
                        "Validation accuracy",
                        "accuracy, %",
                        results,
                        m -> 100 * m.validation().accuracy())
                .paint(graphics, WIDTH, HEIGHT);
        graphics.translate(WIDTH, 0);
        chart("Training loss", "cross-entropy", results, Measurement::trainLoss).paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        WholeFile.write(file, path -> ImageIO.write(picture, "png", path.toFile()));
    }

    private static XYChart chart(
            String title, String yAxis, List<RunResult> results, ToDoubleFunction<Measurement> value) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("images seen, thousands")
                .yAxisTitle(yAxis)
                .build();
        chart.getStyler()
                .setChartBackgroundColor(Color.WHITE)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16))
                .setLegendPosition(Styler.LegendPosition.OutsideE);
        results.stream()
                .collect(Collectors.groupingBy(
                        r -> r.run().activation() + ", " + r.run().initializer(), TreeMap::new, Collectors.toList()))
                .forEach((name, group) -> {
                    SortedMap<Long, Double> mean = mean(group, value);
                    if (!mean.isEmpty()) { // a run that was NaN from the start has no curve
                        chart.addSeries(
                                        name,
                                        mean.keySet().stream()
                                                .mapToDouble(images -> images / 1000.0)
                                                .toArray(),
                                        mean.values().stream()
                                                .mapToDouble(Double::doubleValue)
                                                .toArray())
                                .setMarker(SeriesMarkers.CIRCLE);
                    }
                });
        return chart;
    }

    /** Of the value, by images seen, as long as all runs have a finite one. */
    static SortedMap<Long, Double> mean(List<RunResult> runs, ToDoubleFunction<Measurement> value) {
        TreeMap<Long, List<Double>> values = runs.stream()
                .flatMap(run -> run.curve().stream())
                .filter(m -> Double.isFinite(value.applyAsDouble(m)))
                .collect(Collectors.groupingBy(
                        Measurement::images,
                        TreeMap::new,
                        Collectors.mapping(value::applyAsDouble, Collectors.toList())));
        SortedMap<Long, Double> means = new TreeMap<>();
        values.forEach((images, all) -> {
            if (all.size() == runs.size()) {
                means.put(images, all.stream().mapToDouble(one -> one).average().orElseThrow());
            }
        });
        return means;
    }
}
