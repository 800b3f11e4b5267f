package io.github.dl4jx.examples.cifar10.data;

import java.io.PrintWriter;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** What the user sees of a long task: notices, and on a terminal a bar. A log file gets one line a task instead. */
public final class Progress {
    private final PrintWriter out;
    private final boolean terminal;

    /** On the given writer, with bars if the program runs on a terminal. */
    public Progress(PrintWriter out) {
        // The launcher knows whether the error stream, where bars are drawn, is a terminal.
        this(out, Boolean.parseBoolean(System.getProperty("dl4jx.terminal", "false")));
    }

    Progress(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Prints a line. */
    public void say(String line) {
        out.println(line);
        out.flush();
    }

    /**
     * Starts a bar; close it at the end.
     *
     * @param start how much was done before, by an earlier attempt
     * @param total how much there is to do in all, or -1 if that is not known
     * @param unitSize how much makes one of the units displayed
     */
    public ProgressBar bar(String task, long start, long total, String unit, long unitSize) {
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(task)
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(" " + unit, unitSize)
                .showSpeed(new DecimalFormat("#", DecimalFormatSymbols.getInstance(Locale.ROOT)))
                .startsFrom(start, Duration.ZERO)
                .setInitialMax(total)
                .setUpdateIntervalMillis(500);
        if (!terminal) {
            say(task);
            builder.setConsumer(new DelegatingProgressBarConsumer(line -> {}));
        }
        return builder.build();
    }
}
