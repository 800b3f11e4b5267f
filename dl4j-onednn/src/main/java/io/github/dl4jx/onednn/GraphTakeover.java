package io.github.dl4jx.onednn;

import io.github.dl4jx.onednn.OneDnnStatus.LayerStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.graph.vertex.impl.ElementWiseVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** Puts layers and sums on oneDNN in the place of those of an initialised {@code ComputationGraph}. */
final class GraphTakeover {
    private final ComputationGraph graph;
    private final DataType type;
    private final DataType reads;
    private final GraphVertex[] vertices;
    private final Map<String, Candidate> candidates = new HashMap<>();

    /** By index: when the forward pass comes to a vertex. */
    private final int[] turn;

    private GraphTakeover(ComputationGraph graph, DataType reads) {
        this.graph = graph;
        this.reads = reads;
        type = graph.getConfiguration().getDataType();
        vertices = graph.getVertices();
        turn = new int[vertices.length];
        int[] order = graph.topologicalSortOrder();
        for (int i = 0; i < order.length; i++) {
            turn[order[i]] = i;
        }
        for (GraphVertex vertex : vertices) {
            if (vertex.hasLayer()) {
                candidates.put(vertex.getVertexName(), new Candidate(vertex.getLayer(), type));
            }
        }
    }

    static List<LayerStatus> of(ComputationGraph graph, DataType reads) {
        return new GraphTakeover(graph, reads).takeOver();
    }

    private List<LayerStatus> takeOver() {
        List<LayerStatus> status = new ArrayList<>();
        Map<GraphVertex, Runnable> replacements = new HashMap<>();
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = vertices[index];
            Candidate candidate = candidates.get(vertex.getVertexName());
            if (candidate == null && !(vertex instanceof ElementWiseVertex)) {
                continue;
            }
            String obstacle = obstacle(vertex);
            String name = candidate == null ? "ElementWiseVertex" : candidate.typeName();
            status.add(Takeover.status(vertex.getVertexName(), name, obstacle));
            if (obstacle == null) {
                Wiring wiring = wiring(vertex);
                boolean shared = candidate == null && mayShareGradient(vertex);
                replacements.put(vertex, () -> {
                    if (candidate == null) {
                        replace(vertex, new DnnAdd((ElementWiseVertex) vertex, type, wiring, shared));
                    } else {
                        replaceLayer((LayerVertex) vertex, candidate.takeOver(wiring, reads));
                    }
                });
            }
        }
        replacements.values().forEach(Runnable::run); // when all is known about the graph as it was
        return status;
    }

    private @Nullable String obstacle(GraphVertex vertex) {
        Candidate candidate = candidates.get(vertex.getVertexName());
        if (candidate != null) {
            return vertex instanceof LayerVertex ? candidate.obstacle() : "no such vertex on oneDNN";
        }
        if (!(vertex instanceof ElementWiseVertex)) {
            return "no such vertex on oneDNN";
        }
        if (type != DataType.FLOAT) {
            return type + "; oneDNN is for FLOAT";
        }
        var conf = (org.deeplearning4j.nn.conf.graph.ElementWiseVertex)
                Objects.requireNonNull(graph.getConfiguration().getVertices().get(vertex.getVertexName()));
        if (conf.getOp() != org.deeplearning4j.nn.conf.graph.ElementWiseVertex.Op.Add) {
            return String.valueOf(conf.getOp());
        }
        if (producers(vertex).size() != 2) {
            return producers(vertex).size() + " inputs; oneDNN adds 2";
        }
        return producers(vertex).stream().allMatch(producer -> obstacle(producer) == null)
                ? null
                : "an input is not on oneDNN";
    }

    private Wiring wiring(GraphVertex vertex) {
        List<GraphVertex> producers = producers(vertex);
        List<GraphVertex> consumers = consumers(vertex);
        GraphVertex first = producers.get(0);
        return new Wiring(
                !vertex.isOutputVertex() && consumers.stream().allMatch(this::takesAsItIs),
                isDirect(vertex) && producers.stream().allMatch(producer -> obstacle(producer) == null),
                !vertex.isOutputVertex() && consumers.stream().allMatch(this::leavesInput),
                isDirect(vertex)
                        && producers.size() == 1
                        && consumers(first).size() == 1
                        && (first.isInputVertex() || endsBackwardPass(first)),
                producers.stream().anyMatch(producer -> consumers(producer).size() > 1),
                isDirect(vertex) && producers.size() == 1 && consumers(first).size() == 1 && forgetsOutput(first));
    }

    private boolean takesAsItIs(GraphVertex consumer) {
        return isDirect(consumer) && obstacle(consumer) == null;
    }

    private boolean leavesInput(GraphVertex consumer) {
        Candidate candidate = candidates.get(consumer.getVertexName());
        return takesAsItIs(consumer) && (candidate == null || candidate.leavesInput());
    }

    private boolean endsBackwardPass(GraphVertex vertex) {
        Candidate candidate = candidates.get(vertex.getVertexName());
        return candidate != null && candidate.endsBackwardPass();
    }

    private boolean forgetsOutput(GraphVertex vertex) {
        Candidate candidate = candidates.get(vertex.getVertexName());
        boolean forgets = candidate == null ? vertex instanceof ElementWiseVertex : candidate.forgetsOutput();
        return forgets && obstacle(vertex) == null && !vertex.isOutputVertex();
    }

    private static boolean isDirect(GraphVertex vertex) {
        return !(vertex instanceof LayerVertex layer) || layer.getLayerPreProcessor() == null;
    }

    /**
     * Whether the two inputs of a sum may get the same array as their gradient. DL4J adds the gradients that an input gets
     * from its other consumers to that array: the other input must have read it by then.
     */
    private boolean mayShareGradient(GraphVertex sum) {
        GraphVertex a = producers(sum).get(0);
        GraphVertex b = producers(sum).get(1);
        return a != b && isReadBefore(b, a, sum) && isReadBefore(a, b, sum);
    }

    private boolean isReadBefore(GraphVertex reader, GraphVertex written, GraphVertex sum) {
        return consumers(written).stream()
                .filter(consumer -> turn(consumer) < turn(sum)) // in the backward pass, later than the sum
                .allMatch(consumer -> turn(reader) > turn(consumer));
    }

    private int turn(GraphVertex vertex) {
        return turn[vertex.getVertexIndex()];
    }

    private List<GraphVertex> producers(GraphVertex vertex) {
        return neighbours(vertex.getInputVertices());
    }

    private List<GraphVertex> consumers(GraphVertex vertex) {
        return neighbours(vertex.getOutputVertices());
    }

    private List<GraphVertex> neighbours(VertexIndices @Nullable [] indices) {
        List<GraphVertex> neighbours = new ArrayList<>();
        if (indices != null) {
            for (VertexIndices index : indices) {
                neighbours.add(vertices[index.getVertexIndex()]);
            }
        }
        return neighbours;
    }

    private void replace(GraphVertex old, GraphVertex made) {
        vertices[old.getVertexIndex()] = made;
        Map<String, GraphVertex> byName = Objects.requireNonNull(
                new PrivateField<Map<String, GraphVertex>>(graph, ComputationGraph.class, "verticesMap").get());
        byName.put(made.getVertexName(), made);
    }

    private void replaceLayer(LayerVertex vertex, Layer made) {
        Layer old = vertex.getLayer();
        new PrivateField<Layer>(vertex, LayerVertex.class, "layer").set(made);
        Layer[] layers = graph.getLayers();
        for (int i = 0; i < layers.length; i++) {
            if (layers[i] == old) {
                layers[i] = made;
            }
        }
    }
}
