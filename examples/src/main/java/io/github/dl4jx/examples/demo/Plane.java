package io.github.dl4jx.examples.demo;

import io.github.dl4jx.examples.signal.Picture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.List;

/** A square piece of a plane as a picture: shades of a function, and on them points and paths. */
final class Plane {
    private static final int CELL = 2;
    private static final int TITLE_HEIGHT = 24;

    /** The colour of the first class, and of the value 0. */
    static final Color FIRST = Picture.colour(1);

    /** The colour of the second class, and of the value 1. */
    static final Color SECOND = Picture.colour(0);

    private final double centreX;
    private final double centreY;
    private final double radius;
    private final int side;
    private final Graphics2D g;

    /** Of the square from centre − radius to centre + radius, below a title of {@value #TITLE_HEIGHT} pixels. */
    Plane(Graphics2D g, int left, int top, int side, double centreX, double centreY, double radius) {
        this.g = (Graphics2D) g.create(left, top, side, side + TITLE_HEIGHT);
        this.side = side;
        this.centreX = centreX;
        this.centreY = centreY;
        this.radius = radius;
    }

    void title(String title) {
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        g.drawString(title, (side - g.getFontMetrics().stringWidth(title)) / 2, TITLE_HEIGHT - 7);
    }

    /**
     * Colours each place by its value, from 0 (the first colour) by 1/2 (white) to 1 (the second).
     *
     * @param values of many places at once: [n][2] to [n]
     */
    void shade(ToValues values) {
        int cells = side / CELL;
        double[][] places = new double[cells * cells][];
        for (int i = 0; i < places.length; i++) {
            int row = i / cells;
            places[i] = new double[] {
                centreX + radius * (2 * (i % cells + 0.5) / cells - 1), centreY - radius * (2 * (row + 0.5) / cells - 1)
            };
        }
        double[] shades = values.of(places);
        for (int i = 0; i < places.length; i++) {
            g.setColor(shade(shades[i]));
            g.fillRect(i % cells * CELL, TITLE_HEIGHT + i / cells * CELL, CELL, CELL);
        }
    }

    /** What {@link #shade} asks. */
    @FunctionalInterface
    interface ToValues {
        double[] of(double[][] places);
    }

    private static Color shade(double value) {
        if (Double.isNaN(value)) {
            return Color.DARK_GRAY;
        }
        double share = Math.min(1, Math.abs(2 * value - 1)) * 0.75;
        Color end = value < 0.5 ? FIRST : SECOND;
        return new Color(mixed(end.getRed(), share), mixed(end.getGreen(), share), mixed(end.getBlue(), share));
    }

    private static int mixed(int end, double share) {
        return (int) Math.round(255 + (end - 255) * share);
    }

    void points(Points points) {
        for (int i = 0; i < points.size(); i++) {
            g.setColor(points.classOf(i) == 0 ? FIRST : SECOND);
            Ellipse2D dot = dot(points.position(i), 2.5);
            g.fill(dot);
            g.setColor(Color.WHITE);
            g.setStroke(new BasicStroke(0.7f));
            g.draw(dot);
        }
    }

    void point(double[] position, Color colour) {
        g.setColor(colour);
        g.fill(dot(position, 5));
    }

    private Ellipse2D dot(double[] position, double size) {
        return new Ellipse2D.Double(x(position[0]) - size, y(position[1]) - size, 2 * size, 2 * size);
    }

    void path(List<double[]> positions, Color colour) {
        Path2D path = new Path2D.Double();
        path.moveTo(x(positions.get(0)[0]), y(positions.get(0)[1]));
        positions.forEach(position -> path.lineTo(x(position[0]), y(position[1])));
        g.setColor(colour);
        g.setStroke(new BasicStroke(1.5f));
        g.draw(path);
    }

    /** The axes, where they cross this piece. */
    void axes() {
        g.setColor(new Color(150, 150, 150));
        g.setStroke(new BasicStroke(1));
        g.draw(new Line2D.Double(0, y(0), side, y(0)));
        g.draw(new Line2D.Double(x(0), TITLE_HEIGHT, x(0), TITLE_HEIGHT + side));
    }

    private double x(double value) {
        return side * (value - centreX + radius) / (2 * radius);
    }

    private double y(double value) {
        return TITLE_HEIGHT + side * (centreY + radius - value) / (2 * radius);
    }
}
