package io.github.dl4jx.examples.cifar10.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    private final TinyData data = new TinyData();
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());

    private final Path work;

    private final byte[] bytes;
    private final HttpServer server;
    private boolean knowsRanges = true;

    /** The server hangs up after so many bytes of an answer. */
    private int cutOff = Integer.MAX_VALUE;

    private int status;

    ArchiveTest(@TempDir Path work) throws IOException {
        this.work = work;
        bytes = data.archive();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(String.valueOf(range));
        if (status != 0) {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
            return;
        }
        int start = range == null || !knowsRanges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (start >= bytes.length) {
            exchange.sendResponseHeaders(416, -1);
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(start > 0 ? 206 : 200, bytes.length - start);
        try {
            exchange.getResponseBody().write(bytes, start, Math.min(cutOff, bytes.length - start));
            exchange.getResponseBody().flush();
        } finally {
            exchange.close();
        }
    }

    private void fetch(String md5) throws IOException {
        URI address = URI.create("http://localhost:" + server.getAddress().getPort() + "/cifar.tar.gz");
        new Archive(address, md5).fetch(data.files, work, TinyData.progress(new StringWriter()));
    }

    private void fetch() throws IOException {
        fetch(TinyData.md5(bytes));
    }

    private Path part() {
        return work.resolve("archive.tar.gz.part");
    }

    private void assertAllThere() {
        assertThat(data.files)
                .allSatisfy(file -> assertThat(file.isIntact(work)).isTrue());
    }

    @Test
    void deliversTheFiles() throws IOException {
        fetch();
        assertAllThere();
        assertThat(ranges).containsExactly("null");
        assertThat(work.resolve("readme.html")).doesNotExist();
    }

    @Test
    void goesOnWhereTheConnectionWasCutOff() throws IOException {
        cutOff = bytes.length / 3;
        fetch();
        assertAllThere();
        assertThat(ranges.subList(0, 3)).containsExactly("null", "bytes=" + cutOff + "-", "bytes=" + 2 * cutOff + "-");
    }

    @Test
    void goesOnWhereAnEarlierRunStopped() throws IOException {
        Files.write(part(), Arrays.copyOf(bytes, 100));
        fetch();
        assertAllThere();
        assertThat(ranges).containsExactly("bytes=100-");
    }

    @Test
    void asksForNothingWhenAnEarlierRunGotItAll() throws IOException {
        Files.write(part(), bytes);
        fetch();
        assertAllThere();
        assertThat(ranges).isEmpty();
    }

    @Test
    void startsAgainWithAServerThatIgnoresRanges() throws IOException {
        knowsRanges = false;
        Files.write(part(), new byte[100]);
        fetch();
        assertAllThere();
        assertThat(ranges).containsExactly("bytes=100-");
    }

    @Test
    void givesUpOnAServerThatNeverGetsFurther() throws IOException {
        knowsRanges = false;
        cutOff = 100;
        assertThatThrownBy(this::fetch)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was cut off after 100 of " + bytes.length + " bytes");
        assertThat(ranges).hasSize(2);
        assertThat(part()).hasSize(100);
    }

    @Test
    void saysWhichStatusTheServerAnswers() {
        status = 404;
        assertThatThrownBy(this::fetch).isInstanceOf(IOException.class).hasMessageEndingWith("answers with status 404");
    }

    @Test
    void deletesWhatHasTheWrongSum() {
        assertThatThrownBy(() -> fetch("0".repeat(32)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has the md5 sum " + TinyData.md5(bytes))
                .hasMessageEndingWith("deleted");
        assertThat(part()).doesNotExist();
    }

    @Test
    void deletesAnUnfinishedDownloadThatIsLongerThanTheArchive() throws IOException {
        Files.write(part(), new byte[bytes.length + 1]);
        assertThatThrownBy(this::fetch).isInstanceOf(IOException.class).hasMessageContaining("md5");
        assertThat(part()).doesNotExist();
    }
}
