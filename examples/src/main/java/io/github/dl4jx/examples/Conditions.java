package io.github.dl4jx.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Where and with what a figure was measured: what a result file states beside it. */
public final class Conditions {
    private Conditions() {}

    /** On one line. */
    public static String line() {
        return String.join(
                ", ",
                cpu() + " with " + Runtime.getRuntime().availableProcessors() + " cores",
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                "commit " + commit(),
                LocalDate.now(ZoneOffset.UTC).toString());
    }

    private static String cpu() {
        Path cpuInfo = Path.of("/proc/cpuinfo");
        try {
            return Files.readAllLines(cpuInfo).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) { // not Linux
            return System.getProperty("os.arch");
        }
    }

    /** Of the sources that the launcher was started from, "-dirty" if they differ from it; "unknown" without git. */
    private static String commit() {
        try {
            String commit = git("rev-parse", "--short=12", "HEAD");
            // a run overwrites the results that are kept before it is done
            String changes = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!*/results/*");
            return commit.isEmpty() ? "unknown" : changes.isEmpty() ? commit : commit + "-dirty";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    /** What git says, empty where it fails. */
    private static String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(Path.of(System.getProperty("dl4jx.home", ".")).toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 ? text : "";
    }
}
