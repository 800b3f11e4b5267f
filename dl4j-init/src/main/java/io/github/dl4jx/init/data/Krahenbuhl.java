package io.github.dl4jx.init.data;

import io.github.dl4jx.activations.formula.Views;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import io.github.dl4jx.init.LeCun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The data-dependent initialisation of Krähenbühl et al.: all channels of a layer alike, and all layers at the same rate of
 * change.
 *
 * <pre>
 * start            W of N(0, 1), of principal components or of k-means centres of the layer's input;  b = 0
 * within a layer   channel i of z = W·x + b over the batch:  W_i = s·W_i/σ_i,  b_i = s·(β − μ_i/σ_i)
 *                  so that each has mean s·β and standard deviation s; s = 1 at first
 * between layers   r_k = rms(∂ℓ/∂W_k)/rms(W_k) of a random linear loss ℓ of the outputs, r̄ their geometric mean;
 *                  W_k times (r_k/r̄)^(α/2), with the layers' s such that the network computes the same
 *                  and within a layer again, until all r_k agree within the tolerance
 * </pre>
 *
 * <p>{@link DataInitializer} says what the pre-activation z is for each kind of layer.
 *
 * <p>The factors of a chain of layers multiply to 1. A layer's s is the product of those up to it, so that the last has s
 * = 1; the authors' program does so too, where biases follow the scale that has come up to them. Dividing the next
 * layer's weights by each factor instead has the same fixed point. That needs activations of the ReLU family, where f(s·x)
 * = s·f(x) for s &gt; 0: the network then computes exactly what it did. A layer with any other activation has s = 1, as has
 * what batch normalisation, a recurrent or a frozen layer returns, and outputs that are added, merged or stacked have one
 * s; the rates come as close to each other as that allows.
 *
 * <p>Units beyond the number of principal components are random mixtures of them. Layers without bias get the standard
 * deviation alone. k-means is the spherical one of Coates and Ng 2012 over whitened patches. Embeddings, and layers that
 * are not DL4J's, have no patches and start from random weights, the latter from those that they have.
 *
 * <p>The paper damps by α = 0.25. The authors' program does not damp, takes at most 10 rounds, and has β = 0.1. The defaults
 * here are α = 1, at most 20 rounds, and β = 0.
 *
 * <p>Krähenbühl, Doersch, Donahue and Darrell, <i>Data-dependent initializations of convolutional neural networks</i>, ICLR
 * 2016, arXiv:1511.06856.
 */
public final class Krahenbuhl extends DataInitializer {
    static final double DAMPING = 1;
    static final int MAX_ROUNDS = 20;

    /** Of variances, and of means by standard deviations, within a layer. */
    private static final double WITHIN = 1e-3;

    /** Of rates, which are estimates. */
    private static final double BETWEEN = 0.03;

    private static final int WITHIN_ITERATIONS = 10;

    /** Random losses that a rate is measured by. */
    private static final int LOSSES = 16;

    /** The same of recurrent networks, where a part of the batch takes as many steps as the whole. */
    private static final int LOSSES_OF_SEQUENCES = 4;

    /** Where the weights come from. */
    public enum Start {
        /** Independent normal numbers. */
        GAUSSIAN,
        /** Principal components of the layer's input, those with most variance first. */
        PCA,
        /** Centres of clusters of the layer's whitened input. */
        KMEANS
    }

    private final Start start;
    private final double mean;
    private final double damping;
    private final int maxRounds;

    /** Gaussian start, β = 0, both steps with α = 1 and at most 20 rounds. */
    public Krahenbuhl() {
        this(Start.GAUSSIAN, 0, DAMPING, MAX_ROUNDS);
    }

    Krahenbuhl(Start start, double mean, double damping, double maxRounds) {
        this.start = Require.given("start", start);
        this.mean = Require.finite("mean", mean);
        this.damping = Require.halfOpenAbove("damping", damping, 0, 1);
        this.maxRounds = count("maxRounds", maxRounds, 0);
    }

    /** The same with another start. */
    public Krahenbuhl withStart(Start start) {
        return new Krahenbuhl(start, mean, damping, maxRounds);
    }

    /**
     * The same with another mean of the pre-activations.
     *
     * @param mean β, a finite number; above 0 it opens ReLU units
     * @throws IllegalArgumentException if it is not
     */
    public Krahenbuhl withMean(double mean) {
        return new Krahenbuhl(start, mean, damping, maxRounds);
    }

    /**
     * The same with another damping of the step between layers.
     *
     * @param damping α in (0, 1]; with 1, one round does for networks of the ReLU family
     * @throws IllegalArgumentException if it is not
     */
    public Krahenbuhl withDamping(double damping) {
        return new Krahenbuhl(start, mean, damping, maxRounds);
    }

    /**
     * The same with another bound on the rounds between layers.
     *
     * @param maxRounds ≥ 0; 0 leaves that step out
     * @throws IllegalArgumentException if it is not
     */
    public Krahenbuhl withMaxRounds(int maxRounds) {
        return new Krahenbuhl(start, mean, damping, maxRounds);
    }

    @Override
    List<DataInitializationReport.Row> initialize(GraphCopy copy, INDArray[] batch) {
        return new Pass(copy, batch).run();
    }

    /** One initialisation. */
    private final class Pass {
        private final GraphCopy copy;
        private final INDArray[] batch;
        private final Map<String, List<Affine>> maps = new LinkedHashMap<>();
        private final List<Supplier<DataInitializationReport.Row>> rows = new ArrayList<>();
        private final List<GraphVertex> vertexOfMap = new ArrayList<>();
        private final List<PreActivation> starts = new ArrayList<>();
        private final List<Within> results = new ArrayList<>();
        private double[] ratesBefore = new double[0];
        private double[] rates = new double[0];
        private double change;

        Pass(GraphCopy copy, INDArray[] batch) {
            this.copy = copy;
            this.batch = batch;
        }

        List<DataInitializationReport.Row> run() {
            // of variance 1/fanIn rather than 1: the step within a layer cancels it, and what it does not reach is
            // sound
            draw(copy.graph(), LeCun.normal());
            Random random = new Random(Nd4j.getRandom().nextLong());
            copy.forward(batch, vertex -> first(vertex, random));
            if (maxRounds > 0 && !results.isEmpty()) {
                balance();
            }
            return rows.stream().map(Supplier::get).toList();
        }

        private void balance() {
            ratesBefore = rates();
            rates = ratesBefore;
            LayerScales scales = new LayerScales(copy, maps);
            double[] logScales = new double[rates.length];
            LayerScales.Move move = scales.move(logs(rates));
            for (int round = 0; round < maxRounds && move.change() > BETWEEN; round++) {
                for (int map = 0; map < logScales.length; map++) {
                    logScales[map] += damping * move.logScales().get(map);
                }
                again(logScales);
                rates = rates();
                move = scales.move(logs(rates));
            }
            change = move.change();
        }

        private DataInitializationReport.Row row(int map) {
            Within within = results.get(map);
            Affine.Name name = within.map.name();
            String action = within.map.hasBias() ? "channels normalised" : "channels normalised, no bias";
            if (!within.reached()) {
                action += String.format(
                        Locale.ROOT,
                        ", but for %.2g of a standard deviation, where %s is asked for",
                        within.off,
                        WITHIN);
            }
            if (change > BETWEEN) {
                action += String.format(
                        Locale.ROOT,
                        "; after %d rounds the layers' rates still want a factor of %.3f, where %.2f is near enough",
                        maxRounds,
                        Math.exp(change),
                        Math.exp(BETWEEN));
            }
            return new DataInitializationReport.Row(
                    name.layer(),
                    name.kind(),
                    name.parameter(),
                    starts.get(map).variance(),
                    within.z.mean(),
                    within.z.variance(),
                    within.iterations,
                    rate(ratesBefore, map),
                    rate(rates, map),
                    within.reached() && change <= BETWEEN,
                    action);
        }

        private static @Nullable Double rate(double[] rates, int map) {
            return rates.length == 0 || Double.isNaN(rates[map]) ? null : rates[map];
        }

        private void first(GraphVertex vertex, Random random) {
            List<Affine> all = maps(vertex, copy, row -> rows.add(() -> row));
            List<Affine> done = new ArrayList<>();
            for (Affine map : all) {
                if (!map.hasUnits(map.measure())) {
                    rows.add(() -> DataInitializationReport.Row.leftAlone(
                            map.name().layer(), map.name().kind(), "which axis its units are on is not known"));
                    continue;
                }
                map.clearBias();
                if (start != Start.GAUSSIAN) {
                    map.draw(random, (units, patches) -> {
                        PatchFilters filters = new PatchFilters(map.name(), units, patches, random);
                        return start == Start.PCA ? filters.principal() : filters.means();
                    });
                }
                PreActivation z = measure(map);
                int index = starts.size();
                starts.add(z);
                rows.add(() -> row(index));
                vertexOfMap.add(vertex);
                results.add(within(map, z, 1));
                done.add(map);
            }
            maps.put(vertex.getVertexName(), done);
        }

        private void again(double[] logScales) {
            int[] next = {0};
            copy.forward(batch, vertex -> {
                List<Affine> all = Objects.requireNonNullElse(maps.get(vertex.getVertexName()), List.of());
                for (Affine map : all) {
                    int index = next[0]++;
                    Within within = within(map, measure(map), Math.exp(logScales[index]));
                    results.set(index, within.after(results.get(index)));
                }
            });
        }

        /**
         * Over several losses, since one tells little where few directions of the weights see most of its gradient. Examples
         * have losses of their own, so that the squares of a batch's parts have the sum of the whole one's as their mean, and
         * each part its own loss at the price of one; not where batch normalisation makes a part another batch.
         */
        private double[] rates() {
            boolean whole = normalizesBatches(copy.graph());
            int losses = isRecurrent(copy.graph()) ? LOSSES_OF_SEQUENCES : LOSSES;
            double[] squares = new double[results.size()];
            for (int loss = 0; loss < losses; loss++) {
                INDArray[] examples = whole ? batch : part(loss, losses);
                if (examples[0].isEmpty()) {
                    continue;
                }
                copy.forward(examples, vertex -> {});
                copy.backward(loss + 1, true); // ND4J takes the time for a seed of 0
                for (int map = 0; map < squares.length; map++) {
                    double rate = results.get(map).map.changeRate(copy.parameterGradients(vertexOfMap.get(map)));
                    squares[map] += rate * rate / (whole ? losses : 1);
                }
            }
            return Arrays.stream(squares).map(Math::sqrt).toArray();
        }

        private INDArray[] part(int loss, int losses) {
            return Arrays.stream(batch)
                    .map(array -> {
                        long from = loss * array.size(0) / losses;
                        long to = (loss + 1) * array.size(0) / losses;
                        return from == to ? Nd4j.empty(array.dataType()) : Views.interval(array, 0, from, to);
                    })
                    .toArray(INDArray[]::new);
        }
    }

    private static boolean normalizesBatches(ComputationGraph graph) {
        return Arrays.stream(graph.getLayers())
                .anyMatch(layer -> layer.conf().getLayer() instanceof BatchNormalization);
    }

    private static boolean isRecurrent(ComputationGraph graph) {
        return Arrays.stream(graph.getLayers())
                .anyMatch(layer -> layer instanceof RecurrentLayer || layer instanceof BaseWrapperLayer);
    }

    private static double[] logs(double[] rates) {
        return Arrays.stream(rates).map(Math::log).toArray();
    }

    /** @param off by how much the farthest unit misses its mean, by standard deviations, or its variance, by itself */
    private record Within(Affine map, PreActivation z, int iterations, double off) {
        Within after(Within earlier) {
            return new Within(map, z, iterations + earlier.iterations, off);
        }

        boolean reached() {
            return off <= WITHIN;
        }
    }

    /** Where z is linear in the weights, as in all layers of DL4J, one iteration is enough but for rounding. */
    private Within within(Affine map, PreActivation measured, double scale) {
        double aim = scale * mean;
        PreActivation z = measured;
        int iterations = 0;
        while (off(map, z, aim, scale) > WITHIN && iterations < WITHIN_ITERATIONS) {
            map.normalize(z, map.mean(aim), scale);
            z = measure(map);
            iterations++;
        }
        return new Within(map, z, iterations, off(map, z, aim, scale));
    }

    private static PreActivation measure(Affine map) {
        PreActivation z = map.measure();
        for (int unit = 0; unit < z.units(); unit++) {
            if (!z.varies(unit)) {
                throw new IllegalArgumentException(map.name() + ": the pre-activation of unit " + unit
                        + " is the same for the whole batch; valid: inputs of each unit that differ");
            }
        }
        return z;
    }

    private static double off(Affine map, PreActivation z, double aim, double scale) {
        double most = 0;
        for (int unit = 0; unit < z.units(); unit++) {
            most = Math.max(most, Math.abs(z.variance(unit) / (scale * scale) - 1));
            if (map.hasBias()) {
                most = Math.max(most, Math.abs(z.mean(unit) - map.mean(aim)) / scale);
            }
        }
        return most;
    }

    @Override
    public String toString() {
        return "krahenbuhl(start=" + Parameter.word(start) + ", mean=" + mean + ", damping=" + damping + ", rounds="
                + maxRounds + ")";
    }
}
