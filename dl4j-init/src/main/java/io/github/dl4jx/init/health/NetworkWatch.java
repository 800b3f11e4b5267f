package io.github.dl4jx.init.health;

import io.github.dl4jx.init.data.LayerSignal;
import io.github.dl4jx.init.data.Moments;
import io.github.dl4jx.init.data.UnitAxis;
import io.github.dl4jx.init.data.UnitMoments;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One iteration of one network, from its forward pass to its new weights. A network whose training ends with an exception is
 * never heard of again, so none of its layers is held.
 */
final class NetworkWatch {
    private final List<Part> parts;
    private final long examples;

    /** A vertex that hands values on, or has weights. */
    private static final class Part {
        private final String name;
        private final String type;
        private final WeakReference<@Nullable Layer> layer;
        private @Nullable UnitMoments values;
        private @Nullable Probe probe;
        private OptionalDouble weights = OptionalDouble.empty();
        private OptionalDouble gradient = OptionalDouble.empty();
        private OptionalDouble step = OptionalDouble.empty();

        Part(String name, String type, @Nullable Layer layer) {
            this.name = name;
            this.type = type;
            this.layer = new WeakReference<>(layer);
        }

        static Part of(String name, Layer layer) {
            return new Part(name, layer.conf().getLayer().getClass().getSimpleName(), layer);
        }

        /** Its configuration, out of wrappers. */
        private static org.deeplearning4j.nn.conf.layers.Layer configuration(Layer layer) {
            return layer instanceof BaseWrapperLayer wrapper
                    ? configuration(wrapper.getUnderlying())
                    : layer.conf().getLayer();
        }

        /** Null where it is none, and where its network is gone. */
        @Nullable
        Layer layer() {
            return layer.get();
        }

        @Nullable
        IActivation activation() {
            Layer layer = layer();
            return layer == null ? null : Probe.activation(configuration(layer));
        }

        void setProbe() {
            Layer layer = layer();
            if (layer != null) {
                probe = Probe.set(configuration(layer));
            }
        }

        void removeProbe() {
            if (probe != null) {
                probe.remove();
            }
        }

        List<String> weightKeys() {
            Layer layer = layer();
            if (layer == null) {
                return List.of();
            }
            org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
            return configuration.initializer().weightKeys(configuration);
        }

        MonitoredLayer measured() {
            UnitMoments moments = Objects.requireNonNull(values);
            return new MonitoredLayer(
                    new LayerSignal(
                            name,
                            type,
                            moments.mean(),
                            moments.standardDeviation(),
                            moments.spread(),
                            moments.zeros(),
                            probe == null ? OptionalDouble.empty() : probe.saturated(),
                            moments.units(),
                            moments.deadUnits(),
                            probe == null ? OptionalDouble.empty() : probe.gradient(),
                            OptionalDouble.empty(),
                            OptionalDouble.empty()),
                    weights,
                    gradient,
                    step);
        }
    }

    @SuppressWarnings("try") // nothing is done with the scope
    private NetworkWatch(List<Part> parts, UnitAxis units, Map<String, INDArray> activations) {
        this.parts = parts.stream()
                .filter(part -> activations.containsKey(part.name))
                .toList();
        this.examples = activations.values().stream()
                .mapToLong(array -> array.size(0))
                .findFirst()
                .orElse(0);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            for (Part part : this.parts) {
                INDArray values = Objects.requireNonNull(activations.get(part.name));
                part.values = UnitMoments.of(values, units.in(values));
            }
        }
        this.parts.forEach(Part::setProbe);
    }

    /** After the forward pass of a network: {@code activations} are the input's and the layers'. */
    static NetworkWatch of(MultiLayerNetwork network, List<INDArray> activations) {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("input", "input", null));
        for (int i = 0; i < network.getnLayers(); i++) {
            parts.add(Part.of(String.valueOf(i), network.getLayer(i)));
        }
        Map<String, INDArray> byName = new HashMap<>();
        IntStream.range(0, activations.size()).forEach(i -> byName.put(parts.get(i).name, activations.get(i)));
        return new NetworkWatch(parts, UnitAxis.of(network.getLayers()), byName);
    }

    /** After the forward pass of a graph. */
    static NetworkWatch of(ComputationGraph graph, Map<String, INDArray> activations) {
        List<Part> parts = Arrays.stream(graph.topologicalSortOrder())
                .mapToObj(i -> part(graph.getVertices()[i]))
                .toList();
        return new NetworkWatch(parts, UnitAxis.of(graph.getLayers()), activations);
    }

    private static Part part(GraphVertex vertex) {
        String name = vertex.getVertexName();
        if (vertex.isInputVertex()) {
            return new Part(name, "input", null);
        }
        return vertex.hasLayer()
                ? Part.of(name, vertex.getLayer())
                : new Part(name, vertex.getClass().getSimpleName(), null);
    }

    /** After the backward pass, before the updater. */
    void backward(Model network) {
        abandon();
        Map<String, INDArray> gradients = network.gradient().gradientForVariable();
        double divisor = network.conf().isMiniBatch() ? network.batchSize() : 1;
        for (Part part : parts) {
            Layer layer = part.layer();
            if (layer == null || arrays(part, gradients).isEmpty()) {
                continue;
            }
            part.weights = rootMeanSquare(
                    part.weightKeys().stream().map(layer::getParam).toList(), 1);
            part.gradient = rootMeanSquare(arrays(part, gradients), divisor);
        }
    }

    /** After the updater, which has put its step where the gradient was. */
    List<MonitoredLayer> done(Model network) {
        Map<String, INDArray> steps = network.gradient().gradientForVariable();
        parts.forEach(part -> part.step = rootMeanSquare(arrays(part, steps), 1));
        return parts.stream().map(Part::measured).toList();
    }

    /** Takes the probes away. */
    void abandon() {
        parts.forEach(Part::removeProbe);
    }

    long examples() {
        return examples;
    }

    /** The activation of a layer, where it can be told. */
    @Nullable
    IActivation activation(String name) {
        return parts.stream()
                .filter(part -> part.name.equals(name))
                .map(Part::activation)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static List<INDArray> arrays(Part part, Map<String, INDArray> byKey) {
        return part.weightKeys().stream()
                .flatMap(key -> Stream.ofNullable(byKey.get(part.name + "_" + key)))
                .toList();
    }

    private static OptionalDouble rootMeanSquare(List<INDArray> arrays, double divisor) {
        double count = arrays.stream().mapToLong(INDArray::length).sum();
        double squares = arrays.stream()
                .mapToDouble(array -> Moments.of(array).secondMoment() * array.length())
                .sum();
        return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares / count) / divisor);
    }
}
