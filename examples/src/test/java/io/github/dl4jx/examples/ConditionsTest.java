package io.github.dl4jx.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commit that stands beside a figure, in a repository made for it. */
class ConditionsTest {
    private static final String HOME = "dl4jx.home";

    @TempDir
    private Path folder = Path.of("");

    private String before = "";

    @BeforeEach
    void home() {
        before = System.getProperty(HOME, "");
        System.setProperty(HOME, folder.toString());
    }

    @AfterEach
    void homeAsBefore() {
        if (before.isEmpty()) {
            System.clearProperty(HOME);
        } else {
            System.setProperty(HOME, before);
        }
    }

    private void git(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=test", "-c", "user.email=test@example.org"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void dirtyAreSourcesAndNotResults() throws Exception {
        assertThat(Conditions.line()).contains("commit unknown, ");
        Path source = Files.writeString(folder.resolve("Source.java"), "a");
        Path result = folder.resolve("benchmarks/results/training/results.md");
        Files.createDirectories(result.getParent());
        Files.writeString(result, "a");
        git("init", "-q");
        git("add", "-A");
        git("commit", "-q", "-m", "first");
        assertThat(Conditions.line()).containsPattern("commit [0-9a-f]{12}, ");

        Files.writeString(result, "b");
        Files.writeString(folder.resolve("new"), "not in git");
        assertThat(Conditions.line()).containsPattern("commit [0-9a-f]{12}, ");

        Files.writeString(source, "b");
        assertThat(Conditions.line()).containsPattern("commit [0-9a-f]{12}-dirty, ");
    }
}
