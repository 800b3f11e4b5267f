package io.github.dl4jx.benchmarks.pytorch;

import io.github.dl4jx.activations.Activations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A DL4J graph in TorchScript: the same layers in the same order, so that what is compared cannot differ. {@code p} are
 * the parameters that learn, {@code r} the moving means and variances, {@code images} the input. It knows the layers of
 * the measured networks.
 */
final class Translation {
    private static final Pattern X = Pattern.compile("\\bx\\b");

    private final ComputationGraph graph;
    private final boolean training;
    private final List<String> statements = new ArrayList<>();
    private final List<INDArray> parameters = new ArrayList<>();
    private final List<INDArray> statistics = new ArrayList<>();
    private final Map<String, String> variables = new HashMap<>();
    private String last = "images";

    private Translation(ComputationGraph graph, boolean training) {
        this.graph = graph;
        this.training = training;
        variables.put(graph.getConfiguration().getNetworkInputs().get(0), last);
        for (int index : graph.topologicalSortOrder()) {
            String name = graph.getVertices()[index].getVertexName();
            if (!variables.containsKey(name)) {
                add(
                        name,
                        Objects.requireNonNull(
                                graph.getConfiguration().getVertices().get(name)));
                variables.put(name, last);
            }
        }
    }

    /** @param training whether batches are normalised by their own statistics */
    static Translation of(ComputationGraph graph, boolean training) {
        return new Translation(graph, training);
    }

    /** Declarations of what the statements need; DJL cannot hand over an empty list. */
    List<String> arguments() {
        return Stream.of("images: Tensor", "p: List[Tensor]", "r: List[Tensor]")
                .limit(statistics.isEmpty() ? 2 : 3)
                .toList();
    }

    /** Each sets a variable to an array, one for each layer and activation. */
    List<String> statements() {
        return statements;
    }

    /** Of the output layer before the softmax. */
    String logits() {
        return last;
    }

    /** In PyTorch's shapes. */
    List<INDArray> parameters() {
        return parameters;
    }

    /** In PyTorch's shapes. */
    List<INDArray> statistics() {
        return statistics;
    }

    /** Of the output layer, which stands for all. */
    IUpdater updater() {
        GraphVertex output = Objects.requireNonNull(graph.getConfiguration()
                .getVertices()
                .get(graph.getConfiguration().getNetworkOutputs().get(0)));
        return ((OutputLayer) ((LayerVertex) output).getLayerConf().getLayer()).getIUpdater();
    }

    private void add(String name, GraphVertex vertex) {
        List<String> inputs = Objects.requireNonNull(
                        graph.getConfiguration().getVertexInputs().get(name))
                .stream()
                .map(input -> Objects.requireNonNull(variables.get(input)))
                .toList();
        if (vertex instanceof ElementWiseVertex sum && sum.getOp() == ElementWiseVertex.Op.Add) {
            set("torch.add(" + String.join(", ", inputs) + ")");
        } else if (vertex instanceof LayerVertex layer) {
            last = inputs.get(0);
            if (layer.getPreProcessor() instanceof CnnToFeedForwardPreProcessor) {
                set("torch.flatten(" + last + ", 1)");
            }
            add(layer.getLayerConf().getLayer(), graph.getLayer(name).paramTable());
        } else {
            throw new IllegalArgumentException("no translation of " + vertex);
        }
    }

    private void set(String value) {
        String variable = "v" + statements.size();
        statements.add(variable + " = " + value);
        last = variable;
    }

    private void add(Layer layer, Map<String, INDArray> weights) {
        if (layer instanceof ConvolutionLayer conv && layer.getClass() == ConvolutionLayer.class) {
            int[] padding =
                    padding(conv.getConvolutionMode(), conv.getKernelSize(), conv.getStride(), conv.getPadding());
            String parameters = parameter(need(weights, "W")) + ", " + bias(weights.get("b"));
            set("torch.conv2d(" + last + ", " + parameters + ", " + words(conv.getStride()) + ", " + words(padding)
                    + ")");
            activation(conv.getActivationFn());
        } else if (layer instanceof BatchNormalization norm) {
            add(norm, weights);
        } else if (layer instanceof SubsamplingLayer pool && pool.getPoolingType() == PoolingType.MAX) {
            set("torch.max_pool2d(" + last + ", " + words(pool.getKernelSize()) + ", " + words(pool.getStride()) + ", "
                    + words(pool.getPadding()) + ")");
        } else if (layer instanceof GlobalPoolingLayer pool && pool.getPoolingType() == PoolingType.AVG) {
            set("torch.flatten(torch.adaptive_avg_pool2d(" + last + ", [1, 1]), 1)");
        } else if (layer instanceof ActivationLayer activation) {
            activation(activation.getActivationFn());
        } else if (layer instanceof DenseLayer dense) {
            linear(weights);
            activation(dense.getActivationFn());
        } else if (layer instanceof OutputLayer) {
            linear(weights);
        } else {
            throw new IllegalArgumentException("no translation of " + layer);
        }
    }

    /** DL4J's "same" puts as much on all sides only where the stride is 1 and the kernel odd. */
    private static int[] padding(ConvolutionMode mode, int[] kernel, int[] stride, int[] padding) {
        if (mode != ConvolutionMode.Same) {
            return padding;
        }
        if (stride[0] != 1 || stride[1] != 1 || kernel[0] % 2 == 0 || kernel[1] % 2 == 0) {
            throw new IllegalArgumentException("no translation of ConvolutionMode.Same with another stride than 1");
        }
        return new int[] {kernel[0] / 2, kernel[1] / 2};
    }

    private void add(BatchNormalization norm, Map<String, INDArray> weights) {
        String scale = parameter(flat(need(weights, "gamma"))) + ", " + parameter(flat(need(weights, "beta")));
        statistics.add(flat(need(weights, "mean")));
        INDArray logarithm = weights.get("log10stdev");
        statistics.add(
                flat(logarithm == null ? need(weights, "var") : Transforms.exp(logarithm.mul(2 * Math.log(10)))));
        int size = statistics.size();
        set(String.format(
                Locale.ROOT,
                "torch.batch_norm(%s, %s, r[%d], r[%d], %s, %s, %s, False)",
                last,
                scale,
                size - 2,
                size - 1,
                training ? "True" : "False",
                1 - norm.getDecay(),
                norm.getEps()));
        activation(norm.getActivationFn());
    }

    private void linear(Map<String, INDArray> weights) {
        String matrix = parameter(need(weights, "W").transpose().dup('c'));
        set("torch.linear(" + last + ", " + matrix + ", " + bias(weights.get("b")) + ")");
    }

    private void activation(IActivation function) {
        if (!(function instanceof ActivationIdentity)) {
            Operator operator = Operators.operator(Activations.canonical(function.toString()));
            set(X.matcher(operator.function()).replaceAll(last));
        }
    }

    private String bias(@Nullable INDArray bias) {
        return bias == null ? "None" : parameter(flat(bias));
    }

    private String parameter(INDArray array) {
        parameters.add(array);
        return "p[" + (parameters.size() - 1) + "]";
    }

    private static INDArray need(Map<String, INDArray> weights, String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    private static INDArray flat(INDArray array) {
        return array.reshape(array.length());
    }

    private static String words(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
}
