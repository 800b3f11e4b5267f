package io.github.dl4jx.activations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where the long tests leave what they found: {@code dl4j-activations/results}, with its conditions. */
final class Proofs {
    private Proofs() {}

    /** Command and machine, as lines of Markdown. */
    static String conditions(String command) {
        return "- command: `dl4j-activations/prove " + command + "`\n- Java " + Runtime.version() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", commit "
                + System.getProperty("prove.commit", "unknown") + "\n\n";
    }

    /** Written beside and moved into place. */
    static void write(String name, String text) throws IOException {
        Path file = Path.of("results").resolve(name);
        Files.createDirectories(file.getParent());
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(beside, text);
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
