package io.github.dl4jx.activations.layer;

import io.github.dl4jx.activations.formula.FusedBroadcast;
import io.github.dl4jx.activations.formula.Ops;
import io.github.dl4jx.catalogue.Entry;
import io.github.dl4jx.catalogue.Parameter;
import io.github.dl4jx.catalogue.Require;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.UniformDistribution;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Randomised leaky rectified linear unit: training draws each negative slope, inference uses their mean.
 *
 * <pre>
 * training    f(x) = x for x &gt; 0, else a·x     a ~ U(l, u), one draw an element and pass
 * inference   f(x) = x for x &gt; 0, else (l + u)/2·x
 * f'(x) = 1 for x &gt; 0, else the slope that the forward pass used, at the kink too
 * </pre>
 *
 * <p>Behind a layer with identity activation. l = 1/8 and u = 1/3 by default. Range (−∞, ∞); input of any shape of
 * rank 2 or more. Slopes are drawn from {@code Nd4j.getRandom()}, so its seed repeats a training run; the running
 * layer keeps them until backpropagation. Xu et al., <i>Empirical evaluation of rectified activations in
 * convolutional network</i>, arXiv:1505.00853.
 */
public final class RReLU extends ParameterFreeLayer {
    /** l of the paper. */
    public static final double DEFAULT_LOWER = 1.0 / 8;

    /** u of the paper. */
    public static final double DEFAULT_UPPER = 1.0 / 3;

    private static final long serialVersionUID = 1L;

    static final Entry<Layer> ENTRY = Entry.<Layer>of("rrelu", RReLU.class, a -> new Builder()
                    .slopes(a.number("lower"), a.number("upper"))
                    .build())
            .parameter(Parameter.number("lower", DEFAULT_LOWER, ">= 0"))
            .parameter(Parameter.number("upper", DEFAULT_UPPER, ">= lower"))
            .formula("x for x > 0, else a*x; training draws a from U(lower, upper), inference takes the mean")
            .derivative("1 for x > 0, else a; a at 0")
            .range("(-inf, inf)")
            .kinks(0)
            .source("Xu et al. 2015, arXiv:1505.00853")
            .build();

    @JsonProperty
    private double lower = DEFAULT_LOWER;

    @JsonProperty
    private double upper = DEFAULT_UPPER;

    private RReLU() {}

    private RReLU(Builder builder) {
        super(builder);
        lower = builder.lower;
        upper = builder.upper;
        initializeConstraints(builder);
    }

    /** l. */
    public double getLower() {
        return lower;
    }

    /** u. */
    public double getUpper() {
        return upper;
    }

    @Override
    ParameterFreeRuntime runtime(NeuralNetConfiguration conf, DataType dataType) {
        return new Running(conf, dataType, lower, upper);
    }

    @Override
    public String toString() {
        return "rrelu(lower=" + lower + ", upper=" + upper + ")";
    }

    private static final class Running extends ParameterFreeRuntime {
        private static final long serialVersionUID = 1L;
        private final double lower;
        private final double upper;

        /** f′ of the last pass in training mode, drawn slopes included. */
        private transient @Nullable INDArray drawn;

        Running(NeuralNetConfiguration conf, DataType dataType, double lower, double upper) {
            super(conf, dataType);
            this.lower = lower;
            this.upper = upper;
        }

        @Override
        INDArray value(INDArray x, int axis, boolean training, LayerWorkspaceMgr workspaceMgr) {
            drawn = null;
            if (!training) {
                return meanSlopes(x).muli(x);
            }
            INDArray slopes = workspaceMgr.createUninitialized(ArrayType.INPUT, x.dataType(), x.shape(), 'c');
            Nd4j.getExecutioner().exec(new UniformDistribution(slopes, lower, upper));
            drawn = oneWherePositive(x, slopes);
            return x.mul(drawn);
        }

        @Override
        INDArray gradient(INDArray x, INDArray g, int axis) {
            INDArray slopes = drawn == null ? meanSlopes(x) : drawn;
            return g.mul(slopes);
        }

        private INDArray meanSlopes(INDArray x) {
            return oneWherePositive(x, x.ulike().assign((lower + upper) / 2));
        }

        /** 1 where x &gt; 0, in place, else what is there. */
        private static INDArray oneWherePositive(INDArray x, INDArray slopes) {
            if (FusedBroadcast.map(() -> PReLU.Lanes.SLOPE, x, slopes, slopes)) {
                return slopes;
            }
            INDArray positive = Ops.above(x.dup(), 0);
            return slopes.muli(positive.rsub(1)).addi(positive);
        }

        @Override
        public void clear() {
            super.clear();
            drawn = null;
        }
    }

    /** Collects the settings: slopes from U(1/8, 1/3). */
    @SuppressWarnings("unchecked") // DL4J declares build() with a free type variable
    public static final class Builder extends ParameterFreeLayer.Builder<Builder> {
        private double lower = DEFAULT_LOWER;
        private double upper = DEFAULT_UPPER;

        /**
         * The interval that slopes are drawn from.
         *
         * @param low l, a finite number ≥ 0
         * @param high u, a finite number ≥ l
         * @throws IllegalArgumentException if they are not
         */
        public Builder slopes(double low, double high) {
            Require.notNegative("lower", low);
            Require.notNegative("upper", high);
            if (high < low) {
                throw new IllegalArgumentException("upper is " + high + "; valid: >= lower, " + low);
            }
            lower = low;
            upper = high;
            return this;
        }

        /** The layer. */
        @Override
        public RReLU build() {
            return new RReLU(this);
        }
    }
}
