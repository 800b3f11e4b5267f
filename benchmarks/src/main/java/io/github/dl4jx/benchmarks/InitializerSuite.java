package io.github.dl4jx.benchmarks;

import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.init.Initializers;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.api.blas.impl.BaseLapack;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import picocli.CommandLine.Command;

/** Every initialiser, and DL4J's where it has the same distribution. */
@Command(
        name = "initializers",
        description = "Each initialiser on 25 million weights, and DL4J's of the same distribution.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class InitializerSuite extends Suite {
    private static final int SIDE = 5_000;

    /** Orthogonal's time grows with the side's third power. */
    private static final int ORTHOGONAL_SIDE = 4_096;

    private static final String ORTHOGONAL = "orthogonal";

    static final Implementation PACK = Implementation.plain("dl4jx", "dl4jx");

    /** DL4J's truncated forms do the same but for the variance, which they miss by a quarter. */
    private static final Map<String, WeightInit> BUILT_IN = Map.of(
            "constant", WeightInit.ZERO,
            "he", WeightInit.RELU,
            "he(distribution=uniform)", WeightInit.RELU_UNIFORM,
            "lecun", WeightInit.LECUN_NORMAL,
            "lecun(distribution=truncated_normal)", WeightInit.VAR_SCALING_NORMAL_FAN_IN,
            "xavier", WeightInit.XAVIER_UNIFORM,
            "xavier(distribution=normal)", WeightInit.XAVIER,
            "xavier(distribution=truncated_normal)", WeightInit.VAR_SCALING_NORMAL_FAN_AVG);

    @Override
    String name() {
        return "initializers";
    }

    @Override
    List<String> all() {
        return Initializers.entries().stream()
                .flatMap(InitializerSuite::forms)
                .map(Initializers::canonical)
                .distinct()
                .toList();
    }

    /** With every distribution, for those that let one choose. */
    private static Stream<String> forms(Entry<IWeightInit> entry) {
        List<String> forms = entry.parameters().stream()
                .filter(parameter -> parameter.name().equals("distribution"))
                .flatMap(parameter -> parameter.choices().stream())
                .map(choice -> entry.name() + "(distribution=" + choice + ")")
                .toList();
        return forms.isEmpty() ? Stream.of(entry.name()) : forms.stream();
    }

    @Override
    List<Implementation> implementations() {
        return List.of(Implementation.DL4J, PACK);
    }

    @Override
    List<Case> cases(boolean quick) {
        return subjects().stream()
                .map(subject -> new Case(subject, "fill", side(subject) * side(subject)))
                .toList();
    }

    private static int side(String subject) {
        return subject.equals(ORTHOGONAL) ? ORTHOGONAL_SIDE : SIDE;
    }

    @Override
    Session open(Task task) {
        INDArray memory = Nd4j.create(DataType.FLOAT, 1, (long) SIDE * SIDE);
        return (of, result) -> initializer(task.implementation(), of.subject()).ifPresent(initializer -> {
            INDArray view = memory.get(NDArrayIndex.all(), NDArrayIndex.interval(0, of.size()));
            result.accept(of, time(initializer, side(of.subject()), view, task.quick() ? 1 : 5));
        });
    }

    private static Optional<IWeightInit> initializer(String implementation, String subject) {
        if (implementation.equals(PACK.name())) {
            return Optional.of(Initializers.get(subject));
        }
        return subject.equals(ORTHOGONAL)
                ? Optional.of(InitializerSuite::factor)
                : Optional.ofNullable(BUILT_IN.get(subject)).map(WeightInit::getWeightInitFunction);
    }

    /** The factorisation alone, which takes as long whatever the numbers: what Orthogonal is measured by. */
    private static INDArray factor(double fanIn, double fanOut, long[] shape, char order, INDArray view) {
        INDArray matrix = view.reshape(order, shape);
        if (matrix.getDouble(0, 0) == 0) {
            Nd4j.randn(matrix);
        }
        ((BaseLapack) Nd4j.getBlasWrapper().lapack()).sgeqrf(matrix.rows(), matrix.columns(), matrix, null, null);
        return matrix;
    }

    /** One call to warm up: each fills many millions of elements, so that its loops are compiled before it ends. */
    private static List<Double> time(IWeightInit initializer, int side, INDArray view, int times) {
        List<Double> nanos = new ArrayList<>();
        for (int i = 0; i <= times; i++) {
            long start = System.nanoTime();
            initializer.init(side, side, new long[] {side, side}, 'f', view);
            nanos.add((double) (System.nanoTime() - start));
        }
        return nanos.subList(1, nanos.size());
    }

    @Override
    List<String> references() {
        return List.of("dl4j");
    }

    @Override
    List<String> method() {
        return List.of(
                "25 million float32 weights, a dense layer of 5,000 inputs and 5,000 units; each initialiser once to warm"
                        + " up; orthogonal 4,096 inputs and units, and in DL4J's place LAPACK's geqrf and orgqr on a matrix"
                        + " of that size; medians over all calls of all rounds, in parentheses the lowest and highest median of a"
                        + " round");
    }

    @Override
    String tables(Results results) {
        StringBuilder text = new StringBuilder(
                "| initialiser | DL4J's name | DL4J, ms | pack, ms | DL4J/pack |\n| --- | --- | ---: | ---: | ---: |\n");
        for (Case of : results.cases()) {
            OptionalDouble ratio = results.ratio(of, "dl4j", PACK.name());
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s |%n",
                    of.subject(),
                    of.subject().equals(ORTHOGONAL)
                            ? "(factorisation alone)"
                            : Optional.ofNullable(BUILT_IN.get(of.subject()))
                                    .map(WeightInit::name)
                                    .orElse(""),
                    millis(results.get(of, "dl4j")),
                    millis(results.get(of, PACK.name())),
                    ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : ""));
        }
        return text.toString();
    }

    private static String millis(Optional<Summary> summary) {
        return summary.map(s -> s.millis(0)).orElse("");
    }

    @Override
    BufferedImage chart(Results results) {
        List<Case> cases = results.cases();
        return Charts.draw(
                List.of(Charts.panel(
                        "25 million weights: ms, shorter is better",
                        cases.stream().map(Case::subject).toList(),
                        implementations(),
                        (row, implementation) -> results.get(cases.get(row), implementation.name())
                                .map(summary -> summary.median() / 1e6))),
                true);
    }
}
