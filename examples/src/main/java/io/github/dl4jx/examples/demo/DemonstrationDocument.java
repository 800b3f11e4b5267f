package io.github.dl4jx.examples.demo;

import java.io.IOException;
import java.nio.file.Path;

/** docs/demonstrations.md: what each demonstration claims, and the figures that its last kept run left. */
public final class DemonstrationDocument {
    /** The file, in the folder of documents. */
    public static final String FILE = "demonstrations.md";

    private static final String RESULTS = "../examples/results/demo/";

    private static final String HEAD = """
            # Demonstrations

            <!-- Written by ./dl4jx docs; change the text in the demonstrations' classes, and run ./dl4jx demo for the figures. -->

            What lectures on activations, data and initialisation claim, each as a small run that anyone can repeat:

            ```
            ./dl4jx demo                 # lists them
            ./dl4jx demo symmetry        # runs one; exit code 1 when a claim of ours fails
            ./dl4jx demo all             # the last two train on CIFAR-10, which takes most of the time
            ```

            A claim of ours is asserted: it HOLDS or FAILS. A claim of others is put to the test, and may turn out wrong. The
            figures below are those of the kept runs, each with its conditions one click away.

            """;

    private DemonstrationDocument() {}

    /**
     * The page.
     *
     * @param results the folder of kept runs, examples/results/demo
     * @throws IOException if a demonstration has none there
     */
    public static String text(Path results) throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        for (Demonstration one : Demonstrations.all()) {
            text.append("- [%s](#%s)\n".formatted(one.title(), one.name()));
        }
        for (Demonstration one : Demonstrations.all()) {
            append(text, one, results.resolve(one.name()));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Demonstration one, Path kept) throws IOException {
        String folder = RESULTS + one.name() + "/";
        text.append("\n## <a name=\"%s\"></a>%s\n\n%s\n\n".formatted(one.name(), one.title(), one.claim()))
                .append("`./dl4jx demo %s` ([conditions](%s), [figures](%s))\n\n"
                        .formatted(one.name(), folder + DemoCommand.PAGE, folder + DemoCommand.CURVES))
                .append("![%s](%s)\n\n".formatted(one.title(), folder + DemoCommand.PICTURE))
                .append(Table.read(kept.resolve(DemoCommand.CHECKS)).markdown())
                .append('\n')
                .append(Table.read(kept.resolve(DemoCommand.SUMMARY)).markdown())
                .append('\n')
                .append(one.meaning())
                .append('\n');
    }
}
