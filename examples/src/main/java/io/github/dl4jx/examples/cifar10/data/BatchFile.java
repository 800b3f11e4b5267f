package io.github.dl4jx.examples.cifar10.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * One file of the data set: records of a label byte and 3,072 pixel bytes.
 *
 * @param md5 the sum that the whole file must have, in lower-case hexadecimal
 */
record BatchFile(String name, String md5) {
    /** The six files of the binary version: five of training images, and last the test images. */
    static final List<BatchFile> OFFICIAL = List.of(
            new BatchFile("data_batch_1.bin", "5dd7e06a14cb22eb9f671a540d1b7c25"),
            new BatchFile("data_batch_2.bin", "5ea93a67294ea407fff1d09f752e9692"),
            new BatchFile("data_batch_3.bin", "942cd6a4bcdd0dd3c604fbe906cb4421"),
            new BatchFile("data_batch_4.bin", "ae636b3ba5c66a11e91e8cb52e771fcb"),
            new BatchFile("data_batch_5.bin", "53f37980c15c3d472c316c40844f3f0d"),
            new BatchFile("test_batch.bin", "803d5f7f4d78ea53de84dbe85f74fb6d"));

    Path in(Path folder) {
        return folder.resolve(name);
    }

    boolean isIntact(Path folder) throws IOException {
        return Files.isRegularFile(in(folder)) && md5(in(folder)).equals(md5);
    }

    static String md5(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must offer MD5", e);
        }
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
