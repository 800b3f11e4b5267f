package io.github.dl4jx.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.examples.demo.DemonstrationDocument;
import io.github.dl4jx.examples.plot.ActivationPlots;
import io.github.dl4jx.examples.signal.KeptResults;
import io.github.dl4jx.init.Initializers;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents say what the code says, and their links lead somewhere. */
class DocumentsTest {
    private static final Path ROOT = root();
    private static final Path DOCS = ROOT.resolve("docs");

    private static final Pattern LINK =
            Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)|^\\[\\w+]: (\\S+)$", Pattern.MULTILINE);
    private static final Pattern TEST_REFERENCE = Pattern.compile("\\[ErrataTest#(\\w+)]\\[(\\w+)]");
    private static final Pattern TEST_METHOD = Pattern.compile("@(?:Test|ValueSource\\([^)]*\\))\\s+void (\\w+)\\(");

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("dl4j-activations"))) {
            folder = Objects.requireNonNull(folder.getParent(), "no folder above holds the modules");
        }
        return folder;
    }

    static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.list(DOCS)) {
            return Stream.concat(
                            docs.filter(file -> file.toString().endsWith(".md")).sorted(),
                            Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
                                    .map(ROOT::resolve))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linksLeadSomewhere(Path document) throws IOException {
        List<String> links = LINK.matcher(Files.readString(document))
                .results()
                .map(link -> Objects.requireNonNullElse(link.group(1), link.group(2)))
                .filter(link -> !link.startsWith("http"))
                .map(link -> link.replaceAll("#.*", ""))
                .toList();
        assertThat(links)
                .allSatisfy(link -> assertThat(document.resolveSibling(link)).exists());
    }

    @Test
    void catalogueIsUpToDate() throws IOException {
        assertThat(Files.readString(DOCS.resolve(CatalogueDocument.FILE)))
                .as("run ./dl4jx docs")
                .isEqualTo(CatalogueDocument.text());
    }

    @Test
    void initialisationStudyIsUpToDate() throws IOException {
        assertThat(Files.readString(DOCS.resolve(InitializationStudyDocument.FILE)))
                .as("run ./dl4jx docs")
                .isEqualTo(InitializationStudyDocument.text(ROOT.resolve("examples/results/initialisation")));
    }

    @Test
    void initialisersAreUpToDate() throws IOException {
        KeptResults results = new KeptResults(ROOT.resolve("examples/results/signal"));
        assertThat(Files.readString(DOCS.resolve(InitializerDocument.FILE)))
                .as("run ./dl4jx docs")
                .isEqualTo(InitializerDocument.text(results));
        assertThat(results.initializers())
                .as("run ./dl4jx signal heat-map --out examples/results/signal/heat-map")
                .containsAll(Initializers.names());
        for (String name : List.of(KeptResults.CURVES, KeptResults.HEAT_MAP)) {
            assertThat(ImageIO.read(DOCS.resolve(InitializerDocument.PICTURES)
                                    .resolve(name)
                                    .toFile())
                            .getWidth())
                    .isGreaterThanOrEqualTo(1_000);
        }
    }

    @Test
    void demonstrationsAreUpToDate() throws IOException {
        String text = DemonstrationDocument.text(ROOT.resolve("examples/results/demo"));
        assertThat(Files.readString(DOCS.resolve(DemonstrationDocument.FILE)))
                .as("run ./dl4jx docs")
                .isEqualTo(text);
        assertThat(text).contains("| HOLDS |").doesNotContain("FAILS |");
    }

    @Test
    void everyActivationHasItsPictureAndNoOtherIsThere() throws IOException {
        Set<String> expected = CatalogueDocument.activations().stream()
                .map(ActivationPlots::fileName)
                .collect(Collectors.toCollection(TreeSet::new));
        expected.add(ActivationPlots.GALLERY);
        try (Stream<Path> files = Files.list(DOCS.resolve(CatalogueDocument.PICTURES))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("run ./dl4jx docs")
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
        for (String name : expected) {
            BufferedImage picture = ImageIO.read(
                    DOCS.resolve(CatalogueDocument.PICTURES).resolve(name).toFile());
            assertThat(picture).as(name).isNotNull();
            assertThat(picture.getWidth()).as(name).isGreaterThanOrEqualTo(600);
        }
    }

    /** The errata name tests that exist, and all of them. */
    @Test
    void errataAndTheirTestsBelongTogether() throws IOException {
        String errata = Files.readString(DOCS.resolve("errata.md"));
        for (String module : List.of("activations", "init")) {
            Path file =
                    ROOT.resolve("dl4j-" + module + "/src/test/java/io/github/dl4jx/" + module + "/ErrataTest.java");
            assertThat(errata)
                    .contains("[" + module + "]: ../"
                            + ROOT.relativize(file).toString().replace('\\', '/'));
            Set<String> cited = TEST_REFERENCE
                    .matcher(errata)
                    .results()
                    .filter(reference -> reference.group(2).equals(module))
                    .map(reference -> reference.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(cited)
                    .isNotEmpty()
                    .containsExactlyInAnyOrderElementsOf(TEST_METHOD
                            .matcher(Files.readString(file))
                            .results()
                            .map(MatchResult::group)
                            .map(text -> text.replaceAll("(?s).*void (\\w+)\\(", "$1"))
                            .toList());
        }
    }
}
