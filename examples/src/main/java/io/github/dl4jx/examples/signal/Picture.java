package io.github.dl4jx.examples.signal;

import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Curves over the layers side by side, and below them a histogram of each layer, as the lecture draws them; and what any
 * picture needs.
 */
public final class Picture {
    private static final int CHART_WIDTH = 760;
    private static final int CHART_HEIGHT = 400;
    private static final int MOST_HISTOGRAMS = 10;
    private static final int HISTOGRAM_HEIGHT = 190;
    private static final int TITLE_HEIGHT = 40;

    /** More do not fit below a chart side by side. */
    private static final int LETTERS_OF_A_ROW = 60;

    /** Beyond this ratio a linear axis would show nothing of the smaller values. */
    private static final double WIDE = 10;

    private static final Color GRID = new Color(228, 228, 228);

    /** Colours that the colour-blind tell apart. */
    private static final Color[] COLOURS = {
        new Color(0, 90, 181),
        new Color(213, 94, 0),
        new Color(0, 158, 115),
        new Color(204, 121, 167),
        new Color(230, 159, 0),
        new Color(86, 180, 233),
        new Color(90, 90, 90),
        new Color(120, 60, 20)
    };

    /**
     * A value for each layer, the input being layer 0; what is not finite is left out.
     *
     * @param joined by a line; else the values are dots
     */
    record Series(String name, List<Double> values, boolean joined) {}

    /** Several series over one axis; {@code logarithmic} takes effect where the values are positive and far apart. */
    record Chart(String title, boolean logarithmic, List<Series> series) {}

    private Picture() {}

    /**
     * Writes it, whole or not at all.
     *
     * @param histograms a layer each, from layer 1 on; of more than ten, ten are drawn
     * @throws UsageException if this machine cannot draw
     */
    static void write(Path file, String title, List<Chart> charts, List<Histogram> histograms) throws IOException {
        int width = charts.size() * CHART_WIDTH;
        int height = TITLE_HEIGHT + CHART_HEIGHT + (histograms.isEmpty() ? 0 : HISTOGRAM_HEIGHT);
        write(file, width, height, g -> draw(g, width, title, charts, histograms));
    }

    /**
     * A picture of any content, whole or not at all.
     *
     * @throws UsageException if this machine cannot draw
     */
    public static void write(Path file, int width, int height, Consumer<Graphics2D> content) throws IOException {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        try {
            Graphics2D g = picture.createGraphics();
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, width, height);
            content.accept(g);
            g.dispose();
        } catch (RuntimeException | LinkageError | InternalError e) { // what a machine without fonts throws
            throw new UsageException("nothing can be drawn here; are fonts (fontconfig) installed? (" + e + ")", e);
        }
        WholeFile.write(file, path -> ImageIO.write(picture, "png", path.toFile()));
    }

    private static void draw(Graphics2D g, int width, String title, List<Chart> charts, List<Histogram> histograms) {
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 20));
        g.drawString(title, (width - g.getFontMetrics().stringWidth(title)) / 2, TITLE_HEIGHT - 12);
        for (int i = 0; i < charts.size(); i++) {
            paint(g, curves(charts.get(i)), i * CHART_WIDTH, TITLE_HEIGHT, CHART_WIDTH, CHART_HEIGHT);
        }
        int shown = Math.min(MOST_HISTOGRAMS, histograms.size());
        for (int i = 0; i < shown; i++) {
            int layer = shown == 1 ? 0 : i * (histograms.size() - 1) / (shown - 1);
            int cell = width / shown;
            XYChart chart = bars("layer " + (layer + 1), histograms.get(layer), cell);
            paint(g, chart, i * cell, TITLE_HEIGHT + CHART_HEIGHT, cell, HISTOGRAM_HEIGHT);
        }
    }

    /** One of eight colours; beyond those they repeat. */
    public static Color colour(int i) {
        return COLOURS[i % COLOURS.length];
    }

    /** Paints a chart into a part of a picture. */
    public static void paint(Graphics2D g, XYChart chart, int x, int y, int width, int height) {
        Graphics2D area = (Graphics2D) g.create(x, y, width, height);
        chart.paint(area, width, height);
        area.dispose();
    }

    private static XYChart curves(Chart content) {
        XYChart chart = chart(content.title(), CHART_WIDTH, CHART_HEIGHT, 14);
        int letters = content.series().stream()
                .mapToInt(series -> series.name().length())
                .sum();
        chart.getStyler()
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(
                        letters > LETTERS_OF_A_ROW ? Styler.LegendLayout.Vertical : Styler.LegendLayout.Horizontal)
                .setLegendVisible(content.series().size() > 1);
        chart.getStyler().setXAxisDecimalPattern("0").setYAxisDecimalPattern("0.##E0");
        double[] all = content.series().stream()
                .flatMapToDouble(series -> series.values().stream().mapToDouble(Double::doubleValue))
                .filter(value -> Double.isFinite(value) && (!content.logarithmic() || value > 0))
                .toArray();
        double least = DoubleStream.of(all).min().orElse(1);
        double most = DoubleStream.of(all).max().orElse(1);
        boolean logarithmic = content.logarithmic() && most > WIDE * least;
        chart.getStyler().setYAxisLogarithmic(logarithmic);
        if (!logarithmic && least == most) { // XChart divides by the height of the axis
            chart.getStyler().setYAxisMin(least - 1).setYAxisMax(most + 1);
        }
        for (int i = 0; i < content.series().size(); i++) {
            add(chart, content.series().get(i), colour(i), logarithmic);
        }
        return chart;
    }

    private static void add(XYChart chart, Series series, Color colour, boolean logarithmic) {
        List<Double> values = series.values();
        double[] layers = IntStream.range(0, values.size())
                .filter(i -> Double.isFinite(values.get(i)) && (!logarithmic || values.get(i) > 0))
                .asDoubleStream()
                .toArray();
        if (layers.length == 0) {
            return;
        }
        XYSeries line = chart.addSeries(
                series.name(),
                layers,
                Arrays.stream(layers).map(i -> values.get((int) i)).toArray());
        boolean crowded = values.size() > 20;
        line.setMarker(!series.joined() ? SeriesMarkers.DIAMOND : crowded ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE)
                .setMarkerColor(colour);
        line.setLineColor(colour);
        line.setLineStyle(new BasicStroke(2));
        if (!series.joined()) {
            line.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        }
    }

    private static XYChart bars(String title, Histogram histogram, int width) {
        XYChart chart = chart(title, width, HISTOGRAM_HEIGHT, 11);
        chart.getStyler().setPlotGridLinesVisible(false).setLegendVisible(false);
        chart.getStyler()
                .setYAxisTicksVisible(false)
                .setXAxisMin(-1.0)
                .setXAxisMax(1.0)
                .setXAxisTickMarkSpacingHint(width / 3)
                .setXAxisDecimalPattern("0.#");
        double most = Math.max(1, Collections.max(histogram.counts()));
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.05);
        // both corners of each bar: points at even distances XChart would take for its ticks
        double[] x = IntStream.range(0, 2 * Histogram.BINS)
                .mapToDouble(corner -> Histogram.edge((corner + 1) / 2))
                .toArray();
        double[] y = IntStream.range(0, 2 * Histogram.BINS)
                .mapToDouble(corner -> histogram.counts().get(corner / 2) / most)
                .toArray();
        XYSeries area = chart.addSeries("counts", x, y).setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
        area.setFillColor(COLOURS[0]);
        area.setLineColor(COLOURS[0]);
        area.setMarker(SeriesMarkers.NONE);
        return chart;
    }

    /** Without content, in the style of all charts: no titles of axes. */
    public static XYChart chart(String title, int width, int height, int fontSize) {
        XYChart chart =
                new XYChartBuilder().width(width).height(height).title(title).build();
        XYStyler styler = chart.getStyler();
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, fontSize);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotBorderVisible(false);
        styler.setChartTitleFont(font.deriveFont(fontSize + 2f));
        styler.setLegendFont(font);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setAxisTitlesVisible(false);
        styler.setAxisTickLabelsFont(font);
        return chart;
    }
}
