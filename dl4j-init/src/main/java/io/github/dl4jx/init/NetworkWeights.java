package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Draws the weights of a built network anew; see {@link Initializers#apply(MultiLayerNetwork, IWeightInit)}. */
final class NetworkWeights {
    private final IWeightInit initializer;
    private final List<InitializationReport.Parameter> report = new ArrayList<>();

    private NetworkWeights(IWeightInit initializer) {
        this.initializer = Require.given("initializer", initializer);
    }

    static InitializationReport fill(MultiLayerNetwork network, IWeightInit initializer) {
        requireInitialized(network.getLayers());
        NetworkWeights weights = new NetworkWeights(initializer);
        for (int i = 0; i < network.getnLayers(); i++) {
            NeuralNetConfiguration configuration =
                    network.getLayerWiseConfigurations().getConf(i);
            weights.layer(
                    Objects.requireNonNullElse(configuration.getLayer().getLayerName(), String.valueOf(i)),
                    configuration.getLayer(),
                    0,
                    network.getLayer(i).paramTable());
        }
        return new InitializationReport(weights.report);
    }

    static InitializationReport fill(ComputationGraph graph, IWeightInit initializer) {
        requireInitialized(graph.getVertices());
        NetworkWeights weights = new NetworkWeights(initializer);
        for (int i : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[i];
            @Nullable Map<String, INDArray> parameters = vertex.paramTable(false);
            String name = vertex.getVertexName();
            if (graph.getConfiguration().getVertices().get(name) instanceof LayerVertex layer) {
                weights.layer(name, layer.getLayerConf().getLayer(), 0, parameters);
            } else if (parameters != null) {
                weights.leave(name, vertex.getClass().getSimpleName(), parameters, "no layer");
            }
        }
        return new InitializationReport(weights.report);
    }

    /** @param layers of a network or graph, which has none before {@code init()} */
    static void requireInitialized(Object @Nullable [] layers) {
        if (layers == null) {
            throw new IllegalStateException("the network has no parameters yet; call init() on it first");
        }
    }

    /** @param prefix characters before a parameter's own name: {@code Bidirectional} tells its two layers apart by one */
    private void layer(String name, Layer configuration, int prefix, @Nullable Map<String, INDArray> parameters) {
        if (parameters == null) {
            return;
        }
        if (configuration instanceof FrozenLayer || configuration instanceof FrozenLayerWithBackprop) {
            leave(name, configuration.getClass().getSimpleName(), parameters, "frozen");
        } else if (configuration instanceof BaseWrapperLayer wrapper) {
            layer(name, wrapper.getUnderlying(), prefix, parameters);
        } else if (configuration instanceof Bidirectional both) {
            layer(name, both.getFwd(), prefix + 1, parameters);
        } else {
            parameters.forEach((key, array) -> parameter(name, configuration, key, key.substring(prefix), array));
        }
    }

    private void parameter(String name, Layer configuration, String key, String ownKey, INDArray array) {
        String kind = configuration.getClass().getSimpleName();
        if (configuration.initializer().isBiasParam(configuration, ownKey)) {
            leave(name, kind, Map.of(key, array), "bias");
            return;
        }
        LayerWeights weights = LayerWeights.of(configuration, ownKey, array);
        if (weights == null) {
            leave(name, kind, Map.of(key, array), "not known as weights");
            return;
        }
        if (initializer instanceof WithBiases && !weights.ordinary()) {
            throw new IllegalArgumentException("layer " + name + " is a " + kind + ", parameter " + key + "; valid for "
                    + initializer + ": dense or ordinary convolutional");
        }
        weights.parts().forEach(part -> fill(weights.fanIn(), weights.fanOut(), part));
        report.add(new InitializationReport.Parameter(
                name, kind, key, shape(array), weights.fanIn(), weights.fanOut(), initializer + weights.comment()));
    }

    private void fill(double fanIn, double fanOut, INDArray part) {
        if (initializer instanceof NamedInitializer ours) {
            ours.fillView(fanIn, fanOut, part); // without init's guess at the layer
        } else {
            INDArray memory = Nd4j.createUninitialized(part.dataType(), part.length());
            part.assign(initializer.init(fanIn, fanOut, part.shape(), NamedInitializer.order(part), memory));
        }
    }

    private void leave(String name, String kind, Map<String, INDArray> parameters, String why) {
        parameters.forEach((key, array) -> report.add(
                new InitializationReport.Parameter(name, kind, key, shape(array), null, null, "left alone: " + why)));
    }

    private static List<Long> shape(INDArray array) {
        return LongStream.of(array.shape()).boxed().toList();
    }
}
