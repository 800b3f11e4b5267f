package io.github.dl4jx.examples.cifar10.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A data set of six files with two images each, in every form that the real one comes in. */
final class TinyData {
    static final int ROWS = 2;

    /** File name to content. */
    final Map<String, byte[]> contents = new LinkedHashMap<>();

    final List<BatchFile> files = new ArrayList<>();

    TinyData() {
        for (int f = 0; f < 6; f++) {
            String name = f < 5 ? "data_batch_" + (f + 1) + ".bin" : "test_batch.bin";
            byte[] content = new byte[ROWS * 3073];
            for (int row = 0; row < ROWS; row++) {
                content[row * 3073] = (byte) label(f, row);
                for (int i = 0; i < 3072; i++) {
                    content[row * 3073 + 1 + i] = (byte) value(f, row, i);
                }
            }
            contents.put(name, content);
            files.add(new BatchFile(name, md5(content)));
        }
    }

    /** Each class once in the training files; in the test file other labels than in the first of them. */
    static int label(int file, int row) {
        return file < 5 ? 3 * (2 * file + row) % 10 : 4 + row;
    }

    static int value(int file, int row, int position) {
        return (position * 7 + row * 31 + file * 101 + position / 1024 * 13) & 0xFF;
    }

    static String md5(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    Path writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> file : contents.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        return folder;
    }

    byte[] archive() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("cifar-10-batches-bin/readme.html", new byte[] {1, 2, 3});
        contents.forEach((name, content) -> entries.put("cifar-10-batches-bin/" + name, content));
        return tarGz(entries);
    }

    byte[] npmPackage() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        int[] train = new int[5 * ROWS];
        int[] test = new int[ROWS];
        for (int f = 0; f < 6; f++) {
            BufferedImage image = new BufferedImage(1024, ROWS, BufferedImage.TYPE_INT_RGB);
            for (int row = 0; row < ROWS; row++) {
                for (int x = 0; x < 1024; x++) {
                    image.setRGB(
                            x, row, value(f, row, x) << 16 | value(f, row, 1024 + x) << 8 | value(f, row, 2048 + x));
                }
                (f < 5 ? train : test)[f % 5 * ROWS + row] = label(f, row);
            }
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(image, "png", png);
            entries.put("package/" + files.get(f).name().replace(".bin", ".png"), png.toByteArray());
        }
        entries.put("package/test_lables.json", Arrays.toString(test).getBytes(StandardCharsets.US_ASCII));
        entries.put("package/train_lables.json", Arrays.toString(train).getBytes(StandardCharsets.US_ASCII));
        return tarGz(entries);
    }

    private static byte[] tarGz(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                TarArchiveEntry header = new TarArchiveEntry(entry.getKey());
                header.setSize(entry.getValue().length);
                tar.putArchiveEntry(header);
                tar.write(entry.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** A progress whose output can be read. */
    static Progress progress(StringWriter out) {
        return new Progress(new PrintWriter(out), false);
    }
}
