package io.github.dl4jx.onednn;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Layers as plain loops in double precision over NCHW arrays. Beside every sum the
 * convolution, pooling and dense layers keep the sum of the terms' magnitudes: the rounding error of a float sum is relative to that.
 */
final class Reference {
    final double[] output;
    final double[] inputGradient;
    final double[][] parameterGradients;
    /** Sums of magnitudes, in the order output, input gradient, parameter gradients. */
    final double[][] magnitudes;

    private Reference(double[] output, double[] inputGradient, double[][] parameterGradients, double[][] magnitudes) {
        this.output = output;
        this.inputGradient = inputGradient;
        this.parameterGradients = parameterGradients;
        this.magnitudes = magnitudes;
    }

    /** Gradients of weights [nOut, nIn, kH, kW] and bias, in that order. */
    static Reference convolution(
            INDArray input, INDArray weights, double[] bias, INDArray delta, int[] stride, int[] dilation, int[] pad) {
        double[] x = doubles(input);
        double[] w = doubles(weights);
        double[] d = doubles(delta);
        int n = (int) input.size(0);
        int nIn = (int) input.size(1);
        int h = (int) input.size(2);
        int wd = (int) input.size(3);
        int nOut = (int) weights.size(0);
        int kH = (int) weights.size(2);
        int kW = (int) weights.size(3);
        int oH = (int) delta.size(2);
        int oW = (int) delta.size(3);
        double[][] sum = {new double[d.length], new double[x.length], new double[w.length], new double[bias.length]};
        double[][] magnitude = {
            new double[d.length], new double[x.length], new double[w.length], new double[bias.length]
        };
        for (int b = 0; b < n; b++) {
            for (int o = 0; o < nOut; o++) {
                for (int i = 0; i < oH * oW; i++) {
                    int out = (b * nOut + o) * oH * oW + i;
                    int y0 = i / oW * stride[0] - pad[0];
                    int x0 = i % oW * stride[1] - pad[1];
                    add(sum, magnitude, 0, out, bias[o]);
                    add(sum, magnitude, 3, o, d[out]);
                    for (int c = 0; c < nIn; c++) {
                        for (int k = 0; k < kH * kW; k++) {
                            int row = y0 + k / kW * dilation[0];
                            int column = x0 + k % kW * dilation[1];
                            if (row < 0 || row >= h || column < 0 || column >= wd) {
                                continue;
                            }
                            int in = ((b * nIn + c) * h + row) * wd + column;
                            int weight = (o * nIn + c) * kH * kW + k;
                            add(sum, magnitude, 0, out, x[in] * w[weight]);
                            add(sum, magnitude, 1, in, d[out] * w[weight]);
                            add(sum, magnitude, 2, weight, d[out] * x[in]);
                        }
                    }
                }
            }
        }
        return new Reference(sum[0], sum[1], new double[][] {sum[2], sum[3]}, magnitude);
    }

    private static void add(double[][] sum, double[][] magnitude, int which, int index, double term) {
        sum[which][index] += term;
        magnitude[which][index] += Math.abs(term);
    }

    /** Training mode over [n, c] or NCHW; gradients of gamma and beta, in that order; no magnitudes. */
    static Reference batchNormalisation(INDArray input, double[] gamma, double[] beta, INDArray delta, double eps) {
        double[] x = doubles(input);
        double[] d = doubles(delta);
        int n = (int) input.size(0);
        int channels = (int) input.size(1);
        int area = (int) (input.length() / n / channels);
        double[] output = new double[x.length];
        double[] gradient = new double[x.length];
        double[] gammaGradient = new double[channels];
        double[] betaGradient = new double[channels];
        double count = (double) n * area;
        for (int c = 0; c < channels; c++) {
            double mean = 0;
            double variance = 0;
            for (int i = 0; i < n * area; i++) {
                mean += x[at(i, c, channels, area)] / count;
            }
            for (int i = 0; i < n * area; i++) {
                double difference = x[at(i, c, channels, area)] - mean;
                variance += difference * difference / count;
            }
            double deviation = Math.sqrt(variance + eps);
            for (int i = 0; i < n * area; i++) {
                int at = at(i, c, channels, area);
                double xHat = (x[at] - mean) / deviation;
                output[at] = gamma[c] * xHat + beta[c];
                gammaGradient[c] += d[at] * xHat;
                betaGradient[c] += d[at];
            }
            for (int i = 0; i < n * area; i++) {
                int at = at(i, c, channels, area);
                double xHat = (x[at] - mean) / deviation;
                gradient[at] =
                        gamma[c] / deviation * (d[at] - betaGradient[c] / count - xHat * gammaGradient[c] / count);
            }
        }
        return new Reference(output, gradient, new double[][] {gammaGradient, betaGradient}, new double[0][]);
    }

    /** Maxima, or averages over the pixels of a window that are there, or over the whole window. */
    static Reference pooling(
            INDArray input, INDArray delta, int[] kernel, int[] stride, int[] pad, boolean max, boolean wholeWindow) {
        double[] x = doubles(input);
        double[] d = doubles(delta);
        int h = (int) input.size(2);
        int w = (int) input.size(3);
        int oH = (int) delta.size(2);
        int oW = (int) delta.size(3);
        double[][] sum = {new double[d.length], new double[x.length]};
        double[][] magnitude = {new double[d.length], new double[x.length]};
        for (int out = 0; out < d.length; out++) {
            int image = out / (oH * oW) * h * w;
            int y0 = out / oW % oH * stride[0] - pad[0];
            int x0 = out % oW * stride[1] - pad[1];
            int[] pixels = IntStream.range(0, kernel[0] * kernel[1])
                    .filter(k -> Math.floorDiv(y0 + k / kernel[1], h) == 0 && Math.floorDiv(x0 + k % kernel[1], w) == 0)
                    .map(k -> image + (y0 + k / kernel[1]) * w + x0 + k % kernel[1])
                    .toArray();
            if (max) {
                int at = Arrays.stream(pixels)
                        .reduce((a, b) -> x[b] > x[a] ? b : a)
                        .orElseThrow();
                pixels = new int[] {at};
            }
            double divisor = max || !wholeWindow ? pixels.length : (double) kernel[0] * kernel[1];
            for (int in : pixels) {
                add(sum, magnitude, 0, out, x[in] / divisor);
                add(sum, magnitude, 1, in, d[out] / divisor);
            }
        }
        return new Reference(sum[0], sum[1], new double[0][], magnitude);
    }

    /** Of weights [nIn, nOut], x·W + b; gradients of weights and bias, in that order. */
    static Reference dense(INDArray input, INDArray weights, double[] bias, INDArray delta) {
        double[] x = doubles(input);
        double[] w = doubles(weights);
        double[] d = doubles(delta);
        int n = (int) input.size(0);
        int nIn = (int) weights.size(0);
        int nOut = (int) weights.size(1);
        double[][] sum = {new double[d.length], new double[x.length], new double[w.length], new double[nOut]};
        double[][] magnitude = {new double[d.length], new double[x.length], new double[w.length], new double[nOut]};
        for (int b = 0; b < n; b++) {
            for (int o = 0; o < nOut; o++) {
                add(sum, magnitude, 0, b * nOut + o, bias[o]);
                add(sum, magnitude, 3, o, d[b * nOut + o]);
                for (int i = 0; i < nIn; i++) {
                    add(sum, magnitude, 0, b * nOut + o, x[b * nIn + i] * w[i * nOut + o]);
                    add(sum, magnitude, 1, b * nIn + i, d[b * nOut + o] * w[i * nOut + o]);
                    add(sum, magnitude, 2, i * nOut + o, d[b * nOut + o] * x[b * nIn + i]);
                }
            }
        }
        return new Reference(sum[0], sum[1], new double[][] {sum[2], sum[3]}, magnitude);
    }

    /** Inference mode over [n, c] or NCHW. */
    static double[] normalised(
            INDArray input, double[] gamma, double[] beta, double[] mean, double[] variance, double eps) {
        double[] x = doubles(input);
        int channels = (int) input.size(1);
        int area = (int) (input.length() / input.size(0) / channels);
        for (int i = 0; i < x.length; i++) {
            int c = i / area % channels;
            x[i] = gamma[c] * (x[i] - mean[c]) / Math.sqrt(variance[c] + eps) + beta[c];
        }
        return x;
    }

    private static int at(int i, int channel, int channels, int area) {
        return (i / area * channels + channel) * area + i % area;
    }

    static double[] doubles(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    /** The largest error, in units of the float rounding error of one term as large as all terms together. */
    static double ulps(INDArray actual, double[] expected, double[] magnitude) {
        double[] got = doubles(actual);
        double worst = 0;
        for (int i = 0; i < got.length; i++) {
            double error = Math.abs(got[i] - expected[i]);
            double unit = Math.max(magnitude[i], Float.MIN_NORMAL) * 0x1p-24;
            worst = Double.isNaN(error) ? Double.NaN : Math.max(worst, error / unit);
        }
        return worst;
    }

    /** The length of the difference over the length of what is expected. */
    static double relative(INDArray actual, double[] expected) {
        double[] got = doubles(actual);
        double error = 0;
        double length = 0;
        for (int i = 0; i < got.length; i++) {
            error += (got[i] - expected[i]) * (got[i] - expected[i]);
            length += expected[i] * expected[i];
        }
        return length == 0 ? Math.sqrt(error) : Math.sqrt(error / length);
    }

    static double relative(INDArray actual, INDArray expected) {
        return relative(actual, doubles(expected));
    }

    static INDArray random(long... shape) {
        return Nd4j.randn(DataType.FLOAT, shape);
    }
}
