package io.github.dl4jx.init.health;

import io.github.dl4jx.init.Constant;
import io.github.dl4jx.init.Gaussian;
import io.github.dl4jx.init.He;
import io.github.dl4jx.init.LeCun;
import io.github.dl4jx.init.Uniform;
import io.github.dl4jx.init.Xavier;
import io.github.dl4jx.init.data.Moments;
import io.github.dl4jx.init.data.OwnRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.deeplearning4j.nn.weights.WeightInitLecunUniform;
import org.deeplearning4j.nn.weights.WeightInitNormal;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.deeplearning4j.nn.weights.WeightInitReluUniform;
import org.deeplearning4j.nn.weights.WeightInitSigmoidUniform;
import org.deeplearning4j.nn.weights.WeightInitUniform;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.deeplearning4j.nn.weights.WeightInitXavierLegacy;
import org.deeplearning4j.nn.weights.WeightInitXavierUniform;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The variance that an initialiser draws a layer's weights with: by its formula where that is known, else that of a sample. */
final class InitialVariance {
    /**
     * Values of a sample. Its variance is off by a relative standard deviation of √((κ − 1)/n), κ the kurtosis: .8 % of a
     * normal distribution, so by less than 4 % but once in a million times, and by twice that for κ of 9.
     */
    private static final long SAMPLE = 1 << 15;

    /** Weights of larger layers are drawn in part. */
    private static final long SIDE = 256;

    private final double fanIn;
    private final double fanOut;
    private final long[] shape;
    private final char order;

    /**
     * For weights.
     *
     * @param fanIn as DL4J passes it
     * @param fanOut as DL4J passes it
     * @param shape of the weights
     * @param order of the weights
     */
    InitialVariance(double fanIn, double fanOut, long[] shape, char order) {
        this.fanIn = fanIn;
        this.fanOut = fanOut;
        this.shape = shape;
        this.order = order;
    }

    double fanIn() {
        return fanIn;
    }

    double fanOut() {
        return fanOut;
    }

    /** Of a dense layer or an ordinary convolution. */
    static InitialVariance of(FeedForwardLayer layer) {
        if (!(layer instanceof ConvolutionLayer convolution)) {
            return new InitialVariance(
                    (double) layer.getNIn(),
                    (double) layer.getNOut(),
                    new long[] {layer.getNIn(), layer.getNOut()},
                    IWeightInit.DEFAULT_WEIGHT_INIT_ORDER);
        }
        double places = product(convolution.getKernelSize());
        return new InitialVariance(
                layer.getNIn() * places,
                layer.getNOut() * places / product(convolution.getStride()),
                LongStream.concat(
                                LongStream.of(layer.getNOut(), layer.getNIn()),
                                Arrays.stream(convolution.getKernelSize()).asLongStream())
                        .toArray(),
                'c');
    }

    private static double product(int[] sizes) {
        return Arrays.stream(sizes).asDoubleStream().reduce(1, (a, b) -> a * b);
    }

    /** The same with other fans. */
    InitialVariance withFans(double newFanIn, double newFanOut) {
        return new InitialVariance(newFanIn, newFanOut, shape, order);
    }

    /** Of what an initialiser draws. */
    double of(IWeightInit initializer) {
        double known = known(initializer);
        return Double.isNaN(known) ? sampled(initializer) : known;
    }

    /** By formula; NaN where none is known. */
    double known(IWeightInit initializer) {
        if (initializer instanceof He) {
            double slope = number(initializer, "slope");
            double fan =
                    switch (text(initializer, "fan")) {
                        case "in" -> fanIn;
                        case "out" -> fanOut;
                        default -> (fanIn + fanOut) / 2;
                    };
            return 2 / ((1 + slope * slope) * fan);
        }
        if (initializer instanceof LeCun) {
            return square(number(initializer, "gain")) / fanIn;
        }
        if (initializer instanceof Xavier) {
            return square(number(initializer, "gain")) * 2 / (fanIn + fanOut);
        }
        if (initializer instanceof Gaussian) {
            return square(number(initializer, "std"));
        }
        if (initializer instanceof Uniform) {
            return square(number(initializer, "limit")) / 3;
        }
        if (initializer instanceof Constant || initializer instanceof WeightInitConstant) {
            return 0;
        }
        if (initializer instanceof WeightInitXavier || initializer instanceof WeightInitXavierUniform) {
            return 2 / (fanIn + fanOut);
        }
        if (initializer instanceof WeightInitRelu || initializer instanceof WeightInitReluUniform) {
            return 2 / fanIn;
        }
        if (initializer instanceof WeightInitNormal) {
            return 1 / fanIn;
        }
        if (initializer instanceof WeightInitUniform) {
            return 1 / (3 * fanIn);
        }
        if (initializer instanceof WeightInitLecunUniform) {
            return 3 / fanIn;
        }
        if (initializer instanceof WeightInitSigmoidUniform) {
            return 32 / (fanIn + fanOut);
        }
        return initializer instanceof WeightInitXavierLegacy ? 1.0 / (shape[0] + shape[1]) : Double.NaN;
    }

    /** Of draws until there are enough; 0 if all weights are the same. */
    double sampled(IWeightInit initializer) {
        long[] part = LongStream.of(shape).map(size -> Math.min(size, SIDE)).toArray();
        long length = LongStream.of(part).reduce(1, (a, b) -> a * b);
        int draws = (int) Math.max(1, SAMPLE / length);
        return OwnRandom.with(() -> {
            INDArray all = Nd4j.create(DataType.FLOAT, draws, length);
            for (int i = 0; i < draws; i++) {
                INDArray memory = Nd4j.create(DataType.FLOAT, length);
                initializer.init(fanIn, fanOut, part, order, memory);
                all.putRow(i, memory);
            }
            return Moments.of(all).variance();
        });
    }

    /** A parameter in {@code toString()}, which of this pack's initialisers is their specification. */
    private static String text(IWeightInit initializer, String parameter) {
        Matcher matcher = Pattern.compile("\\b" + parameter + "=([^,)]+)").matcher(initializer.toString());
        if (!matcher.find()) {
            throw new IllegalStateException(initializer + " states no " + parameter);
        }
        return matcher.group(1).toLowerCase(Locale.ROOT);
    }

    private static double number(IWeightInit initializer, String parameter) {
        return Double.parseDouble(text(initializer, parameter));
    }

    private static double square(double value) {
        return value * value;
    }
}
