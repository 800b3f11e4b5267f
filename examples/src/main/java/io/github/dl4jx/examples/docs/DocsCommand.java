package io.github.dl4jx.examples.docs;

import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.examples.demo.DemonstrationDocument;
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
        Path demonstrations = out.resolve(DemonstrationDocument.FILE);
        Path study = out.resolve(InitializationStudyDocument.FILE);
        try {
            WholeFile.write(page, path -> Files.writeString(path, CatalogueDocument.text()));
            new ActivationPlots(CatalogueDocument.activations(), -EDGE, EDGE)
                    .write(out.resolve(CatalogueDocument.PICTURES));
            KeptResults results = new KeptResults(results("signal"));
            WholeFile.write(initializers, path -> Files.writeString(path, InitializerDocument.text(results)));
            results.draw(out.resolve(InitializerDocument.PICTURES));
            String text = DemonstrationDocument.text(results("demo"));
            WholeFile.write(demonstrations, path -> Files.writeString(path, text));
            String figures = InitializationStudyDocument.text(results("initialisation"));
            WholeFile.write(study, path -> Files.writeString(path, figures));
        } catch (IOException e) {
            throw new UsageException("--out " + out + " cannot be used (" + e + ")", e);
        }
        PrintWriter terminal = Objects.requireNonNull(spec).commandLine().getOut();
        terminal.println(String.join(", ", page.toString(), initializers.toString(), demonstrations.toString()) + ", "
                + study + " and the pictures beside them");
        terminal.flush();
    }

    /** Kept ones of the sources that the launcher was started from, or in whose folder a test runs. */
    private static Path results(String program) {
        String home = System.getProperty("dl4jx.home", "..");
        return Path.of(home, "examples", "results", program);
    }
}
