package io.github.dl4jx.examples.signal;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The heat map: for each pair a cell whose left half is the signal and whose right half is the gradient. */
final class HeatMapPicture {
    private static final int CELL_WIDTH = 104;
    private static final int CELL_HEIGHT = 26;
    private static final int LEFT = 170;
    private static final int TOP = 110;
    private static final int MARGIN = 20;

    /** So wide is the legend. */
    private static final int LEAST_WIDTH = 1_000;

    /** Beyond this power of ten all is one colour. */
    private static final double FULL = 6;

    private static final Color VANISHED = new Color(33, 102, 172);
    private static final Color EXPLODED = new Color(178, 24, 43);
    private static final Color NOTHING = new Color(60, 60, 60);
    private static final Color WORKS = new Color(0, 120, 60);

    private HeatMapPicture() {}

    static void write(Path file, HeatMap map, String title) throws IOException {
        int width = Math.max(LEAST_WIDTH, LEFT + map.initializers().size() * CELL_WIDTH + MARGIN);
        int height = TOP + map.activations().size() * CELL_HEIGHT + MARGIN;
        Picture.write(file, width, height, g -> draw(g, map, title));
    }

    private static void draw(Graphics2D g, HeatMap map, String title) {
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 17));
        g.drawString(title, MARGIN, 28);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        g.drawString(
                "left: log10 of the signal that is left; right: of the gradient. White: as at the start; blue: vanished;"
                        + " red: exploded; black: nothing, or not a number. Framed in green: both work.",
                MARGIN,
                50);
        List<String> columns = map.initializers();
        List<String> rows = map.activations();
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i);
            int x = LEFT + i * CELL_WIDTH;
            int half = column.lastIndexOf('-') + 1;
            if (half > 0) { // on two lines, as nguyen-widrow-matlab
                fitted(g, column.substring(0, half), x, TOP - 28, CELL_WIDTH - 8);
            }
            fitted(g, column.substring(half), x, TOP - 12, CELL_WIDTH - 8);
        }
        for (int i = 0; i < rows.size(); i++) {
            fitted(g, rows.get(i), MARGIN, TOP + i * CELL_HEIGHT + 18, LEFT - MARGIN - 8);
        }
        for (HeatMap.Cell cell : map.cells()) {
            int x = LEFT + columns.indexOf(cell.initializer()) * CELL_WIDTH;
            int y = TOP + rows.indexOf(cell.activation()) * CELL_HEIGHT;
            int half = (CELL_WIDTH - 6) / 2;
            value(g, cell.signal(), x, y, half);
            value(g, cell.gradient(), x + half, y, half);
            if (cell.works()) {
                g.setColor(WORKS);
                g.setStroke(new BasicStroke(3));
                g.drawRect(x, y + 1, 2 * half, CELL_HEIGHT - 5);
            }
        }
    }

    private static void value(Graphics2D g, double value, int x, int y, int width) {
        Color colour = colour(value);
        g.setColor(colour);
        g.fillRect(x, y, width, CELL_HEIGHT - 3);
        g.setColor(colour.getGreen() < 140 ? Color.WHITE : Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        String text = Double.isNaN(value) ? "NaN" : value < -99 ? "0" : String.format(Locale.ROOT, "%.1f", value);
        g.drawString(text.replace('-', '−'), x + (width - g.getFontMetrics().stringWidth(text)) / 2, y + 16);
    }

    private static Color colour(double value) {
        if (!Double.isFinite(value)) {
            return NOTHING;
        }
        Color end = value < 0 ? VANISHED : EXPLODED;
        double share = Math.min(1, Math.abs(value) / FULL);
        return new Color(mixed(end.getRed(), share), mixed(end.getGreen(), share), mixed(end.getBlue(), share));
    }

    private static int mixed(int end, double share) {
        return (int) Math.round(255 + (end - 255) * share);
    }

    private static void fitted(Graphics2D g, String text, int x, int y, int width) {
        Font font = new Font(Font.SANS_SERIF, Font.BOLD, 13);
        double wanted = g.getFontMetrics(font).stringWidth(text);
        g.setColor(Color.BLACK);
        g.setFont(wanted > width ? font.deriveFont((float) (13 * width / wanted)) : font);
        g.drawString(text, x, y);
    }
}
