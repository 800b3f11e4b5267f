package io.github.dl4jx.examples.signal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** What a file is that somebody takes for a network of DL4J's. */
final class ModelFile {
    private static final String CONFIGURATION = "configuration.json";

    /** What the files of others begin with. */
    private static final Map<String, String> BEGINNINGS = Map.of(
            "\u0089HDF\r\n\u001a\n",
            "an HDF5 file, as Keras writes; import it with deeplearning4j-modelimport's KerasModelImport, and save what it"
                    + " returns with ModelSerializer.writeModel",
            "\u0080\u0002",
            "a Python pickle, as PyTorch writes; DL4J cannot read it",
            "\u0093NUMPY",
            "an array of NumPy's, and no network");

    private ModelFile() {}

    /** What it is instead of a network of DL4J's, in words; empty where it may be one. */
    static String kind(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.getEntry(CONFIGURATION) != null) {
                return "";
            }
            return zip.getEntry("model.weights.h5") != null
                    ? "a file of Keras 3, which DL4J cannot read; save it from Keras 2 as .h5, and import that with"
                            + " deeplearning4j-modelimport's KerasModelImport"
                    : "a zip archive without " + CONFIGURATION + "; valid: what ModelSerializer.writeModel or"
                            + " network.save wrote";
        } catch (ZipException e) {
            return byBeginning(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String byBeginning(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            String beginning = new String(bytes.readNBytes(8), StandardCharsets.ISO_8859_1);
            return BEGINNINGS.entrySet().stream()
                    .filter(kind -> beginning.startsWith(kind.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("not a network that DL4J saved, which is a zip archive; valid: what"
                            + " ModelSerializer.writeModel or network.save wrote");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it is a {@code ComputationGraph}, and no {@code MultiLayerNetwork}. */
    static boolean isGraph(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile());
                InputStream configuration = zip.getInputStream(zip.getEntry(CONFIGURATION))) {
            return new ObjectMapper().readTree(configuration).has("vertices");
        }
    }
}
