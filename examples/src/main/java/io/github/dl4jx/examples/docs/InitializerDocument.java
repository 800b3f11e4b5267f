package io.github.dl4jx.examples.docs;

import static io.github.dl4jx.examples.docs.Markdown.cell;
import static io.github.dl4jx.examples.docs.Markdown.code;
import static io.github.dl4jx.examples.docs.Markdown.item;
import static io.github.dl4jx.examples.docs.Markdown.lookup;
import static io.github.dl4jx.examples.docs.Markdown.source;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.examples.signal.Advice;
import io.github.dl4jx.examples.signal.KeptResults;
import io.github.dl4jx.init.GainKind;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.Recommendation;
import io.github.dl4jx.init.data.DataInitializers;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.activations.IActivation;

/** docs/initialisers.md: all that the catalogue says, and what the signal lab measured. */
final class InitializerDocument {
    /** The file, in the folder of documents. */
    static final String FILE = "initialisers.md";

    /** Its pictures, in the same folder. */
    static final String PICTURES = "initialisers";

    private static final String HEAD = """
            # Weight initialisers

            <!-- Written by ./dl4jx docs; change the entries in the source, or the text in InitializerDocument.java. -->

            All initialisers of `dl4j-init`. Get one by its name, an alias, or its class, or ask for the one that suits an
            activation; parameters go in parentheses, and those left out keep their defaults:

            ```java
            .weightInit(Initializers.get("he(distribution=uniform)"))
            .weightInit(Initializers.recommendedFor(activation).initializer())
            ```

            fanIn is the number of inputs of a unit, fanOut the number of units that it feeds, fan one of them or their mean.

            ![mean and standard deviation of ten layers in five cases](initialisers/curves.png)

            Why it matters: the lecture's five networks, measured by `./dl4jx signal` and [judged against the lecture's own
            figures and theory](../examples/results/signal/tables/results.md).

            ![what is left of signal and gradient behind 50 layers](initialisers/heat-map.png)

            All activations with all initialisers, by `./dl4jx signal heat-map` ([figures and
            conditions](../examples/results/signal/heat-map/results.md)). In the column `own gain` is LeCun normal times the
            activation's second-moment gain, `LeCun.normal().withGain(GainKind.SECOND_MOMENT.of(activation))`.
            `./dl4jx signal network` measures any other network, a saved one by `--model`.

            """;

    private static final String FANS = """

            ## Fans

            DL4J tells an initialiser how many inputs a unit has, fan-in, and how many units each input feeds, fan-out. For dense,
            output, `SimpleRnn` and two- and three-dimensional convolutional layers that is true; elsewhere M2.1 says something
            else. `.weightInit(...)` believes what it is told, as DL4J's own initialisers do. The true numbers come by drawing
            the weights anew once the network is built, layer by layer, with a report; frozen layers, biases and normalisations
            keep what they have:

            ```java
            network.init();
            System.out.println(Initializers.apply(network, He.normal()));
            ```

            | layer | fan-in that DL4J passes | true | fan-out that DL4J passes | true |
            |---|---|---|---|---|
            | `Convolution1DLayer` | nIn·k, or nIn·k² | nIn·k | as fan-in | nOut·k/stride |
            | `DepthwiseConvolution2D`; the depthwise weights of `SeparableConvolution2D` | nIn·k² | k² | multiplier·k²/stride² | the same |
            | its pointwise weights | multiplier·nIn | the same | multiplier·nIn | nOut |
            | `Deconvolution2D`, `Deconvolution3D` | nIn·k^d | nIn·k^d/stride^d | nOut·k^d/stride^d | nOut·k^d |
            | `LSTM`, `GravesLSTM`, input weights | n | nIn | nIn + n | n, of each gate |
            | their recurrent weights | n | the same | nIn + n | n, of each gate |
            | `EmbeddingLayer` | 1 | 1: it looks one row up; papers that feed it vectors count nIn | nOut | the same |

            The weights of `Convolution1DLayer`, [nOut, nIn, k, 1] by their shape, lie in memory as [k, nIn, nOut]. The
            initialisers here fill them so; with k = 1, where they look like those of a 1×1 convolution, `apply` alone can tell.
            """;

    private static final String FROM_DATA = """

            ## From data

            Two methods look at a batch of some hundred examples instead of a formula. They take a built network or graph, draw
            its weights anew and scale them layer by layer, by what the batch makes of each layer's pre-activation z = W·x + b;
            in recurrent layers z is the input's projection W·x + b, gate by gate. The network changes when all went well, and
            not otherwise; the report is a table.

            ```java
            network.init();
            Nd4j.getRandom().setSeed(42);
            System.out.println(new LayerSequentialUnitVariance().withTolerance(0.01).apply(network, batch));
            System.out.println(DataInitializers.get("krahenbuhl(start=kmeans)").apply(graph, batch));
            ```

            Dense and output layers, all convolutions in both formats, recurrent and embedding layers, a user's own layers,
            shared layers, merges and residual paths take part; frozen layers and those with layer normalisation are left
            alone ([which layer how](../dl4j-init/src/main/java/io/github/dl4jx/init/data/DataInitializer.java)). Inputs that
            do not differ, dead units, NaN, and too few examples for principal components are errors that name the layer.
            `./dl4jx cifar10 --inits recommended,lsuv,krahenbuhl` compares them in training.
            """;

    private InitializerDocument() {}

    static String text(KeptResults results) {
        StringBuilder text = new StringBuilder(HEAD);
        advice(text, results);
        text.append(FANS);
        gains(text);
        List<Entry<IWeightInit>> entries = Initializers.entries();
        text.append("\n## Initialisers\n\n| name | weights | when |\n|---|---|---|\n");
        for (Entry<?> entry : entries) {
            text.append("| [%s](#%s) | %s | %s |\n"
                    .formatted(entry.name(), entry.name(), cell(entry.formula()), entry.use()));
        }
        for (Entry<?> entry : entries) {
            append(text, "Initializers.get", entry);
            behind50Layers(text, results.worksFor(entry.name()));
            item(text, "source", source(entry.source()));
        }
        text.append(FROM_DATA);
        for (Entry<?> entry : DataInitializers.entries()) {
            append(text, "DataInitializers.get", entry);
            item(text, "source", source(entry.source()));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String lookup, Entry<?> entry) {
        text.append("\n### ").append(entry.name()).append("\n\n");
        lookup(text, lookup, entry);
        item(text, "weights", code(entry.formula()));
        item(text, "when to use", entry.use());
        item(text, "what goes wrong otherwise", entry.otherwise());
    }

    private static void behind50Layers(StringBuilder text, List<String> worksFor) {
        item(
                text,
                "behind 50 layers",
                worksFor.isEmpty()
                        ? "with its defaults, no activation keeps signal and gradient within a factor of 100"
                        : "signal and gradient stay within a factor of 100 with " + String.join(", ", worksFor));
    }

    private static void gains(StringBuilder text) {
        text.append("""

                ## Gains

                A gain is the factor of the weights' standard deviation that makes up for the activation behind them. Two kinds
                are in use, and they are not the same: the conventional one, which practice has settled for few functions, and the
                second-moment one, 1/√(E f(z)²) of z ~ N(0, 1), by quadrature. `GainKind.CONVENTIONAL.of(activation)` and
                `GainKind.SECOND_MOMENT.of(activation)` give them for any that maps each element by itself, DL4J's too.
                `Initializers.recommendedFor(activation)` names an initialiser, the kind of gain in it, and the reason.

                | activation | conventional | second moment | recommended | its gain |
                |---|---:|---:|---|---|
                """);
        for (String name : Activations.names()) {
            IActivation activation = Activations.get(name);
            Recommendation recommended = Initializers.recommendedFor(activation);
            GainKind kind = recommended.gain();
            text.append("| %s | %s | %s | %s | %s |\n"
                    .formatted(
                            name,
                            gain(GainKind.CONVENTIONAL, activation),
                            gain(GainKind.SECOND_MOMENT, activation),
                            code(Initializers.canonical(
                                    recommended.initializer().toString())),
                            kind == null ? "none" : Parameter.word(kind).replace('_', ' ')));
        }
    }

    private static String gain(GainKind kind, IActivation activation) {
        try {
            return String.format(Locale.ROOT, "%.4f", kind.of(activation));
        } catch (IllegalArgumentException e) {
            return "none";
        }
    }

    private static void advice(StringBuilder text, KeptResults results) {
        text.append("""
                ## What lectures advise, and what the lab says

                Layers of %d units, input N(0, 1); the figures are those of [one command](../examples/results/signal/advice/results.md).
                Std is that of the last layer's values, spread what of it tells one example from another, and gradient the
                standard deviation at the input of one that was 1 at the last layer.

                | advice | in the lab |
                |---|---|
                """.formatted(Advice.WIDTH));
        Advice symmetry = results.advice("symmetry");
        row(
                text,
                "Break the symmetry: units with equal weights stay equal for ever",
                symmetry,
                symmetry.distinctUnits() + " distinct among " + Advice.WIDTH + " units");
        Advice small = results.advice("small");
        row(
                text,
                "Small random numbers do for shallow networks; in deep ones all units become 0, and so do the gradients",
                small,
                "std " + number(small.std()) + ", gradient " + number(small.gradient()));
        Advice large = results.advice("large");
        row(
                text,
                "Large ones saturate almost all units. \"Gradients will be all zero\" is true of most units' slopes; what"
                        + " passes the others is multiplied by large weights, and explodes",
                large,
                percent(large.saturated()) + " saturated, gradient " + number(large.gradient()));
        Advice twoOverN = results.advice("two-over-n");
        row(
                text,
                "\"In practice U[−2/n, 2/n]\": do not. Its variance is 4/(3n²) where LeCun has 1/n",
                twoOverN,
                "std " + number(twoOverN.std()));
        Advice selu = results.advice("selu-lecun");
        Advice seluHe = results.advice("selu-he");
        row(text, "LeCun for SELU", selu, "std " + number(selu.std()) + "; with He " + number(seluHe.std()));
        Advice tanh = results.advice("tanh-xavier");
        Advice tanhHe = results.advice("tanh-he");
        row(
                text,
                "Xavier for tanh",
                tanh,
                "std " + number(tanh.std()) + ", gradient " + number(tanh.gradient())
                        + "; He, for which it was not made: " + number(tanhHe.std()) + " and "
                        + number(tanhHe.gradient()));
        Advice sigmoid = results.advice("sigmoid-xavier");
        Advice sigmoidSmall = results.advice("sigmoid-small");
        row(
                text,
                "Xavier for sigmoid: better than small numbers, and for ten layers not enough, since its slope is at most"
                        + " 1/4",
                sigmoid,
                "spread " + number(sigmoid.spread()) + ", gradient " + number(sigmoid.gradient()) + "; with std 0.01 "
                        + number(sigmoidSmall.spread()) + " and " + number(sigmoidSmall.gradient()));
        Advice softmax = results.advice("softmax-xavier");
        Advice softmaxLarge = results.advice("softmax-large");
        row(
                text,
                "Xavier for softmax: no class is preferred at the start",
                softmax,
                "std " + number(softmax.std()) + " around a mean of 1/" + Advice.WIDTH + "; with std 1 "
                        + number(softmaxLarge.std()) + ", where one class takes nearly all");
        Advice relu = results.advice("relu-he");
        Advice reluXavier = results.advice("relu-xavier");
        row(
                text,
                "He for ReLU: Xavier loses half of the second moment in each layer",
                relu,
                "std " + number(relu.std()) + ", gradient " + number(relu.gradient()) + "; with Xavier "
                        + number(reluXavier.std()) + " and " + number(reluXavier.gradient()));
    }

    private static void row(StringBuilder text, String advice, Advice measured, String figures) {
        text.append("| %s | %s, %s, %s: %s |\n"
                .formatted(
                        advice,
                        measured.activation(),
                        code(measured.initializer()),
                        measured.depth() == 1 ? "1 layer" : measured.depth() + " layers",
                        figures));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 0.01 && value < 100 ? "%.2f" : "%.1e", value);
    }
}
