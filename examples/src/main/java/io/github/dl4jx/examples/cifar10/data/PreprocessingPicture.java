package io.github.dl4jx.examples.cifar10.data;

import io.github.dl4jx.examples.WholeFile;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A picture of what preprocessing does: the cloud of red against blue values of training images, and images themselves,
 * each as it is, zero-centred and normalised.
 */
public final class PreprocessingPicture {
    private static final List<Panel> PANELS = List.of(
            new Panel("original", "value / 255", Preprocessing.NONE, 1, 0),
            new Panel("zero-centred", "minus the channel mean", Preprocessing.CHANNEL_MEAN, 1, 0.5f),
            new Panel("normalised", "divided by the deviation too", Preprocessing.STANDARDISE, 0.2f, 0.5f));

    private static final int POINTS = 1_000;

    /** Row 8, column 16: between the centre and the border, where some images show a thing and others what is behind. */
    private static final int PIXEL = 8 * Images.SIDE + 16;

    /** The same for all axes, so that the eye can compare; standardised values of a byte hardly leave it. */
    private static final double RANGE = 2.5;

    private static final int CHART = 440;
    private static final int MARGIN = 20;
    private static final int LABEL = 250;
    private static final int SCALE = 3;
    private static final int TILE = Images.SIDE * SCALE + 8;
    private static final int HEAD = 44;
    private static final int WIDTH = 3 * CHART + 2 * MARGIN;
    private static final int STRIP = HEAD + CHART + 5 * HEAD / 2;
    private static final int HEIGHT = STRIP + 3 * TILE + MARGIN;

    private static final Color POINT = new Color(31, 119, 180, 90);
    private static final String FONT = Font.SANS_SERIF;

    private PreprocessingPicture() {}

    /**
     * One way to see the data.
     *
     * @param contrast what values are multiplied by, and {@code brightness} what is added, to show them as colours
     */
    private record Panel(String title, String detail, Preprocessing kind, float contrast, float brightness) {}

    /**
     * Writes the picture as a PNG, whole or not at all; makes the folder if need be.
     *
     * @param train the images to learn the preprocessing from and to show
     * @throws IOException if the file cannot be written
     */
    public static void write(Images train, Path file) throws IOException {
        BufferedImage picture = draw(train);
        WholeFile.write(file, path -> ImageIO.write(picture, "png", path.toFile()));
    }

    private static BufferedImage draw(Images train) {
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, HEIGHT);

        int points = Math.min(POINTS, train.size());
        heading(g, "Red against blue of one pixel in " + points + " training images", MARGIN, HEAD - 14);
        heading(g, "One image of each class, values scaled to be seen", MARGIN, STRIP - HEAD);
        g.setFont(new Font(FONT, Font.PLAIN, 14));
        for (int c = 0; c < Images.CLASSES; c++) {
            g.drawString(Cifar10.CLASS_NAMES.get(c), MARGIN + LABEL + c * TILE, STRIP - 12);
        }
        int[] chosen = random(train, points);
        int[] examples = firstOfEachClass(train);
        for (int p = 0; p < PANELS.size(); p++) {
            Panel panel = PANELS.get(p);
            FittedPreprocessing fitted = panel.kind().fit(train);
            int x = MARGIN + p * CHART;
            g.setFont(new Font(FONT, Font.PLAIN, 15));
            g.setColor(Color.BLACK);
            g.drawString(panel.title() + ": " + panel.detail(), x + CHART / 6, HEAD + 16);
            Graphics2D chart = (Graphics2D) g.create(x, HEAD + 20, CHART, CHART);
            chart(fitted, train, chosen).paint(chart, CHART, CHART);
            chart.dispose();
            strip(g, panel, fitted, train, examples, STRIP + p * TILE);
        }
        g.dispose();
        return picture;
    }

    private static void heading(Graphics2D g, String text, int x, int y) {
        g.setColor(Color.BLACK);
        g.setFont(new Font(FONT, Font.BOLD, 18));
        g.drawString(text, x, y);
    }

    private static int[] random(Images train, int count) {
        int[] all = new int[train.size()];
        Arrays.setAll(all, i -> i);
        Cifar10.shuffle(all, new Random(0));
        return Arrays.copyOf(all, count);
    }

    /** Indices, -1 for a class without an image. */
    private static int[] firstOfEachClass(Images train) {
        int[] first = new int[Images.CLASSES];
        Arrays.fill(first, -1);
        for (int i = train.size() - 1; i >= 0; i--) {
            first[train.label(i)] = i;
        }
        return first;
    }

    private static XYChart chart(FittedPreprocessing fitted, Images train, int[] chosen) {
        double[] red = new double[chosen.length];
        double[] blue = new double[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            float[] values = fitted.apply(train, chosen[i]);
            red[i] = values[PIXEL];
            blue[i] = values[2 * Images.PLANE + PIXEL];
        }
        XYChart chart = new XYChartBuilder()
                .width(CHART)
                .height(CHART)
                .xAxisTitle("red")
                .yAxisTitle("blue")
                .build();
        XYStyler styler = chart.getStyler();
        styler.setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        styler.setMarkerSize(4);
        styler.setXAxisMin(-RANGE);
        styler.setXAxisMax(RANGE);
        styler.setYAxisMin(-RANGE);
        styler.setYAxisMax(RANGE);
        styler.setXAxisTickMarkSpacingHint(50);
        styler.setYAxisTickMarkSpacingHint(50);
        styler.setPlotContentSize(1);
        styler.setXAxisDecimalPattern("0.#");
        styler.setYAxisDecimalPattern("0.#");
        styler.setLegendVisible(false);
        styler.setChartBackgroundColor(Color.WHITE);
        axis(chart, "x", new double[] {-RANGE, RANGE}, new double[] {0, 0});
        axis(chart, "y", new double[] {0, 0}, new double[] {-RANGE, RANGE});
        chart.addSeries("images", red, blue).setMarker(SeriesMarkers.CIRCLE).setMarkerColor(POINT);
        return chart;
    }

    /** A line through zero, which shows where the centre of a cloud should lie. */
    private static void axis(XYChart chart, String name, double[] x, double[] y) {
        chart.addSeries(name, x, y)
                .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(Color.DARK_GRAY)
                .setLineWidth(1);
    }

    private static void strip(
            Graphics2D g, Panel panel, FittedPreprocessing fitted, Images train, int[] examples, int y) {
        g.setColor(Color.BLACK);
        g.setFont(new Font(FONT, Font.BOLD, 15));
        g.drawString(panel.title(), MARGIN, y + TILE / 2 - 6);
        g.setFont(new Font(FONT, Font.PLAIN, 13));
        g.drawString(
                panel.kind() == Preprocessing.NONE
                        ? "shown as it is"
                        : "shown as " + panel.brightness() + " + " + panel.contrast() + " × value",
                MARGIN,
                y + TILE / 2 + 14);
        for (int c = 0; c < Images.CLASSES; c++) {
            if (examples[c] >= 0) {
                BufferedImage image = image(panel, fitted.apply(train, examples[c]));
                int side = Images.SIDE * SCALE;
                g.drawImage(image, MARGIN + LABEL + c * TILE, y, side, side, null);
            }
        }
    }

    private static BufferedImage image(Panel panel, float[] values) {
        BufferedImage image = new BufferedImage(Images.SIDE, Images.SIDE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < Images.PLANE; i++) {
            int rgb = 0;
            for (int channel = 0; channel < Images.CHANNELS; channel++) {
                float shown = values[channel * Images.PLANE + i] * panel.contrast() + panel.brightness();
                rgb = rgb << 8 | Math.round(255 * Math.min(1, Math.max(0, shown)));
            }
            image.setRGB(i % Images.SIDE, i / Images.SIDE, rgb);
        }
        return image;
    }
}
