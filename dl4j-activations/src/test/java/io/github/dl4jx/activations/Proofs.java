package io.github.dl4jx.activations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Where the long tests leave what they found: {@code dl4j-activations/results}, with its conditions. */
public final class Proofs {
    private Proofs() {}

    /** Runs a test class inside this one. */
    public static TestExecutionSummary run(Class<?> test) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(test))
                                .build(),
                        listener);
        return listener.getSummary();
    }

    /** Command and machine, as lines of Markdown. */
    public static String conditions(String command) {
        return "- command: `dl4j-activations/prove " + command + "`\n- Java " + Runtime.version() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", commit "
                + System.getProperty("prove.commit", "unknown") + "\n\n";
    }

    /** Written beside and moved into place. */
    public static void write(String name, String text) throws IOException {
        Path file = Path.of("results").resolve(name);
        Files.createDirectories(file.getParent());
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(beside, text);
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
