package io.github.dl4jx.benchmarks;

import io.github.dl4jx.examples.WholeFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.shade.jackson.core.type.TypeReference;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** A JVM of its own for a task, since the implementations differ in their flags and must not see each other's profile. */
final class Measurer {
    static final ObjectMapper JSON = new ObjectMapper();

    private Measurer() {}

    /**
     * What the new JVM does.
     *
     * @param args the files of the task and of the result
     */
    public static void main(String[] args) throws IOException {
        Task task = JSON.readValue(Path.of(args[0]).toFile(), Task.class);
        Suite suite = Benchmarks.suites().stream()
                .filter(s -> s.name().equals(task.suite()))
                .findFirst()
                .orElseThrow();
        List<Raw> raw = new ArrayList<>();
        suite.measure(
                task, (of, nanos) -> raw.add(new Raw(task.round(), task.implementation(), of, List.copyOf(nanos))));
        WholeFile.write(Path.of(args[1]), path -> JSON.writeValue(path.toFile(), raw));
        System.exit(0); // whatever threads a library has left behind
    }

    /** Starts it, with this one's flags and class path, and waits. */
    static List<Raw> run(Task task, Implementation implementation) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("dl4jx");
        Path question = folder.resolve("task.json");
        Path answer = folder.resolve("result.json");
        try {
            JSON.writeValue(question.toFile(), task);
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(flags());
            command.addAll(implementation.flags());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Measurer.class.getName()));
            command.addAll(List.of(question.toString(), answer.toString()));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Benchmarks.home().toFile())
                    .inheritIO();
            builder.environment().put("OMP_NUM_THREADS", String.valueOf(Implementation.THREADS));
            builder.environment().putAll(implementation.environment());
            Process process = builder.start();
            Thread orphan = new Thread(process::destroy);
            Runtime.getRuntime().addShutdownHook(orphan);
            int code = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(orphan);
            if (code != 0) {
                throw new IOException("the JVM for " + implementation.name() + " ended with exit code " + code);
            }
            return JSON.readValue(answer.toFile(), new TypeReference<List<Raw>>() {});
        } finally {
            Files.deleteIfExists(question);
            Files.deleteIfExists(answer);
            Files.deleteIfExists(folder);
        }
    }

    /** Those of this JVM, which {@code benchmarks/run} chose. */
    static List<String> flags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }
}
