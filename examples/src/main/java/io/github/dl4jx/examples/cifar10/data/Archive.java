package io.github.dl4jx.examples.cifar10.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/**
 * The archive on the home page of the data set. A download that is cut off goes on where it stopped, within this
 * program and in the next run of it.
 *
 * @param md5 the sum that the whole archive must have
 */
record Archive(URI address, String md5) implements Remote {
    static final Archive OFFICIAL = new Archive(
            URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"), "c32a1d4ab5d03f1284b67883e8d87530");

    /** Short, so that a machine behind a closed firewall soon goes on to the next place. */
    private static final int CONNECT_MILLIS = 5_000;

    private static final int READ_MILLIS = 30_000;
    private static final int ATTEMPTS = 20;

    @Override
    public Source source() {
        return Source.ARCHIVE;
    }

    @Override
    public void fetch(List<BatchFile> wanted, Path work, Progress progress) throws IOException {
        Path archive = work.resolve("archive.tar.gz" + UNFINISHED);
        if (!Files.exists(archive) || !BatchFile.md5(archive).equals(md5)) {
            download(archive, progress);
        }
        TarGz.extract(archive, wanted.stream().map(BatchFile::name).toList(), work);
    }

    /** Goes on after each cut-off, but not for ever, and not once an attempt brings nothing. */
    private void download(Path archive, Progress progress) throws IOException {
        for (int attempt = 1; ; attempt++) {
            long before = size(archive);
            try {
                receive(archive, progress);
                break;
            } catch (IOException e) {
                if (attempt == ATTEMPTS || size(archive) == before) {
                    throw e;
                }
            }
        }
        String sum = BatchFile.md5(archive);
        if (!sum.equals(md5)) {
            Files.delete(archive);
            throw new IOException("what " + address + " sent has the md5 sum " + sum + ", not " + md5 + "; deleted");
        }
    }

    private void receive(Path archive, Progress progress) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        long start = size(archive);
        if (start > 0) {
            connection.setRequestProperty("Range", "bytes=" + start + "-");
        }
        int status = connection.getResponseCode();
        if (status == 416) {
            return; // nothing lies beyond what is here: the md5 sum decides what that is worth
        }
        if (status != HttpURLConnection.HTTP_OK && status != HttpURLConnection.HTTP_PARTIAL) {
            throw new IOException(address + " answers with status " + status);
        }
        boolean goesOn = status == HttpURLConnection.HTTP_PARTIAL;
        if (!goesOn) {
            start = 0; // a server that knows no ranges sends everything again
        }
        long length = connection.getContentLengthLong();
        long total = length < 0 ? -1 : start + length;
        try (InputStream in = connection.getInputStream();
                OutputStream out = Files.newOutputStream(
                        archive,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
                ProgressBar bar = progress.bar("Downloading CIFAR-10", start, total, "MB", 1_000_000)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                bar.stepBy(n);
            }
        } catch (IOException e) {
            throw new IOException(cutOff(archive, total) + " (" + e.getMessage() + ")", e);
        }
        if (size(archive) < total) { // some versions of Java take an early end for the end
            throw new IOException(cutOff(archive, total));
        }
    }

    private String cutOff(Path archive, long total) throws IOException {
        return address + " was cut off after " + size(archive) + (total < 0 ? "" : " of " + total) + " bytes";
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
