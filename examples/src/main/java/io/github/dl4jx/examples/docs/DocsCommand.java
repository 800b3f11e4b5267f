package io.github.dl4jx.examples.docs;

import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.examples.plot.ActivationPlots;
import io.github.dl4jx.examples.signal.KeptResults;
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

/** Writes the pages of the catalogues, with their pictures. */
@Command(
        name = "docs",
        description = "Writes the catalogues as pages with pictures: for contributors who changed an entry.",
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
        Path initializers = out.resolve(InitializerDocument.FILE);
        try {
            WholeFile.write(page, path -> Files.writeString(path, CatalogueDocument.text()));
            new ActivationPlots(CatalogueDocument.activations(), -EDGE, EDGE)
                    .write(out.resolve(CatalogueDocument.PICTURES));
            KeptResults results = results();
            WholeFile.write(initializers, path -> Files.writeString(path, InitializerDocument.text(results)));
            results.draw(out.resolve(InitializerDocument.PICTURES));
        } catch (IOException e) {
            throw new UsageException("--out " + out + " cannot be used (" + e + ")", e);
        }
        PrintWriter terminal = Objects.requireNonNull(spec).commandLine().getOut();
        terminal.println(page + ", " + initializers + " and the pictures beside them");
        terminal.flush();
    }

    /** Of the sources that the launcher was started from, or in whose folder a test runs. */
    private static KeptResults results() throws IOException {
        String home = System.getProperty("dl4jx.home", "..");
        return new KeptResults(Path.of(home, "examples", "results", "signal"));
    }
}
