package io.github.dl4jx.examples.plot;

import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws activations and their derivatives: one a picture, or all on one grid. */
public final class ActivationPlots {
    /** The picture of all. */
    public static final String GALLERY = "gallery.png";

    private static final int WIDTH = 600;
    private static final int HEIGHT = 400;
    private static final int CELL_WIDTH = 340;
    private static final int CELL_HEIGHT = 260;
    private static final int GALLERY_HEAD = 50;
    private static final int MARGIN = 14;
    private static final double DOT = 4.5;

    /** Two colours that the colour-blind tell apart; the second is dashed as well. */
    private static final Color VALUE = new Color(0, 90, 181);

    private static final Color SLOPE = new Color(213, 94, 0);
    private static final Color FAINT = new Color(105, 105, 105);
    private static final Color INVISIBLE = new Color(0, 0, 0, 0);
    private static final BasicStroke SOLID = new BasicStroke(2.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
    private static final BasicStroke DASHED =
            new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {7, 4}, 0);

    private final List<Curve> curves;

    /** Of the activations that {@code specifications} name, for x from {@code from} to {@code to}. */
    public ActivationPlots(List<String> specifications, double from, double to) {
        this.curves = specifications.stream()
                .map(specification -> Curve.of(specification, from, to))
                .toList();
    }

    /**
     * Writes a picture of each activation and one of all, each whole or not at all; makes the folder if need be.
     *
     * @throws IOException if a file cannot be written
     * @throws UsageException if this machine cannot draw
     */
    public void write(Path folder) throws IOException {
        for (Map.Entry<String, BufferedImage> picture : pictures().entrySet()) {
            Path file = folder.resolve(picture.getKey());
            WholeFile.write(file, path -> ImageIO.write(picture.getValue(), "png", path.toFile()));
        }
    }

    /** By file name. */
    private Map<String, BufferedImage> pictures() {
        try {
            Map<String, BufferedImage> pictures = new LinkedHashMap<>();
            curves.forEach(curve -> pictures.put(fileName(curve.specification()), one(curve)));
            pictures.put(GALLERY, all());
            return pictures;
        } catch (RuntimeException | LinkageError | InternalError e) { // what a machine without fonts throws
            throw new UsageException("nothing can be drawn here; are fonts (fontconfig) installed? (" + e + ")", e);
        }
    }

    /** Of the picture of an activation, with the canonical specification: {@code swish.png}. */
    public static String fileName(String specification) {
        return WholeFile.safeName(specification) + ".png";
    }

    private static BufferedImage one(Curve curve) {
        BufferedImage picture = blank(WIDTH, HEIGHT);
        Graphics2D g = graphics(picture);
        int below = heading(g, curve, 18, WIDTH, true);
        draw(g, curve, WIDTH, below, HEIGHT - below, 12);
        legend(g, WIDTH / 10, below + 2 * MARGIN);
        g.dispose();
        return picture;
    }

    private BufferedImage all() {
        int columns = (int) Math.ceil(Math.sqrt(curves.size()));
        int rows = (curves.size() + columns - 1) / columns;
        BufferedImage picture = blank(columns * CELL_WIDTH, GALLERY_HEAD + rows * CELL_HEIGHT);
        Graphics2D g = graphics(picture);
        legend(g, 2 * MARGIN, GALLERY_HEAD / 2);
        for (int i = 0; i < curves.size(); i++) {
            Graphics2D cell = (Graphics2D) g.create(
                    i % columns * CELL_WIDTH, GALLERY_HEAD + i / columns * CELL_HEIGHT, CELL_WIDTH, CELL_HEIGHT);
            int below = heading(cell, curves.get(i), 15, CELL_WIDTH, false);
            draw(cell, curves.get(i), CELL_WIDTH, below, CELL_HEIGHT - below, 10);
            cell.dispose();
        }
        g.dispose();
        return picture;
    }

    private static BufferedImage blank(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    private static Graphics2D graphics(BufferedImage picture) {
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        return g;
    }

    /** Name, and below it what is shown; returns the height that they take. */
    private static int heading(Graphics2D g, Curve curve, int size, int width, boolean formula) {
        int y = MARGIN / 2 + size;
        g.setColor(Color.BLACK);
        text(g, curve.specification(), Font.BOLD, size, width, y);
        g.setColor(FAINT);
        if (formula) {
            y += 18;
            text(g, curve.subtitle(), Font.PLAIN, 12, width, y);
        }
        if (!curve.note().isEmpty()) {
            y += 16;
            text(g, curve.note(), Font.ITALIC, 12, width, y);
        }
        return y + 4;
    }

    /** In the middle, in the largest size up to {@code size} at which it fits. */
    private static void text(Graphics2D g, String text, int style, int size, int width, int y) {
        Font font = new Font(Font.SANS_SERIF, style, size);
        double wanted = g.getFontMetrics(font).stringWidth(text);
        double room = width - 2.0 * MARGIN;
        g.setFont(wanted > room ? font.deriveFont((float) (size * room / wanted)) : font);
        g.drawString(text, (width - g.getFontMetrics().stringWidth(text)) / 2, y);
    }

    private static void legend(Graphics2D g, int x, int y) {
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
        sample(g, VALUE, SOLID, "f", x, y);
        sample(g, SLOPE, DASHED, "f′", x + 6 * MARGIN, y);
    }

    private static void sample(Graphics2D g, Color colour, BasicStroke stroke, String name, int x, int y) {
        g.setColor(colour);
        g.setStroke(stroke);
        g.drawLine(x, y, x + 3 * MARGIN, y);
        g.setColor(Color.BLACK);
        g.drawString(name, x + 3 * MARGIN + 8, y + 6);
    }

    /** XChart draws axes and grid. It would draw a line piece by piece, each too short for a dash: so the lines are ours. */
    private static void draw(Graphics2D g, Curve curve, int width, int top, int height, int fontSize) {
        Graphics2D area = (Graphics2D) g.create(0, top, width, height);
        XYChart chart = axes(curve, width, height, fontSize);
        chart.paint(area, width, height);
        area.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        zeros(area, chart);
        draw(area, chart, curve.f(), VALUE, SOLID);
        draw(area, chart, curve.slope(), SLOPE, DASHED);
        area.dispose();
    }

    /** Both axes through zero, where that is in sight. */
    private static void zeros(Graphics2D g, XYChart chart) {
        XYStyler range = chart.getStyler();
        double left = chart.getScreenXFromChart(range.getXAxisMin());
        double right = chart.getScreenXFromChart(range.getXAxisMax());
        double x = chart.getScreenXFromChart(0);
        double y = chart.getScreenYFromChart(0);
        g.setColor(FAINT);
        g.setStroke(new BasicStroke(1));
        g.draw(new Line2D.Double(left, y, right, y));
        if (x >= left && x <= right) {
            double bottom = chart.getScreenYFromChart(range.getYAxisMin());
            g.draw(new Line2D.Double(x, bottom, x, chart.getScreenYFromChart(range.getYAxisMax())));
        }
    }

    private static void draw(Graphics2D g, XYChart chart, Curve.Line line, Color colour, BasicStroke stroke) {
        Path2D path = new Path2D.Double();
        boolean pen = false;
        for (int i = 0; i < line.x().size(); i++) {
            double x = chart.getScreenXFromChart(line.x().get(i));
            double y = chart.getScreenYFromChart(line.y().get(i));
            boolean drawn = !Double.isNaN(line.y().get(i));
            if (drawn && pen) {
                path.lineTo(x, y);
            } else if (drawn) {
                path.moveTo(x, y);
            }
            pen = drawn;
        }
        g.setColor(colour);
        g.setStroke(stroke);
        g.draw(path);
        for (int i = 0; i < line.dotX().size(); i++) {
            double x = chart.getScreenXFromChart(line.dotX().get(i));
            double y = chart.getScreenYFromChart(line.dotY().get(i));
            g.fill(new Ellipse2D.Double(x - DOT, y - DOT, 2 * DOT, 2 * DOT));
        }
    }

    private static XYChart axes(Curve curve, int width, int height, int fontSize) {
        XYChart chart = new XYChartBuilder().width(width).height(height).build();
        List<Double> x = curve.f().x();
        double left = x.get(0);
        double right = x.get(x.size() - 1);
        double low = lowest(curve);
        double high = highest(curve);
        double room = 0.04 * (high - low);
        XYStyler styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartTitleVisible(false);
        styler.setAxisTitlesVisible(false);
        styler.setLegendVisible(false);
        styler.setChartPadding(fontSize - 2);
        styler.setPlotBorderVisible(false);
        styler.setPlotContentSize(1);
        styler.setPlotGridLinesColor(new Color(228, 228, 228));
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, fontSize));
        styler.setXAxisTickMarkSpacingHint(5 * fontSize);
        styler.setYAxisTickMarkSpacingHint(3 * fontSize);
        styler.setXAxisMin(left);
        styler.setXAxisMax(right);
        styler.setYAxisMin(low - room);
        styler.setYAxisMax(high + room);
        chart.addSeries("area", unevenly(left, right), unevenly(low - room, high + room))
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(INVISIBLE);
        return chart;
    }

    /** Three points from edge to edge. Even ones XChart would take for its ticks. */
    private static double[] unevenly(double low, double high) {
        return new double[] {low, low + 0.3 * (high - low), high};
    }

    /** Never so tight that a small wiggle fills the chart: from 0 to 1 is always in sight. */
    private static double lowest(Curve curve) {
        return Math.min(0, values(curve).min().orElse(0));
    }

    private static double highest(Curve curve) {
        return Math.max(1, values(curve).max().orElse(1));
    }

    private static DoubleStream values(Curve curve) {
        return Stream.concat(curve.f().y().stream(), curve.slope().y().stream())
                .mapToDouble(Double::doubleValue)
                .filter(v -> !Double.isNaN(v));
    }
}
