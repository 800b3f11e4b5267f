package io.github.dl4jx.init.data;

import io.github.dl4jx.activations.ABReLU;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** An activation's derivative at each of its inputs. */
public final class Slopes {
    private static final int QUANTILES = 1_000;

    private Slopes() {}

    /**
     * f'(z).
     *
     * @param z of any shape; left as it is
     * @return of the same shape; null if an output depends on several inputs, or a slope on what the forward pass drew
     */
    public static @Nullable INDArray of(IActivation activation, INDArray z) {
        if (activation instanceof ActivationSoftmax
                || activation instanceof ABReLU
                || activation instanceof ActivationRReLU) {
            return null;
        }
        return activation.backprop(z.dup(), Nd4j.ones(z.dataType(), z.shape())).getFirst();
    }

    /**
     * The fraction that is below {@link LayerSignal#SATURATION} where inputs are N(0, 1): what an activation is meant to cut,
     * half of them for a rectifier. 0 where {@link #of} tells no slopes.
     */
    public static double flatPart(IActivation activation) {
        NormalDistribution normal = new NormalDistribution();
        float[][] inputs = new float[1][QUANTILES];
        for (int i = 0; i < QUANTILES; i++) {
            inputs[0][i] = (float) normal.inverseCumulativeProbability((i + 0.5) / QUANTILES);
        }
        INDArray slopes = of(activation, Nd4j.createFromArray(inputs));
        return slopes == null ? 0 : saturated(slopes);
    }

    /** The fraction that is below {@link LayerSignal#SATURATION} in size, or NaN. */
    public static double saturated(INDArray slopes) {
        long[] passing = new long[1];
        Chunks.read(slopes, (chunk, length) -> {
            long count = 0;
            for (int i = 0; i < length; i++) {
                count += Math.abs(chunk[i]) >= LayerSignal.SATURATION ? 1 : 0;
            }
            passing[0] += count;
        });
        return (double) (slopes.length() - passing[0]) / slopes.length();
    }
}
