package io.github.dl4jx.examples.cifar10.data;

import java.io.PrintWriter;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Help.Ansi;

/** What the user sees of a long task: notices, and on a terminal a bar. A log file gets one line a task instead. */
public final class Progress {
    private final PrintWriter out;
    private final boolean terminal;

    /** On the given writer, with bars if the program runs on a terminal. */
    public Progress(PrintWriter out) {
        this(out, Ansi.AUTO.enabled());
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
        if (!terminal) {
            say(task);
        }
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(" " + unit, unitSize)
                .setInitialMax(total)
                .setUpdateIntervalMillis(500)
                .setConsumer(new Line())
                .build();
        bar.stepTo(start);
        return bar;
    }

    /** Draws the bar over itself, on the caller's writer. */
    private final class Line extends DelegatingProgressBarConsumer {
        Line() {
            super(
                    text -> {
                        if (terminal) {
                            out.print('\r' + text);
                            out.flush();
                        }
                    },
                    100);
        }

        @Override
        public void close() {
            if (terminal) {
                say("");
            }
        }
    }
}
