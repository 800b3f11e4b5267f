package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Progress;
import io.github.dl4jx.onednn.OneDnnStatus;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/**
 * A comparison in a folder of its own. Every run is written the moment it ends, so a study that was interrupted goes on
 * where it stopped:
 *
 * <pre>
 * study.properties   the configuration; another one is refused, unless it is the same with more runs
 * runs/*.csv         a finished run each
 * results.csv        the last row of each run, once all are done
 * curves.csv         all rows
 * curves.png         the learning curves
 * results.md         the table, with configuration and machine
 * </pre>
 */
final class Study {
    private static final String SETTINGS = "study.properties";

    /** The table and what it depends on. */
    static final String PAGE = "results.md";

    private final Path folder;
    private final StudyConfiguration configuration;
    private final String command;
    private final @Nullable Double targetLoss;

    /**
     * With the command that asked for it, to stand beside the figures.
     *
     * @param targetLoss see {@link ResultTable#of}
     */
    Study(Path folder, StudyConfiguration configuration, String command, @Nullable Double targetLoss) {
        this.folder = folder;
        this.command = command;
        this.targetLoss = targetLoss;
        this.configuration = configuration;
    }

    /**
     * Makes the runs that are missing, then the files about all of them.
     *
     * @return all runs, in the order of the configuration
     * @throws UsageException if the folder belongs to another configuration, or another process works in it
     */
    List<RunResult> complete(Cifar10 data, Progress progress) throws IOException {
        Files.createDirectories(folder);
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw inUse();
            }
            claim();
            return completeLocked(data, progress);
        } catch (OverlappingFileLockException e) { // held by this very process
            throw inUse();
        }
    }

    private UsageException inUse() {
        return new UsageException("--out " + folder + ": another dl4jx is working in this folder");
    }

    private List<RunResult> completeLocked(Cifar10 data, Progress progress) throws IOException {
        List<Run> runs = configuration.runs();
        List<RunResult> results = new ArrayList<>();
        @Nullable Training training = null; // made when a run is missing: it fits the preprocessing
        for (Run run : runs) {
            Path file = folder.resolve("runs").resolve(run.fileName() + ".csv");
            String number = "[" + (results.size() + 1) + "/" + runs.size() + "] ";
            String what = number + run;
            RunResult result;
            if (Files.exists(file)) {
                result = RunResult.read(file, run);
                progress.say(what + ": finished before, " + summary(result));
            } else {
                if (training == null) {
                    training = new Training(configuration, data);
                    OneDnnStatus oneDnn = training.warmUp();
                    progress.say("oneDNN " + (oneDnn.enabled() ? "on: " : "off: ") + oneDnn.reason());
                }
                // the bar has 80 columns to share with speed and time left
                result = train(training, run, number + run.activation(), progress);
                result.write(file);
                progress.say(what + ": " + summary(result));
            }
            results.add(result);
        }
        RunResult.writeAll(folder.resolve("results.csv"), results, true);
        RunResult.writeAll(folder.resolve("curves.csv"), results, false);
        String page = page(results);
        WholeFile.write(folder.resolve(PAGE), path -> Files.writeString(path, page));
        draw(results, progress);
        return results;
    }

    /** A machine without fonts cannot draw letters: it shall have the figures all the same. */
    private void draw(List<RunResult> results, Progress progress) throws IOException {
        try {
            LearningCurves.write(results, folder.resolve("curves.png"));
        } catch (RuntimeException | LinkageError | InternalError e) {
            progress.say("curves.png cannot be drawn here; are fonts (fontconfig) installed? (" + e + ")");
        }
    }

    private String page(List<RunResult> results) {
        StringBuilder page = new StringBuilder("# CIFAR-10 comparison\n\nCommand: `" + command + "`\n\n");
        results.stream().map(RunResult::conditions).distinct().forEach(line -> page.append("- measured on ")
                .append(line)
                .append('\n'));
        configuration.settings().forEach((name, value) -> page.append("- ")
                .append(name)
                .append(": ")
                .append(value)
                .append('\n'));
        return page.append('\n')
                .append(ResultTable.of(results, configuration.batch(), targetLoss))
                .toString();
    }

    private static RunResult train(Training training, Run run, String name, Progress progress) {
        try (ProgressBar bar = progress.bar(name, 0, training.imagesOfARun(), "images", 1)) {
            return training.run(run, bar::stepTo);
        }
    }

    private static String summary(RunResult result) {
        return String.format(
                Locale.ROOT,
                "test accuracy %.2f %%, %.0f images/s, %.0f s%s",
                100 * result.test().accuracy(),
                result.last().imagesPerSecond(),
                result.last().seconds(),
                result.nanSeen() ? ", NaN seen" : "");
    }

    /** Writes the configuration into the folder, unless one is there that does not fit. */
    private void claim() throws IOException {
        Path file = folder.resolve(SETTINGS);
        Map<String, String> settings = configuration.settings();
        if (Files.exists(file)) {
            Properties there = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                there.load(reader);
            }
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                String other = there.getProperty(setting.getKey());
                if (!StudyConfiguration.goesOn(setting.getKey(), other, setting.getValue())) {
                    throw new UsageException("--out " + folder + " holds a study with " + setting.getKey() + " = "
                            + other + ", not " + setting.getValue()
                            + "; name another folder, or the same configuration, to which seeds may be added");
                }
            }
        }
        Properties properties = new Properties();
        properties.putAll(settings);
        WholeFile.write(file, path -> {
            try (Writer writer = Files.newBufferedWriter(path)) {
                properties.store(writer, "A dl4jx cifar10 study: its runs belong to this configuration alone.");
            }
        });
    }
}
