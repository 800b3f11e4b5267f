package io.github.dl4jx.benchmarks;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/** Bars, a group for each subject and a colour for each implementation. */
final class Charts {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 420;

    /** Where a logarithmic axis begins at the lowest. */
    private static final double LOWEST = 0.1;

    /** The pack in a colour that stands out; the others in ones that differ in brightness too. */
    private static final Map<String, Color> COLOURS = Map.of(
            Implementation.DL4J.name(), new Color(0xB8, 0xBE, 0xC6),
            Implementation.PYTORCH.name(), new Color(0xE0, 0x8E, 0x45),
            Implementation.PYTORCH_CHANNELS_LAST.name(), new Color(0xB0, 0x55, 0x1A),
            Implementation.LOOPS.name(), new Color(0x8F, 0xC1, 0xE3),
            Implementation.VECTOR.name(), new Color(0x1F, 0x5F, 0xA8),
            InitializerSuite.PACK.name(), new Color(0x1F, 0x5F, 0xA8));

    private Charts() {}

    /** One picture of several. */
    record Panel(String title, List<String> subjects, Map<Implementation, List<@Nullable Double>> bars) {}

    /** @param bar how high, of the subject in the row; empty for no bar */
    static Panel panel(
            String title,
            List<String> subjects,
            List<Implementation> implementations,
            BiFunction<Integer, Implementation, Optional<Double>> bar) {
        Map<Implementation, List<@Nullable Double>> bars = new LinkedHashMap<>();
        for (Implementation implementation : implementations) {
            List<@Nullable Double> heights = new ArrayList<>();
            for (int row = 0; row < subjects.size(); row++) {
                heights.add(bar.apply(row, implementation).orElse(null));
            }
            if (heights.stream().anyMatch(height -> height != null)) { // XChart draws no series of nothing
                bars.put(implementation, heights);
            }
        }
        return new Panel(title, subjects, bars);
    }

    /** One below the other. */
    static BufferedImage draw(List<Panel> panels, boolean logarithmic) {
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT * panels.size(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        for (Panel panel : panels) {
            chart(panel, logarithmic).paint(graphics, WIDTH, HEIGHT);
            graphics.translate(0, HEIGHT);
        }
        graphics.dispose();
        return picture;
    }

    private static CategoryChart chart(Panel panel, boolean logarithmic) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(panel.title())
                .build();
        chart.getStyler()
                .setYAxisLogarithmic(logarithmic)
                .setXAxisLabelRotation(panel.subjects().size() > 8 ? 35 : 0)
                .setChartBackgroundColor(Color.WHITE)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16))
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal);
        chart.getStyler().setAvailableSpaceFill(0.8);
        double low = logarithmic ? Math.max(LOWEST, Math.pow(10, Math.floor(Math.log10(lowest(panel))))) : 0;
        chart.getStyler().setYAxisMin(low); // from which bars of a logarithmic axis rise
        panel.bars().forEach((implementation, heights) -> chart.addSeries(
                        implementation.label(), panel.subjects(), raised(heights, low))
                .setFillColor(COLOURS.getOrDefault(implementation.name(), Color.GRAY)));
        return chart;
    }

    private static double lowest(Panel panel) {
        return panel.bars().values().stream()
                .flatMap(List::stream)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(1);
    }

    /** What does nothing at all has a bar too short to draw. */
    private static List<@Nullable Double> raised(List<@Nullable Double> heights, double low) {
        List<@Nullable Double> raised = new ArrayList<>();
        heights.forEach(height -> raised.add(height == null ? null : Double.valueOf(Math.max(height, 1.02 * low))));
        return raised;
    }
}
