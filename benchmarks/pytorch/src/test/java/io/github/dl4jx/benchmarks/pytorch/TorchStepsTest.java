package io.github.dl4jx.benchmarks.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import io.github.dl4jx.benchmarks.Architecture;
import io.github.dl4jx.examples.cifar10.Classifier;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Both frameworks have the same network. */
class TorchStepsTest {
    private static final int IMAGES = 8;

    @BeforeAll
    static void offline() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ENGINE_CACHE_DIR", "target/djl");
    }

    /** At rates at which the loss stays below 23: DL4J takes no probability for less than 1e-10. */
    @ParameterizedTest
    @CsvSource({
        "SMALL, relu, 1e-4, false",
        "SMALL, swish, 1e-4, true",
        "SMALL, mish, 1e-4, true",
        "RESNET_20, relu, 0.1, false",
        "RESNET_20, swish, 0.1, true",
        "VGG, relu, 0.003, true",
        "WRN_16_2, swish, 0.1, true",
        "FAST, gelu, 0.003, true"
    })
    void firstStepsHaveTheSameLosses(Architecture architecture, String activation, double rate, boolean channelsLast) {
        Classifier network = architecture.build(activation);
        if (network instanceof Classifier.Layers layers) {
            layers.model().setLearningRate(rate);
        } else {
            network.graph().setLearningRate(rate);
        }
        DataSet batch = batch();
        double before = Double.NaN;
        try (TorchSteps steps = new TorchSteps(network.graph(), true, channelsLast)) {
            for (int step = 0; step < 3; step++) {
                network.fit(batch);
                double expected = network.model().score();
                assertThat(steps.step(batch)).as("step " + step).isCloseTo(expected, within(1e-3 * expected));
                assertThat(expected).as("step " + step).isNotCloseTo(before, within(1e-2 * expected));
                before = expected;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SMALL", "RESNET_20"})
    void outputIsTheSame(Architecture architecture) {
        Classifier network = architecture.build("swish");
        DataSet batch = batch();
        network.fit(batch); // moves the statistics
        INDArray expected = network.probabilities(batch.getFeatures());
        for (boolean channelsLast : new boolean[] {false, true}) {
            try (TorchSteps steps = new TorchSteps(network.graph(), false, channelsLast);
                    NDArray output = steps.run(batch)) {
                assertThat(output.toFloatArray())
                        .containsExactly(expected.reshape(-1).toFloatVector(), within(1e-4f));
            }
        }
    }

    @Test
    void activationsAndGradientsAreChannelsLast() {
        ComputationGraph graph = Architecture.RESNET_20.build("swish").graph();
        Translation translation = Translation.of(graph, true);
        List<String> statements = new ArrayList<>(List.of("torch.set_grad_enabled(True)", "n = 0"));
        for (String statement : translation.statements()) {
            String variable = statement.substring(0, statement.indexOf(' '));
            statements.add(statement);
            statements.addAll(count(variable));
        }
        statements.add("gradients = torch.grad([torch.sum(torch.square(" + translation.logits() + "))], p)");
        statements.addAll(
                List.of("for j in range(torch.len(p)):", "  gradient = unchecked_cast(Tensor, gradients[j])"));
        count("gradient").forEach(statement -> statements.add("  " + statement));
        statements.add("return torch.tensor(n)");
        String methods = TorchScript.forward(translation.arguments(), statements);

        assertThat(odd(methods, translation, true)).isZero();
        assertThat(odd(methods, translation, false)).isGreaterThan(70);
    }

    private static List<String> count(String variable) {
        return List.of(
                "if torch.eq(torch.dim(" + variable + "), 4):",
                "  if torch.is_contiguous(" + variable + ", memory_format=2):",
                "    k = 0",
                "  else:",
                "    k = 1",
                "else:",
                "  k = 0",
                "n = torch.add(n, k)");
    }

    /** How many arrays are not. */
    private static long odd(String methods, Translation translation, boolean channelsLast) {
        try (PtNDManager manager = Operators.manager()) {
            PtSymbolBlock module = Operators.module(methods, manager);
            PtSymbolBlock toChannelsLast = Operators.module(
                    TorchScript.forward(
                            List.of("x: Tensor"),
                            List.of("return torch.contiguous(x, memory_format=" + (channelsLast ? 2 : 0) + ")")),
                    manager);
            NDList arguments = new NDList(IValueUtils.forward(
                            toChannelsLast, new NDList(manager.randomNormal(new Shape(IMAGES, 3, 32, 32))), true)
                    .get(0));
            for (INDArray parameter : translation.parameters()) {
                NDArray array = manager.create(parameter.dup('c').data().asFloat(), new Shape(parameter.shape()));
                if (parameter.rank() == 4) {
                    array = IValueUtils.forward(toChannelsLast, new NDList(array), true)
                            .get(0);
                }
                array.setRequiresGradient(true);
                array.setName("p[]");
                arguments.add(array);
            }
            for (INDArray statistic : translation.statistics()) {
                NDArray array = manager.create(statistic.data().asFloat(), new Shape(statistic.shape()));
                array.setName("r[]");
                arguments.add(array);
            }
            return IValueUtils.forward(module, arguments, true).get(0).getLong();
        }
    }

    private static DataSet batch() {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, IMAGES, 10);
        for (int i = 0; i < IMAGES; i++) {
            labels.putScalar(i, i, 1);
        }
        Nd4j.getRandom().setSeed(1);
        return new DataSet(Nd4j.randn(DataType.FLOAT, IMAGES, 3, 32, 32), labels);
    }
}
