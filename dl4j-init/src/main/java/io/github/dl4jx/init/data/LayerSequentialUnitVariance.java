package io.github.dl4jx.init.data;

import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import io.github.dl4jx.init.Orthogonal;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer-sequential unit variance (LSUV): orthonormal weights, then layer by layer scaled until the pre-activation's variance
 * over a batch is 1.
 *
 * <pre>
 * W = orthonormal
 * while |Var(z) − 1| ≥ tolerance, at most so many times:   W = W/√Var(z),   z = W·x + b
 * </pre>
 *
 * <p>Var is that of all of a layer's values together, over examples, positions and units; of an LSTM, each gate's. Biases
 * keep what they have. {@link DataInitializer} says what the pre-activation is for each kind of layer.
 *
 * <pre>{@code
 * DataInitializationReport report = new LayerSequentialUnitVariance().withTolerance(0.01).apply(network, batch);
 * }</pre>
 *
 * <p>Mishkin and Matas, <i>All you need is a good init</i>, ICLR 2016, arXiv:1511.06422.
 */
public final class LayerSequentialUnitVariance extends DataInitializer {
    /** The paper's. */
    static final double TOLERANCE = 0.1;

    /** The paper's. */
    static final int MAX_ITERATIONS = 10;

    /** Where the weights come from. */
    public enum Start {
        /** Orthonormal: the paper's. */
        ORTHONORMAL,
        /** Those that the network has. */
        KEEP
    }

    private final double tolerance;
    private final int maxIterations;
    private final Start start;

    /** Tolerance 0.1, at most 10 iterations, orthonormal start: the paper's. */
    public LayerSequentialUnitVariance() {
        this(TOLERANCE, MAX_ITERATIONS, Start.ORTHONORMAL);
    }

    LayerSequentialUnitVariance(double tolerance, double maxIterations, Start start) {
        this.tolerance = Require.positive("tolerance", tolerance);
        this.maxIterations = count("maxIterations", maxIterations, 1);
        this.start = Require.given("start", start);
    }

    /**
     * The same with another tolerance.
     *
     * @param tolerance of the variance, a finite number &gt; 0
     * @throws IllegalArgumentException if it is not
     */
    public LayerSequentialUnitVariance withTolerance(double tolerance) {
        return new LayerSequentialUnitVariance(tolerance, maxIterations, start);
    }

    /**
     * The same with another bound on the divisions of a layer's weights. Where the output is linear in the weights and the
     * bias is 0, one is enough.
     *
     * @param maxIterations ≥ 1
     * @throws IllegalArgumentException if it is not
     */
    public LayerSequentialUnitVariance withMaxIterations(int maxIterations) {
        return new LayerSequentialUnitVariance(tolerance, maxIterations, start);
    }

    /** The same with another start; layers whose weights are not known to this pack keep theirs in any case. */
    public LayerSequentialUnitVariance withStart(Start start) {
        return new LayerSequentialUnitVariance(tolerance, maxIterations, start);
    }

    @Override
    List<DataInitializationReport.Row> initialize(GraphCopy copy, INDArray[] batch) {
        if (start == Start.ORTHONORMAL) {
            draw(copy.graph(), new Orthogonal());
        }
        List<DataInitializationReport.Row> rows = new ArrayList<>();
        copy.forward(batch, vertex -> maps(vertex, copy, rows::add).forEach(map -> rows.add(scale(map))));
        return rows;
    }

    private DataInitializationReport.Row scale(Affine map) {
        PreActivation before = map.measure();
        PreActivation z = before;
        int iterations = 0;
        while (!reached(z) && iterations < maxIterations) {
            map.scale(1 / Math.sqrt(z.variance()));
            z = map.measure();
            iterations++;
        }
        return new DataInitializationReport.Row(
                map.name().layer(),
                map.name().kind(),
                map.name().parameter(),
                before.variance(),
                z.mean(),
                z.variance(),
                iterations,
                null,
                null,
                reached(z),
                "scaled to variance 1");
    }

    private boolean reached(PreActivation z) {
        return Math.abs(z.variance() - 1) < tolerance;
    }

    @Override
    public String toString() {
        return "lsuv(tolerance=" + tolerance + ", iterations=" + maxIterations + ", start=" + Parameter.word(start)
                + ")";
    }
}
