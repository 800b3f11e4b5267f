package io.github.dl4jx.examples.docs;

import io.github.dl4jx.examples.Spread;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** docs/initialisation-study.md: whether initialisation matters, with the figures of the kept studies. */
final class InitializationStudyDocument {
    /** The file, in the folder of documents. */
    static final String FILE = "initialisation-study.md";

    private static final String RESULTS = "../examples/results/initialisation/";

    private static final String HEAD = """
            # Does initialisation matter?

            <!-- Written by ./dl4jx docs from the kept studies; change the text in InitializationStudyDocument. -->

            Two plain networks, without batch normalisation, dropout or residual paths, on 5,000 images of CIFAR-10, standardised by
            channel; Adam at 0.001, batches of 64. The deep one has twenty 3×3 convolutions, 16 and then 32 channels wide, and
            four epochs; the shallow one is that of [the comparison](cifar10.md), and has two. Gaussian is N(0, 0.01²),
            Krizhevsky's; orthogonal has gain 1, as Saxe et al. have it for linear networks; LSUV and Krähenbühl's scheme
            look at 128 images first ([from data](initialisers.md#from-data)).

            ```
            ./dl4jx cifar10 --network deep --preprocessing standardise --activations relu,tanh,selu,mish \\
                --inits gaussian,lecun,xavier,he,orthogonal --seeds 1,2,3 --epochs 4 --train-size 5000 --target-loss 1.8
            ./dl4jx cifar10 --network deep --preprocessing standardise --activations relu,tanh,selu,mish \\
                --inits lsuv,krahenbuhl --seeds 1,2,3 --epochs 4 --train-size 5000 --target-loss 1.8
            ./dl4jx cifar10 --network standard --preprocessing standardise --activations relu,tanh,selu,mish \\
                --inits gaussian,xavier,he,lsuv --seeds 1,2,3 --epochs 2 --train-size 5000 --target-loss 1.5
            ```

            Steps to the loss named there are in the files, with each run's learning curve. 5,000 images and some hundred steps show
            who gets going and who does not; they say nothing about where long training ends.
            """;

    private static final String CONCLUSIONS = """

            ## What it shows

            Where it agrees with the papers:

            - **He et al. 2015, ReLU.** Twenty layers of ReLU learn from every seed with He alone, and with the methods that look at
              data. With Xavier, LeCun and orthogonal weights, which halve the second moment at each layer, at least one seed in three
              stays at 10 %; those that do start end near He. Krizhevsky's N(0, 0.01²) never starts.
            - **Glorot and Bengio 2010, tanh.** Xavier has the best mean, deep and shallow; He is within a standard deviation of its
              own seeds of it, so that three seeds do not tell the two apart.
            - **Klambauer et al. 2017, SELU.** LeCun and orthogonal weights, which keep variance 1, are well ahead of He, which doubles it.
              The activation forgives much: even N(0, 0.01²) learns something.
            - **Mishkin and Matas 2016, LSUV.** As good as the best formula for SELU, within the seeds' spread of it for ReLU, and ahead of it
              for Mish, which no paper has a gain for, without knowing anything of the activation. With Mish it starts quickest of all.
            - **In three layers** everybody learns, N(0, 0.01²) slowly: initialisation matters with depth.

            Where it does not:

            - **tanh with He** should saturate, and is nearly as good as Xavier; a factor of 2 in the variance is not much for twenty layers
              that are not linear. **tanh with LSUV** is behind both, deep and shallow: variance 1 in front of a tanh is more than
              they leave there.
            - **ReLU in three layers** does better with Xavier than with He: where nothing vanishes, smaller weights are no drawback.
            - **Orthogonal** weights (Saxe et al. 2014) are no better than Gaussian ones of the same variance; gain 1 is that of linear
              networks, which is LeCun's, and it fails with ReLU as LeCun does.
            - **Krähenbühl et al. 2016** balance the layers' rates. With ReLU that is as good as He, no better: Adam, whose steps do not
              depend on the size of the gradient, leaves little to balance. With the others only each channel's mean and variance
              are set, since their layers cannot be scaled without changing what they compute: as good as LSUV with SELU, behind it
              with Mish and tanh.
            - **NaN** appeared nowhere: nothing here explodes that Adam at 0.001 could not hold.

            One learning rate for all and few steps are the limits of this: a scheme that starts slowly may end well, and a rate of its
            own might suit some better.
            """;

    private InitializationStudyDocument() {}

    /**
     * The page.
     *
     * @param results the folder of kept studies, examples/results/initialisation
     * @throws IOException if one of them is not there
     */
    static String text(Path results) throws IOException {
        Runs deep = new Runs(results.resolve("deep"), results.resolve("deep-from-data"));
        Runs shallow = new Runs(results.resolve("standard"));
        return HEAD
                + "\n## Twenty convolutions\n\nTest accuracy in %, mean ± standard deviation over "
                + deep.seeds() + " seeds:\n\n"
                + deep.table(InitializationStudyDocument::accuracies)
                + "\nTraining loss in the end; ln 10 = 2.303 is that of a network that has learnt nothing:\n\n"
                + deep.table(InitializationStudyDocument::losses)
                + "\nRuns with a NaN: " + deep.nans() + " of " + deep.size() + ". Files: [formulas](" + RESULTS
                + "deep/results.md), [from data](" + RESULTS + "deep-from-data/results.md).\n"
                + "\n## Three convolutions and a dense layer\n\nTest accuracy in %:\n\n"
                + shallow.table(InitializationStudyDocument::accuracies)
                + "\nTraining loss in the end:\n\n"
                + shallow.table(InitializationStudyDocument::losses)
                + "\nRuns with a NaN: " + shallow.nans() + " of " + shallow.size() + ". Files: [results](" + RESULTS
                + "standard/results.md).\n"
                + CONCLUSIONS;
    }

    private static String accuracies(List<CSVRecord> runs) {
        return spread(runs, "test_accuracy", 100, 1);
    }

    private static String losses(List<CSVRecord> runs) {
        return spread(runs, "train_loss", 1, 2);
    }

    private static String spread(List<CSVRecord> runs, String column, double factor, int digits) {
        return Spread.of(
                runs.stream()
                        .mapToDouble(run -> factor * Double.parseDouble(run.get(column)))
                        .toArray(),
                digits);
    }

    /** The last rows of all runs of some studies. */
    private static final class Runs {
        private final List<CSVRecord> all = new ArrayList<>();

        Runs(Path... studies) throws IOException {
            CSVFormat format = CSVFormat.DEFAULT
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get();
            for (Path study : studies) {
                try (Reader reader = Files.newBufferedReader(study.resolve("results.csv"), StandardCharsets.UTF_8)) {
                    all.addAll(format.parse(reader).getRecords());
                }
            }
        }

        int size() {
            return all.size();
        }

        int seeds() {
            return values("seed").size();
        }

        long nans() {
            return all.stream()
                    .filter(run -> run.get("nan_seen").equals("true"))
                    .count();
        }

        private Set<String> values(String column) {
            Set<String> values = new LinkedHashSet<>();
            all.forEach(run -> values.add(run.get(column)));
            return values;
        }

        /** A row for each initialiser, a column for each activation. */
        String table(Function<List<CSVRecord>, String> cell) {
            Map<List<String>, List<CSVRecord>> groups = new LinkedHashMap<>();
            for (CSVRecord run : all) {
                groups.computeIfAbsent(List.of(run.get("initialiser"), run.get("activation")), key -> new ArrayList<>())
                        .add(run);
            }
            Set<String> activations = values("activation");
            StringBuilder table = new StringBuilder("| | " + String.join(" | ", activations) + " |\n|---|");
            table.append("---:|".repeat(activations.size())).append('\n');
            for (String initializer : values("initialiser")) {
                table.append("| ").append(initializer).append(" |");
                for (String activation : activations) {
                    List<CSVRecord> runs = Objects.requireNonNull(groups.get(List.of(initializer, activation)));
                    table.append(' ').append(cell.apply(runs)).append(" |");
                }
                table.append('\n');
            }
            return table.toString();
        }
    }
}
