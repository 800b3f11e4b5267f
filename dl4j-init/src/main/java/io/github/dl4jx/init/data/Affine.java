package io.github.dl4jx.init.data;

import io.github.dl4jx.init.LayerWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.AbstractLSTM;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * One affine map of a network's copy, W·x + b, in front of an activation: a layer's, or the input projection of a recurrent
 * layer or of one of its gates. {@link DataInitializer} says what it is for which layer.
 */
final class Affine {
    /** In the order of DL4J's columns. */
    private static final List<String> GATES = List.of("cell input", "forget gate", "output gate", "input gate");

    private static final int FORGET_GATE = 1;

    /** What a recurrent layer does with its own last output. */
    private static final String RECURRENT = "RW";

    /** Enough for the principal components of a layer of usual width. */
    private static final int MOST_PATCHES = 10_000;

    /** Of all patches together: a quarter of a gibibyte. */
    private static final int MOST_NUMBERS = 1 << 25;

    /**
     * Which map.
     *
     * @param layer its name
     * @param kind its class, without wrappers
     * @param key of the weights in its table of parameters
     * @param gate of a recurrent layer; empty where there is one map for a parameter
     */
    record Name(String layer, String kind, String key, String gate) {
        String parameter() {
            return gate.isEmpty() ? key : key + ", " + gate;
        }

        @Override
        public String toString() {
            return "layer " + layer + " (" + kind + "), parameter " + parameter();
        }
    }

    /**
     * What a layer has.
     *
     * @param maps its affine maps
     * @param kind its class, without wrappers
     * @param leftAlone why its parameters are not touched; null where there is a map, or no parameter
     */
    record Found(List<Affine> maps, String kind, @Nullable String leftAlone) {}

    /**
     * A pre-activation as it comes.
     *
     * @param axis that of the units
     * @param ours whether nobody else has the array
     */
    private record Values(INDArray array, int axis, boolean ours) {
        /** [units, samples], double. */
        INDArray unitsFirst() {
            int[] order = IntStream.concat(
                            IntStream.of(axis), IntStream.range(0, array.rank()).filter(other -> other != axis))
                    .toArray();
            INDArray first = array.permute(order).castTo(DataType.DOUBLE).dup('c');
            return first.reshape('c', first.size(0), -1);
        }
    }

    private final Name name;
    private final Function<INDArray, List<INDArray>> parts;
    private final INDArray weights;
    private final @Nullable INDArray bias;
    private final double biasAtStart;
    private final Supplier<Values> preActivation;
    private final Layer runtime;
    private final @Nullable Supplier<INDArray> inputs;
    private final boolean proportional;
    private final boolean known;

    /**
     * @param parts of the weights, or their gradient: views with the units on axis 0
     * @param biasAtStart what the layer itself adds to each bias, as an LSTM to its forget gate's
     * @param preActivation of the input that the layer has
     * @param runtime the layer
     * @param inputs [samples, inputs] of the layer; null where they do not come as a matrix
     * @param proportional whether the layer's output is as many times as large where this map is
     * @param known whether the units' weights are linear filters of patches of the input
     */
    private Affine(
            Name name,
            Function<INDArray, List<INDArray>> parts,
            INDArray weights,
            @Nullable INDArray bias,
            double biasAtStart,
            Supplier<Values> preActivation,
            Layer runtime,
            @Nullable Supplier<INDArray> inputs,
            boolean proportional,
            boolean known) {
        this.name = name;
        this.parts = parts;
        this.weights = weights;
        this.bias = bias;
        this.biasAtStart = biasAtStart;
        this.preActivation = preActivation;
        this.runtime = runtime;
        this.inputs = inputs;
        this.proportional = proportional;
        this.known = known;
    }

    /** The maps of a layer, which has its input from now on or gets it later. */
    static Found of(String name, Layer layer) {
        if (layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop) {
            return new Found(List.of(), layer.getClass().getSimpleName(), layer.numParams() > 0 ? "frozen" : null);
        }
        if (layer instanceof BaseWrapperLayer wrapper) {
            return of(name, wrapper.getUnderlying());
        }
        var configuration = layer.conf().getLayer();
        String kind = configuration.getClass().getSimpleName();
        Map<String, INDArray> table = Objects.requireNonNullElse(layer.paramTable(), Map.of());
        if (table.isEmpty()) {
            return new Found(List.of(), kind, null);
        }
        if ((configuration instanceof DenseLayer dense && dense.hasLayerNorm())
                || (configuration instanceof SimpleRnn rnn && rnn.hasLayerNorm())) {
            return new Found(List.of(), kind, "layer normalisation undoes any scale");
        }
        List<Affine> maps = new ArrayList<>();
        if (configuration instanceof Bidirectional both) {
            projections(name, both.getFwd(), "f", layer, maps);
            projections(name, both.getBwd(), "b", layer, maps);
        } else if (configuration instanceof BaseRecurrentLayer) {
            projections(name, configuration, "", layer, maps);
        } else if (!(configuration instanceof VariationalAutoencoder || configuration instanceof BatchNormalization)) {
            whole(name, layer, table, maps);
        }
        return new Found(maps, kind, maps.isEmpty() ? "no weights that are known" : null);
    }

    /** Of each gate of a recurrent layer, or of the layer. */
    private static void projections(
            String name,
            org.deeplearning4j.nn.conf.layers.Layer configuration,
            String prefix,
            Layer layer,
            List<Affine> maps) {
        layer.paramTable().forEach((key, weights) -> {
            String own = key.startsWith(prefix) ? key.substring(prefix.length()) : RECURRENT;
            LayerWeights known = LayerWeights.of(configuration, own, weights);
            if (own.startsWith(RECURRENT) || known == null || !own.startsWith("W")) {
                return;
            }
            boolean gated = known.parts().size() > 1;
            @Nullable INDArray biases = layer.paramTable().get(prefix + own.replace('W', 'b'));
            Supplier<INDArray> inputs = () -> matrix(layer.input(), configuration);
            for (int i = 0; i < known.parts().size(); i++) {
                int part = i;
                Function<INDArray, List<INDArray>> parts =
                        array -> List.of(Objects.requireNonNull(LayerWeights.of(configuration, own, array))
                                .parts()
                                .get(part)
                                .transpose());
                INDArray units = parts.apply(weights).get(0);
                long count = units.size(0);
                @Nullable
                INDArray bias = biases == null
                        ? null
                        : biases.reshape(-1).get(NDArrayIndex.interval(part * count, (part + 1) * count));
                maps.add(new Affine(
                        new Name(name, configuration.getClass().getSimpleName(), key, gated ? GATES.get(part) : ""),
                        parts,
                        weights,
                        bias,
                        gated && part == FORGET_GATE ? forgetGateBias(configuration) : 0,
                        () -> {
                            INDArray z = units.castTo(DataType.DOUBLE)
                                    .mmul(inputs.get().castTo(DataType.DOUBLE).transpose());
                            if (bias != null) {
                                z.addiColumnVector(bias.castTo(DataType.DOUBLE).reshape(-1, 1));
                            }
                            return new Values(z, 0, true);
                        },
                        layer,
                        inputs,
                        false,
                        true));
            }
        });
    }

    @SuppressWarnings("deprecation") // DL4J's Graves layers, which models of old still have
    private static double forgetGateBias(org.deeplearning4j.nn.conf.layers.Layer configuration) {
        if (configuration instanceof AbstractLSTM lstm) {
            return lstm.getForgetGateBiasInit();
        }
        return configuration instanceof GravesBidirectionalLSTM graves ? graves.getForgetGateBiasInit() : 0;
    }

    /** Of a layer that is not recurrent; of a layer that nobody knows, its last weights. */
    private static void whole(String name, Layer layer, Map<String, INDArray> table, List<Affine> maps) {
        var configuration = layer.conf().getLayer();
        List<String> keys = new ArrayList<>(configuration.initializer().weightKeys(configuration));
        Collections.reverse(keys);
        @Nullable
        String key = keys.stream()
                .filter(table::containsKey)
                .filter(k -> isKnown(configuration, k, weights(table, k)))
                .findFirst()
                .orElseGet(() -> keys.stream()
                        .filter(table::containsKey)
                        .filter(k -> looksLikeWeights(weights(table, k)))
                        .findFirst()
                        .orElse(null));
        if (key == null) {
            return;
        }
        INDArray weights = weights(table, key);
        boolean known = isKnown(configuration, key, weights);
        Function<INDArray, List<INDArray>> parts = array -> (known
                        ? Objects.requireNonNull(LayerWeights.of(configuration, key, array))
                                .parts()
                        : List.of(array))
                .stream()
                        .map(part -> part.rank() == 2 ? part.transpose() : part)
                        .toList();
        boolean embedding = configuration instanceof EmbeddingLayer || configuration instanceof EmbeddingSequenceLayer;
        boolean matrix = weights.rank() == 2 && known && !embedding;
        long units =
                parts.apply(weights).stream().mapToLong(part -> part.size(0)).sum();
        @Nullable
        INDArray bias = configuration.initializer().biasKeys(configuration).stream()
                .filter(table::containsKey)
                .map(k -> weights(table, k))
                .filter(values -> values.length() == units)
                .findFirst()
                .orElse(null);
        maps.add(new Affine(
                new Name(name, configuration.getClass().getSimpleName(), key, ""),
                parts,
                weights,
                bias == null ? null : bias.reshape(-1),
                0,
                () -> linear(layer),
                layer,
                matrix ? () -> matrix(layer.input(), configuration) : null,
                configuration instanceof BaseLayer weighted && LayerScales.isHomogeneous(weighted.getActivationFn()),
                known && !embedding));
    }

    private static INDArray weights(Map<String, INDArray> table, String key) {
        return Objects.requireNonNull(table.get(key));
    }

    private static boolean isKnown(
            org.deeplearning4j.nn.conf.layers.Layer configuration, String key, INDArray weights) {
        return LayerWeights.of(configuration, key, weights) != null;
    }

    /** A row is one number a channel, as the slopes of a learned activation are. */
    private static boolean looksLikeWeights(INDArray array) {
        return array.rank() >= 2 && array.size(0) > 1;
    }

    /** [examples × time steps, features] of a sequence, and what is a matrix already. */
    private static INDArray matrix(INDArray input, org.deeplearning4j.nn.conf.layers.Layer configuration) {
        if (input.rank() != 3) {
            return input;
        }
        INDArray last = UnitAxis.of(configuration, 3) == 2 ? input : input.permute(0, 2, 1);
        return last.dup('c').reshape('c', -1, last.size(2));
    }

    /** The layer's output without its activation, where DL4J has one in the configuration. */
    private static Values linear(Layer layer) {
        var configuration = layer.conf().getLayer();
        @Nullable
        IActivation activation = configuration instanceof BaseLayer weighted ? weighted.getActivationFn() : null;
        try {
            if (configuration instanceof BaseLayer weighted) {
                weighted.setActivationFn(new ActivationIdentity());
            }
            INDArray output = layer.activate(true, GraphCopy.NO_WORKSPACES);
            boolean ours = (configuration instanceof DenseLayer || configuration instanceof ConvolutionLayer)
                    && output.closeable()
                    && output.data() != layer.input().data();
            return new Values(output, UnitAxis.of(configuration, output.rank()), ours);
        } finally {
            if (configuration instanceof BaseLayer weighted) {
                weighted.setActivationFn(activation);
            }
        }
    }

    Name name() {
        return name;
    }

    /** Whether what the layer returns is as many times as large where this map and its bias are; not, if that is unknown. */
    boolean proportional() {
        return proportional;
    }

    /**
     * What the batch makes of it now.
     *
     * @throws IllegalArgumentException if that is not finite, or the same for the whole batch
     */
    PreActivation measure() {
        Values values = values();
        PreActivation measured = new PreActivation(values.array, values.axis);
        if (values.ours) {
            values.array.close(); // the collector would come too late: there are some for each layer
        }
        if (!measured.finite()) {
            throw new IllegalArgumentException(
                    name + ": its pre-activation is NaN or infinite; valid: finite weights, and inputs of a size"
                            + " that they can take");
        }
        if (!measured.varies()) {
            throw new IllegalArgumentException(name
                    + ": its pre-activation is the same for the whole batch; valid: several examples that differ, and"
                    + " units before it that are not dead");
        }
        return measured;
    }

    private Values values() {
        try {
            return preActivation.get();
        } catch (RuntimeException e) {
            throw GraphCopy.doesNotFit(name.layer(), e, runtime.input());
        }
    }

    void scale(double factor) {
        units().forEach(part -> part.muli(factor));
    }

    /** Views, the units on axis 0; of depthwise convolutions one for each channel of the input. */
    private List<INDArray> units() {
        return parts.apply(weights);
    }

    private static int count(INDArray part) {
        return (int) part.size(0);
    }

    /** Whether the pre-activation's units are those of the weights, as they may not be in a layer that nobody knows. */
    boolean hasUnits(PreActivation measured) {
        return measured.units() == units().stream().mapToInt(Affine::count).sum();
    }

    void clearBias() {
        if (bias != null) {
            bias.assign(biasAtStart);
        }
    }

    /** Where the method wants its mean: elsewhere if the layer itself adds something to the bias. */
    double mean(double mean) {
        return mean + biasAtStart;
    }

    boolean hasBias() {
        return bias != null;
    }

    /**
     * Each unit by itself to a mean and standard deviation; without a bias to the latter alone.
     *
     * @param measured now
     */
    void normalize(PreActivation measured, double mean, double standardDeviation) {
        int unit = 0;
        for (INDArray part : units()) {
            INDArray factors = Nd4j.create(DataType.DOUBLE, count(part), 1);
            for (int i = 0; i < count(part); i++, unit++) {
                double factor = standardDeviation / Math.sqrt(measured.variance(unit));
                factors.putScalar(i, factor);
                if (bias != null) {
                    bias.putScalar(unit, (bias.getDouble(unit) - measured.mean(unit)) * factor + mean);
                }
            }
            set(part, rows(part).muliColumnVector(factors));
        }
    }

    /** [units, inputs], double. */
    private static INDArray rows(INDArray part) {
        return part.castTo(DataType.DOUBLE).dup('c').reshape('c', part.size(0), -1);
    }

    private static void set(INDArray part, INDArray rows) {
        part.assign(rows.dup('c').reshape('c', part.shape()).castTo(part.dataType()));
    }

    /** The root mean square of the gradient by that of the weights; NaN where none arrives. */
    double changeRate(Map<String, INDArray> gradients) {
        INDArray gradient = gradients.get(name.key());
        return gradient == null ? Double.NaN : norm(parts.apply(gradient)) / norm(units());
    }

    private static double norm(List<INDArray> parts) {
        return Math.sqrt(parts.stream()
                .mapToDouble(part -> Moments.of(part).secondMoment() * part.length())
                .sum());
    }

    /**
     * Draws the weights from patches of the input, those of each part from its own.
     *
     * @param draw makes [units, inputs] of the number of units and patches, [samples, inputs]
     */
    void draw(Random random, BiFunction<Integer, INDArray, INDArray> draw) {
        if (!known) {
            return;
        }
        List<INDArray> patches = patches(random);
        List<INDArray> units = units();
        for (int i = 0; i < units.size(); i++) {
            set(units.get(i), draw.apply(count(units.get(i)), patches.get(i)));
        }
    }

    /**
     * What each part's weights meet, [samples, inputs]. A convolution's patches are its own pre-activation where its filters
     * are the unit vectors, so many at a time as it has units: right for any padding, stride, dilation and format.
     */
    private List<INDArray> patches(Random random) {
        List<INDArray> units = units();
        int inputs = (int) (units.get(0).length() / units.get(0).size(0));
        int most = Math.max(2 * count(units.get(0)), Math.min(MOST_PATCHES, MOST_NUMBERS / inputs));
        if (this.inputs != null) {
            INDArray all = this.inputs.get().dup().castTo(DataType.DOUBLE); // no view: see Views.interval
            return Collections.nCopies(units.size(), all.get(NDArrayIndex.indices(sample(all.rows(), most, random))));
        }
        clearBias();
        int perPass = count(units.get(0));
        List<INDArray> patches = new ArrayList<>();
        long @Nullable [] sample = null;
        for (int from = 0; from < inputs; from += perPass) {
            for (INDArray part : units) {
                INDArray filters = Nd4j.zeros(DataType.DOUBLE, perPass, inputs);
                for (int i = 0; i < perPass && from + i < inputs; i++) {
                    filters.putScalar(i, from + i, 1);
                }
                set(part, filters);
            }
            INDArray z = values().unitsFirst();
            if (sample == null) {
                sample = sample((int) z.size(1), most, random);
                for (int part = 0; part < units.size(); part++) {
                    patches.add(Nd4j.create(DataType.DOUBLE, sample.length, inputs));
                }
            }
            int to = Math.min(from + perPass, inputs);
            INDArray seen = z.get(NDArrayIndex.all(), NDArrayIndex.indices(sample));
            for (int part = 0; part < units.size(); part++) {
                int first = part * perPass;
                patches.get(part)
                        .get(NDArrayIndex.all(), NDArrayIndex.interval(from, to))
                        .assign(seen.get(NDArrayIndex.interval(first, first + to - from), NDArrayIndex.all())
                                .transpose());
            }
        }
        return patches;
    }

    /** Distinct, in order. */
    private static long[] sample(int of, int most, Random random) {
        int[] all = IntStream.range(0, of).toArray();
        int size = Math.min(of, most);
        for (int i = 0; i < size && size < of; i++) {
            int other = i + random.nextInt(of - i);
            int swapped = all[i];
            all[i] = all[other];
            all[other] = swapped;
        }
        return Arrays.stream(all).limit(size).sorted().asLongStream().toArray();
    }
}
