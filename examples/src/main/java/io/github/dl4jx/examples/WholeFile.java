package io.github.dl4jx.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Writes files that are there whole or not at all: beside their place first, then moved into it. */
public final class WholeFile {
    private WholeFile() {}

    /** What writes the content. */
    @FunctionalInterface
    public interface Writer {
        /** Writes the content to the given path. */
        void write(Path path) throws IOException;
    }

    /** A specification as a file name on every system: what is neither letter, digit nor one of .=_- becomes ~. */
    public static String safeName(String specification) {
        return specification.replaceAll("[^A-Za-z0-9.=_-]+", "~");
    }

    /** Writes {@code file}, replacing an older one; makes its folder if need be. */
    public static void write(Path file, Writer writer) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = target.resolveSibling("");
        Files.createDirectories(folder);
        Path temporary = folder.resolve(target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            writer.write(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
