package io.github.dl4jx.examples.cifar10.data;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A few real images inside this program, equally many of each class, in the binary layout and compressed: the training
 * images, then the test images. Tests and first tries run on them without a network.
 *
 * <p>They are the first of each class in the official files. To write them anew, run from the folder of this module
 *
 * <pre>{@code
 * java -cp CLASSPATH io.github.dl4jx.examples.cifar10.data.Sample \
 *     src/main/resources/io/github/dl4jx/examples/cifar10/data/cifar10-sample.bin.gz
 * }</pre>
 */
public final class Sample {
    static final int TRAIN = 200;
    static final int TEST = 100;

    private static final String RESOURCE = "cifar10-sample.bin.gz";

    private Sample() {}

    static Cifar10 read() {
        try (InputStream resource = Sample.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new DataException("the sample " + RESOURCE + " is missing from this program");
            }
            DataInputStream in = new DataInputStream(new GZIPInputStream(resource));
            byte[] train = new byte[TRAIN * Images.RECORD];
            byte[] test = new byte[TEST * Images.RECORD];
            in.readFully(train);
            in.readFully(test);
            return new Cifar10(Images.ofRecords(train), Images.ofRecords(test), Source.SAMPLE, "inside this program");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the sample from the real data to the file named by the only argument. */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            throw new IllegalArgumentException("arguments: exactly 1 is needed, the file to write, not " + args.length);
        }
        Cifar10 data = Cifar10.load(null, new PrintWriter(System.err, true, Charset.defaultCharset()));
        if (!data.source().isWholeDataSet()) {
            throw new DataException("the sample can be written from the real data alone");
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(Path.of(args[0])))) {
            writeFirst(data.train(), TRAIN / Images.CLASSES, out);
            writeFirst(data.test(), TEST / Images.CLASSES, out);
        }
    }

    private static void writeFirst(Images images, int each, OutputStream out) throws IOException {
        int[] left = new int[Images.CLASSES];
        Arrays.fill(left, each);
        for (int i = 0; i < images.size(); i++) {
            if (left[images.label(i)]-- > 0) {
                out.write(images.label(i));
                out.write(images.image(i));
            }
        }
    }
}
