package io.github.dl4jx.examples.demo;

import io.github.dl4jx.examples.signal.Picture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Curves over axes of their own. What is not finite, or not positive on a logarithmic axis, is left out. */
final class Lines {
    /** In the legend, in pixels. */
    private static final int LETTER_WIDTH = 8;

    /** What the piece of a line in front of a name takes. */
    private static final int LETTERS_OF_A_SAMPLE = 5;

    /** Between two labels of the horizontal axis, in pixels: room for four digits. */
    private static final int TICK_SPACING = 100;

    private record Line(String name, List<Double> x, List<Double> y, Color colour, boolean dashed) {}

    private final String title;
    private final String xTitle;
    private final String yTitle;
    private final List<Line> lines = new ArrayList<>();
    private boolean xLogarithmic;
    private boolean yLogarithmic;
    private boolean legend = true;

    Lines(String title, String xTitle, String yTitle) {
        this.title = title;
        this.xTitle = xTitle;
        this.yTitle = yTitle;
    }

    Lines logarithmicX() {
        xLogarithmic = true;
        return this;
    }

    Lines logarithmicY() {
        yLogarithmic = true;
        return this;
    }

    /** For lines that need no names. */
    Lines withoutLegend() {
        legend = false;
        return this;
    }

    Lines line(String name, List<? extends Number> x, List<? extends Number> y, Color colour) {
        return add(name, x, y, colour, false);
    }

    /** A level to compare with. */
    Lines dashed(String name, List<? extends Number> x, List<? extends Number> y) {
        return add(name, x, y, Color.GRAY, true);
    }

    private Lines add(String name, List<? extends Number> x, List<? extends Number> y, Color colour, boolean dashed) {
        List<Integer> shown = IntStream.range(0, x.size())
                .filter(i -> Double.isFinite(y.get(i).doubleValue()))
                .filter(i -> !xLogarithmic || x.get(i).doubleValue() > 0)
                .filter(i -> !yLogarithmic || y.get(i).doubleValue() > 0)
                .boxed()
                .toList();
        if (!shown.isEmpty()) {
            lines.add(new Line(
                    name,
                    shown.stream().map(i -> x.get(i).doubleValue()).toList(),
                    shown.stream().map(i -> y.get(i).doubleValue()).toList(),
                    colour,
                    dashed));
        }
        return this;
    }

    void paint(Graphics2D g, int x, int y, int width, int height) {
        XYChart chart = Picture.chart(title, width, height, 13);
        chart.setXAxisTitle(xTitle);
        chart.setYAxisTitle(yTitle);
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
        int letters = lines.stream()
                .mapToInt(line -> line.name.length() + LETTERS_OF_A_SAMPLE)
                .sum();
        chart.getStyler()
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(
                        letters * LETTER_WIDTH > width ? Styler.LegendLayout.Vertical : Styler.LegendLayout.Horizontal)
                .setLegendVisible(legend && lines.size() > 1);
        List<Double> all = lines.stream().flatMap(line -> line.y.stream()).toList();
        double least = all.isEmpty() ? 0 : Collections.min(all);
        double most = all.isEmpty() ? 1 : Collections.max(all);
        chart.getStyler()
                .setAxisTitlesVisible(true)
                .setAxisTitleFont(font)
                .setXAxisDecimalPattern("0.####")
                .setXAxisTickMarkSpacingHint(TICK_SPACING)
                .setYAxisDecimalPattern(yLogarithmic && (least < 1e-4 || most > 1e5) ? "0E0" : "0.####")
                .setXAxisLogarithmic(xLogarithmic)
                .setYAxisLogarithmic(yLogarithmic);
        if (least == most) { // XChart divides by the height of the axis
            chart.getStyler()
                    .setYAxisMin(yLogarithmic ? least / 10 : least - 1)
                    .setYAxisMax(yLogarithmic ? most * 10 : most + 1);
        }
        for (Line line : lines) {
            XYSeries series = chart.addSeries(line.name, line.x, line.y);
            series.setMarker(SeriesMarkers.NONE);
            series.setLineColor(line.colour);
            series.setLineStyle(
                    line.dashed
                            ? new BasicStroke(
                                    1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, new float[] {6, 4}, 0)
                            : new BasicStroke(2));
        }
        Picture.paint(g, chart, x, y, width, height);
    }
}
