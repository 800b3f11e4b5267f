package io.github.dl4jx.init.data;

import io.github.dl4jx.activations.layer.ParametricSwish;
import io.github.dl4jx.init.ConfigurationNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * By which factors the layers of a network may be scaled without changing what it computes.
 *
 * <p>The output of each layer has a scale. Where outputs are added, merged or stacked they share one; the network's inputs and
 * outputs, what meets an activation that is not positively homogeneous, f(s·x) = s·f(x) for s &gt; 0 as in the ReLU family, what
 * leaves a normalisation, and what meets parameters that are not touched have scale 1. A layer's weights are
 * multiplied by the scale of what leaves it and divided by that of what enters.
 */
final class LayerScales {
    private static final int ONE = 0;

    /** Where an activation is tried; factors are powers of 2, so that nothing is rounded. */
    private static final double[][] PROBES = {{-4, -1.5, -0.3, 0.2, 1, 3}};

    private static final double[] FACTORS = {0.25, 8};

    /** Union-find over the scales; {@link #ONE} is 1. */
    private final List<Integer> parents = new ArrayList<>(List.of(ONE));

    private final List<Integer> in = new ArrayList<>();
    private final List<Integer> out = new ArrayList<>();

    /** Of these maps, of each vertex by its name. */
    LayerScales(GraphCopy copy, Map<String, List<Affine>> maps) {
        ComputationGraph graph = copy.graph();
        Map<Integer, Integer> scales = new HashMap<>();
        for (GraphVertex vertex : copy.sorted()) {
            List<Integer> entering = Arrays.stream(
                            Objects.requireNonNullElse(vertex.getInputVertices(), new VertexIndices[0]))
                    .map(input -> Objects.requireNonNull(scales.get(input.getVertexIndex())))
                    .toList();
            String name = vertex.getVertexName();
            int leaving = leaving(graph, vertex, entering, maps.getOrDefault(name, List.of()));
            if (graph.getConfiguration().getNetworkOutputs().contains(name)) {
                join(leaving, ONE);
            }
            scales.put(vertex.getVertexIndex(), leaving);
        }
    }

    private int leaving(ComputationGraph graph, GraphVertex vertex, List<Integer> entering, List<Affine> maps) {
        if (entering.isEmpty()) {
            return ONE;
        }
        if (!maps.isEmpty()) {
            int leaving = maps.get(0).proportional() ? added() : ONE;
            for (int i = 0; i < maps.size(); i++) {
                in.add(entering.get(0));
                out.add(leaving);
            }
            return leaving;
        }
        var configuration = graph.getConfiguration().getVertices().get(vertex.getVertexName());
        if (configuration instanceof L2NormalizeVertex) {
            return ONE;
        }
        if (configuration instanceof LayerVertex layer) {
            Layer kind = layer.getLayerConf().getLayer();
            if (kind instanceof BatchNormalization) {
                return ONE;
            }
            boolean fixed = kind instanceof ActivationLayer activation
                    ? !isHomogeneous(activation.getActivationFn())
                    : kind instanceof LocalResponseNormalization
                            || kind instanceof ParametricSwish
                            || (vertex.numParams() > 0 && !ConfigurationNode.isActivation(kind));
            if (fixed) {
                join(entering.get(0), ONE);
            }
        } else if (vertex.numParams() > 0
                || configuration instanceof ShiftVertex
                || (configuration instanceof ElementWiseVertex elements
                        && elements.getOp() == ElementWiseVertex.Op.Product)) {
            entering.forEach(scale -> join(scale, ONE));
        }
        entering.forEach(scale -> join(scale, entering.get(0)));
        return entering.get(0);
    }

    /** Whether f(s·x) = s·f(x) for s &gt; 0, as far as some numbers tell. */
    static boolean isHomogeneous(IActivation activation) {
        INDArray values = activation.getActivation(Nd4j.createFromArray(PROBES), false);
        return Arrays.stream(FACTORS).allMatch(factor -> {
            INDArray scaled =
                    activation.getActivation(Nd4j.createFromArray(PROBES).muli(factor), false);
            return scaled.equalsWithEps(values.mul(factor), 1e-5);
        });
    }

    private int added() {
        parents.add(parents.size());
        return parents.size() - 1;
    }

    private int root(int scale) {
        int root = scale;
        while (parents.get(root) != root) {
            root = parents.get(root);
        }
        return root;
    }

    private void join(int one, int other) {
        int low = Math.min(root(one), root(other)); // ONE stays a root
        parents.set(Math.max(root(one), root(other)), low);
    }

    /**
     * What brings the maps' change rates closest to each other, by least squares of their logarithms: where W is multiplied
     * by f, its gradient is divided by f, and the rate by f².
     *
     * @param logRates of the maps, in order; NaN where there is none
     */
    Move move(double[] logRates) {
        int[] roots = IntStream.range(0, parents.size()).map(this::root).toArray();
        int[] free = Arrays.stream(roots)
                .filter(root -> root != ONE)
                .distinct()
                .sorted()
                .toArray();
        int[] rated = IntStream.range(0, logRates.length)
                .filter(map -> Double.isFinite(logRates[map]))
                .toArray();
        double[] outs = new double[logRates.length];
        double wanted = 0;
        if (free.length > 0 && rated.length > 0) {
            double mean = Arrays.stream(rated)
                    .mapToDouble(map -> logRates[map])
                    .average()
                    .orElseThrow();
            double[][] a = new double[rated.length][free.length + 1];
            double[] b = new double[rated.length];
            for (int row = 0; row < rated.length; row++) {
                add(a[row], free, roots[out.get(rated[row])], 2);
                add(a[row], free, roots[in.get(rated[row])], -2);
                a[row][free.length] = 1; // what the rates' mean moves by
                b[row] = logRates[rated[row]] - mean;
            }
            double[] x = new SingularValueDecomposition(new Array2DRowRealMatrix(a))
                    .getSolver()
                    .solve(new ArrayRealVector(b))
                    .toArray();
            for (int map = 0; map < outs.length; map++) {
                outs[map] = value(x, free, roots[out.get(map)]);
                wanted = Math.max(wanted, 2 * Math.abs(outs[map] - value(x, free, roots[in.get(map)])));
            }
        }
        return new Move(Arrays.stream(outs).boxed().toList(), wanted);
    }

    /**
     * A step.
     *
     * @param logScales to add to the logarithm of each map's output scale
     * @param change the largest change of a logarithmic rate that it stands for
     */
    record Move(List<Double> logScales, double change) {}

    private static void add(double[] row, int[] free, int root, double value) {
        int column = Arrays.binarySearch(free, root);
        if (column >= 0) {
            row[column] += value;
        }
    }

    private static double value(double[] x, int[] free, int root) {
        int column = Arrays.binarySearch(free, root);
        return column >= 0 ? x[column] : 0;
    }
}
