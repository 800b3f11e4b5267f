package io.github.dl4jx.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

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

    /** Of the sources that the launcher was started from; "unknown" without git. */
    private static String commit() {
        ProcessBuilder builder = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12");
        builder.directory(Path.of(System.getProperty("dl4jx.home", ".")).toFile());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = builder.start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? text : "unknown";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
