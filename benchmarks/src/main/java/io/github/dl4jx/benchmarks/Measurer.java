package io.github.dl4jx.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.core.type.TypeReference;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A JVM of its own for an implementation, since they differ in their flags and must not see each other's profile. It
 * sleeps until it is asked for a case: so all take their turns at the same case within seconds of each other, and a
 * machine that other guests make slow for a minute is slow for all.
 */
final class Measurer implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private final Task task;
    private final Process process;
    private final PrintWriter questions;
    private final BufferedReader answers;

    /** An answer, and what a native library printed before it. */
    record Answer(List<Raw> raw, List<String> printed) {}

    private Measurer(Task task, Process process) {
        this.task = task;
        this.process = process;
        questions = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts it, with this JVM's flags and class path, and waits until it is ready. */
    static Measurer start(Task task, Implementation implementation) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.addAll(implementation.flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Measurer.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Benchmarks.home().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("OMP_NUM_THREADS", String.valueOf(Implementation.THREADS));
        builder.environment().putAll(implementation.environment());
        Measurer measurer = new Measurer(task, builder.start());
        try {
            measurer.ask(task).printed().forEach(System.err::println);
        } catch (IOException | RuntimeException e) {
            measurer.close();
            throw e;
        }
        return measurer;
    }

    /** What it was started for. */
    Task task() {
        return task;
    }

    /** What it measures of the case; empty if its implementation lacks it. */
    Answer measure(Case of) throws IOException {
        return ask(of);
    }

    private Answer ask(Object question) throws IOException {
        questions.println(JSON.writeValueAsString(question));
        List<String> printed = new ArrayList<>();
        String answer = answers.readLine();
        while (answer != null && !answer.startsWith("[")) {
            printed.add(answer);
            answer = answers.readLine();
        }
        if (answer == null) {
            printed.forEach(System.err::println);
            throw new IOException("the JVM for " + task.implementation() + " has ended before it answered " + question);
        }
        return new Answer(JSON.readValue(answer, new TypeReference<List<Raw>>() {}), printed);
    }

    @Override
    public void close() {
        process.destroy();
    }

    /** What the new JVM does: it answers each line of its input with a line, and ends with its input. */
    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err); // what libraries print is no answer
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Task task = JSON.readValue(questions.readLine(), Task.class);
        Session session = Benchmarks.suites().stream()
                .filter(suite -> suite.name().equals(task.suite()))
                .findFirst()
                .orElseThrow()
                .open(task);
        answers.println("[]");
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            List<Raw> raw = new ArrayList<>();
            session.measure(
                    JSON.readValue(line, Case.class),
                    (of, nanos) ->
                            raw.add(new Raw(task.round(), task.implementation(), of, List.copyOf(nanos), peakBytes())));
            answers.println(JSON.writeValueAsString(raw));
        }
        System.exit(0); // whatever threads a library has left behind
    }

    /** The most memory that this JVM has had resident; null where there is no {@code /proc}. */
    private static @Nullable Long peakBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }

    /** Those of this JVM, which {@code benchmarks/run} chose. */
    static List<String> flags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }
}
