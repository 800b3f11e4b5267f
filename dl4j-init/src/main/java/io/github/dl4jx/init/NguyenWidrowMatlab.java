package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Require;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Nguyen–Widrow initialisation as MATLAB's {@code initnw} has it: biases evenly spread instead of drawn, and mapped to the
 * activation's active region and to the range of each input.
 *
 * <pre>
 * H units, N inputs that vary:   m = 0.7·H^(1/N)
 * v of a unit    U(−1, 1), then rescaled to the Euclidean norm m
 * c of unit i    m·linspace(−1, 1, H)_i·sign(v_1); 0 for a single unit
 * weights        v_j·a/r_j             a: half the width of the active region, r_j: of the range of input j
 * biases         c·a + centre of the active region − Σ_j w_j·(centre of the range of input j)
 * </pre>
 *
 * <p>The active region is [−2, 2] for tanh, [−4, 4] for the logistic function. An input that never varies gets weight 0.
 * As {@link NguyenWidrow}'s, the biases want {@link NguyenWidrow#initializeBiases(
 * org.deeplearning4j.nn.multilayer.MultiLayerNetwork)} to be called once on the initialised network. Shapes: dense
 * [N, H], and convolutional [H, channels, k...] with N = channels·k·…; others are refused. MathWorks, <i>Deep Learning
 * Toolbox</i>, {@code initnw}; Nguyen and Widrow, IJCNN 1990.
 */
public final class NguyenWidrowMatlab extends NamedInitializer implements WithBiases {
    private static final long serialVersionUID = 1L;

    private final double activeLow;
    private final double activeHigh;
    private final double[] inputLow;
    private final double[] inputHigh;

    /** As {@link #tanh}. */
    public NguyenWidrowMatlab() {
        this(-2, 2, new double[] {-1}, new double[] {1});
    }

    /**
     * As the factories and {@link #withInputRanges} make it.
     *
     * @param activeLow where the activation's active region begins
     * @param activeHigh where it ends
     * @param inputLow the least value of each input, or a single one for all inputs
     * @param inputHigh the greatest
     * @throws IllegalArgumentException if a number is not finite, if the region is empty, if there is no input, or if an
     *     input's greatest value is below its least
     */
    @JsonCreator
    public NguyenWidrowMatlab(
            @JsonProperty("activeLow") double activeLow,
            @JsonProperty("activeHigh") double activeHigh,
            @JsonProperty("inputLow") double[] inputLow,
            @JsonProperty("inputHigh") double[] inputHigh) {
        this.activeLow = Require.finite("activeLow", activeLow);
        this.activeHigh = Require.finite("activeHigh", activeHigh);
        this.inputLow = Require.given("inputLow", inputLow).clone();
        this.inputHigh = Require.given("inputHigh", inputHigh).clone();
        if (activeHigh <= activeLow) {
            throw new IllegalArgumentException("activeHigh is " + activeHigh + "; valid: > activeLow, " + activeLow);
        }
        if (inputLow.length == 0 || inputHigh.length != inputLow.length) {
            throw new IllegalArgumentException("inputHigh has " + inputHigh.length + " values and inputLow "
                    + inputLow.length + "; valid: as many, and at least one");
        }
        for (int i = 0; i < inputLow.length; i++) {
            Require.finite("inputLow", inputLow[i]);
            if (Require.finite("inputHigh", inputHigh[i]) < inputLow[i]) {
                throw new IllegalArgumentException(
                        "inputHigh is " + inputHigh[i] + "; valid: >= inputLow, " + inputLow[i]);
            }
        }
    }

    /** Active in [−2, 2], for inputs in [−1, 1]. */
    public static NguyenWidrowMatlab tanh() {
        return new NguyenWidrowMatlab();
    }

    /** Active in [−4, 4], for inputs in [−1, 1]. */
    public static NguyenWidrowMatlab logistic() {
        return new NguyenWidrowMatlab(-4, 4, new double[] {-1}, new double[] {1});
    }

    /**
     * The same for inputs of other ranges.
     *
     * @param low the least value of each input, or a single one for all inputs
     * @param high the greatest; an input that has both alike never varies
     * @throws IllegalArgumentException as the constructor does
     */
    public NguyenWidrowMatlab withInputRanges(double[] low, double[] high) {
        return new NguyenWidrowMatlab(activeLow, activeHigh, low, high);
    }

    @Override
    List<INDArray> parts(double fanIn, double fanOut, INDArray weights) {
        return Parts.units(fanIn, fanOut, weights);
    }

    @Override
    void fill(double fanIn, double fanOut, INDArray weights) {
        double[] scale = new double[inputs(weights)];
        for (int j = 0; j < scale.length; j++) {
            double halfRange = (high(j) - low(j)) / 2;
            scale[j] = halfRange == 0 ? 0 : magnitude(weights) * (activeHigh - activeLow) / 2 / halfRange;
        }
        Distribution.fillUniform(weights, 1);
        INDArray units = units(weights);
        units.muliRowVector(row(units, varying(weights)));
        units.diviColumnVector(units.norm2(true, 1)).muliRowVector(row(units, scale));
        if (weights.rank() > 2) { // in f order the units are a copy
            weights.assign(units.reshape('c', weights.shape()));
        }
    }

    @Override
    public void fillBiases(INDArray weights, INDArray biases) {
        double[] varying = varying(weights);
        double[] centres = new double[varying.length];
        Arrays.setAll(centres, j -> (low(j) + high(j)) / 2);
        INDArray units = units(weights);
        int first = 0;
        while (varying[first] == 0) {
            first++;
        }
        long count = units.size(0);
        double[] spread = new double[(int) count];
        Arrays.setAll(spread, i -> count == 1 ? 0 : 2.0 * i / (count - 1) - 1);
        INDArray sign = Transforms.sign(
                units.get(NDArrayIndex.all(), NDArrayIndex.point(first)).dup());
        INDArray result = sign.mul(row(units, spread).reshape(sign.shape()))
                .muli(magnitude(weights) * (activeHigh - activeLow) / 2)
                .addi((activeHigh + activeLow) / 2)
                .subi(units.mulRowVector(row(units, centres)).sum(1).reshape(sign.shape()));
        biases.assign(result.reshape(biases.shape()));
    }

    /** m = 0.7·H^(1/N), N inputs that vary. */
    private double magnitude(INDArray weights) {
        double inputs = Arrays.stream(varying(weights)).sum();
        return 0.7 * Math.pow((double) units(weights).size(0), 1 / inputs);
    }

    /** 1 for inputs that vary, 0 for the others. */
    private double[] varying(INDArray weights) {
        double[] varying = new double[inputs(weights)];
        Arrays.setAll(varying, j -> high(j) > low(j) ? 1 : 0);
        if (Arrays.stream(varying).sum() == 0) {
            throw new IllegalArgumentException("no input varies: inputLow is " + Arrays.toString(inputLow)
                    + " and inputHigh the same; valid: a greater inputHigh for one input at least");
        }
        return varying;
    }

    private int inputs(INDArray weights) {
        int inputs = (int) Parts.inputs(weights);
        if (inputLow.length > 1 && inputLow.length != inputs) {
            throw new IllegalArgumentException("there are ranges of " + inputLow.length
                    + " inputs for weights of shape " + Arrays.toString(weights.shape()) + "; valid: one range, or "
                    + inputs);
        }
        return inputs;
    }

    private double low(int input) {
        return inputLow[inputLow.length == 1 ? 0 : input];
    }

    private double high(int input) {
        return inputHigh[inputHigh.length == 1 ? 0 : input];
    }

    /** [H, N]: a view, but of convolutional weights in f order a copy. */
    private static INDArray units(INDArray weights) {
        return weights.rank() == 2 ? weights.transpose() : weights.reshape('c', weights.size(0), Parts.inputs(weights));
    }

    private static INDArray row(INDArray like, double... values) {
        DataType type = like.dataType();
        return Nd4j.createFromArray(new double[][] {values}).castTo(type);
    }

    @Override
    public String toString() {
        return "nguyen-widrow-matlab(low=" + activeLow + ", high=" + activeHigh + ", min=" + words(inputLow) + ", max="
                + words(inputHigh) + ")";
    }

    private static String words(double... numbers) {
        return Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining(" "));
    }
}
