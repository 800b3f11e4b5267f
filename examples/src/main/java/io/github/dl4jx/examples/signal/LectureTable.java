package io.github.dl4jx.examples.signal;

import io.github.dl4jx.init.data.Moments;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * One of the lecture's tables, repeated.
 *
 * @param ensemble the repetitions
 * @param printed the lecture's figures
 * @param theory of the second moments
 * @param verdict on both
 */
record LectureTable(Ensemble ensemble, List<Printed> printed, MeanField theory, Verdict verdict) {
    static final CSVFormat CSV = CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator('\n')
            .setHeader(
                    "table",
                    "activation",
                    "initialiser",
                    "layer",
                    "what",
                    "first_draw",
                    "lecture",
                    "z",
                    "limit",
                    "interval_low",
                    "interval_high",
                    "second_moment",
                    "second_moment_theory",
                    "second_moment_standard_errors",
                    "second_moment_infinite_width")
            .get();

    /** What the columns are. */
    static final String LEGEND = """
            - mean and std: of the first draw, over all examples and units; lecture: as it printed them, from one draw of its own
            - interval of the draws: where a draw's figure lies, 99.9 % for the figures of a table together (Bonferroni, so
              whatever their correlation; Student's t; std by its logarithm)
            - theory: the recursion q ← E f(std·√(n·q)·z)² with the first correction for a width of n = 500
            """;

    static LectureTable of(Experiment experiment, int draws, long seed, Runnable drawn) {
        Ensemble ensemble = Ensemble.of(experiment, draws, seed, drawn);
        List<Printed> printed = Printed.table(experiment.table());
        return new LectureTable(ensemble, printed, MeanField.of(experiment), Verdict.of(ensemble, printed));
    }

    boolean holds() {
        return verdict.figuresHold() && verdict.theoryHolds();
    }

    /** In Markdown, with the verdict below. */
    String text() {
        Experiment experiment = ensemble.experiment();
        StringBuilder text = new StringBuilder("## " + experiment.table() + ": " + experiment.title() + "\n\n");
        row(
                text,
                "layer",
                "mean",
                "lecture",
                "interval of the draws",
                "std",
                "lecture",
                "interval of the draws",
                "theory");
        row(text, "---:", "---:", "---:", "---", "---:", "---:", "---", "---:");
        for (int layer = 0; layer <= Experiment.LAYERS; layer++) {
            Moments first = first(layer);
            Verdict.Figure mean = verdict.figures().get(2 * layer);
            Verdict.Figure std = verdict.figures().get(2 * layer + 1);
            row(
                    text,
                    layer == 0 ? "input" : String.valueOf(layer),
                    number(first.mean()),
                    number(printed.get(layer).mean()),
                    interval(mean),
                    number(first.standardDeviation()),
                    number(printed.get(layer).std()),
                    interval(std),
                    number(theory.std(layer)));
        }
        return text.append('\n').append(verdictText()).toString();
    }

    /** A row for each printed figure. */
    void print(CSVPrinter printer) throws IOException {
        Experiment experiment = ensemble.experiment();
        for (Verdict.Figure figure : verdict.figures()) {
            int layer = figure.layer();
            Moments first = first(layer);
            boolean mean = figure.what().equals("mean");
            printer.printRecord(
                    experiment.table(),
                    experiment.activation(),
                    experiment.initializer(),
                    layer,
                    figure.what(),
                    mean ? first.mean() : first.standardDeviation(),
                    (mean ? printed.get(layer).mean() : printed.get(layer).std()).toPlainString(),
                    figure.z(),
                    verdict.limit(),
                    figure.low(),
                    figure.high(),
                    verdict.moments().get(layer).mean(),
                    theory.finite().get(layer),
                    verdict.moments().get(layer).finite(),
                    theory.infinite().get(layer));
        }
    }

    /** The lecture's picture: means, standard deviations and histograms. */
    void draw(Path file) throws IOException {
        Picture.write(
                file,
                ensemble.experiment().title(),
                List.of(
                        new Picture.Chart(
                                "layer mean",
                                false,
                                List.of(
                                        series("a draw", layer -> first(layer).mean(), true),
                                        series(
                                                "the lecture",
                                                layer -> printed.get(layer)
                                                        .mean()
                                                        .doubleValue(),
                                                false))),
                        new Picture.Chart(
                                "layer std",
                                true,
                                List.of(
                                        series("a draw", layer -> first(layer).standardDeviation(), true),
                                        series(
                                                "the lecture",
                                                layer ->
                                                        printed.get(layer).std().doubleValue(),
                                                false),
                                        series("theory", theory::std, true)))),
                ensemble.histograms());
    }

    private static Picture.Series series(String name, IntToDoubleFunction value, boolean joined) {
        return new Picture.Series(
                name,
                IntStream.rangeClosed(0, Experiment.LAYERS)
                        .mapToDouble(value)
                        .boxed()
                        .toList(),
                joined);
    }

    private Moments first(int layer) {
        return ensemble.draws().get(0).get(layer);
    }

    private static void row(StringBuilder text, Object... cells) {
        text.append(String.format(Locale.ROOT, "| %-5s | %10s | %10s | %-24s | %10s | %10s | %-24s | %10s |\n", cells));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3e", value);
    }

    /** Not with more digits than there were. */
    private static String number(BigDecimal figure) {
        int digits = Math.min(3, Math.max(0, figure.precision() - 1));
        return figure.signum() == 0 ? figure.toPlainString() : String.format(Locale.ROOT, "%." + digits + "e", figure);
    }

    private static String interval(Verdict.Figure figure) {
        return number(figure.low()) + " to " + number(figure.high());
    }

    private String verdictText() {
        Verdict.Figure figure = verdict.worstFigure();
        Verdict.Moment moment = verdict.worstMoment();
        double infinite = verdict.moments().stream()
                .mapToDouble(m -> Math.abs(m.infinite()))
                .max()
                .orElseThrow();
        return String.format(
                Locale.ROOT,
                "- lecture's figures: %s; largest |z| %.2f (%s of %s), limit %.2f; %d of %d draws would be refused as"
                        + " tables%n"
                        + "- second moment: %s; largest |mean of the draws − theory| %.2f standard errors (layer %d), limit"
                        + " %.0f; by theory of infinite width it would be %.2f%n",
                verdict.figuresHold() ? "HOLD" : "DO NOT HOLD",
                Math.abs(figure.z()),
                figure.what(),
                figure.layer() == 0 ? "the input" : "layer " + figure.layer(),
                verdict.limit(),
                verdict.selfRejected(),
                ensemble.draws().size(),
                verdict.theoryHolds() ? "HOLDS" : "DOES NOT HOLD",
                Math.abs(moment.finite()),
                moment.layer(),
                Verdict.STANDARD_ERRORS,
                infinite);
    }
}
