package io.github.dl4jx.examples.docs;

import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.examples.plot.ActivationPlots;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the catalogue's page, with its pictures. */
@Command(
        name = "docs",
        description = "Writes the catalogue as a page with pictures: for contributors who changed an activation.",
        mixinStandardHelpOptions = true)
public final class DocsCommand implements Runnable {
    /** The same axis in all pictures, wide enough for the kinks of all. */
    private static final double EDGE = 8;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "docs",
            description = "The folder of documents. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("");

    @Override
    public void run() {
        Path page = out.resolve(CatalogueDocument.FILE);
        try {
            WholeFile.write(page, path -> Files.writeString(path, CatalogueDocument.text()));
            new ActivationPlots(CatalogueDocument.activations(), -EDGE, EDGE)
                    .write(out.resolve(CatalogueDocument.PICTURES));
        } catch (IOException e) {
            throw new UsageException("--out " + out + " cannot be used (" + e + ")", e);
        }
        PrintWriter terminal = Objects.requireNonNull(spec).commandLine().getOut();
        terminal.println(page + " and the pictures beside it");
        terminal.flush();
    }
}
