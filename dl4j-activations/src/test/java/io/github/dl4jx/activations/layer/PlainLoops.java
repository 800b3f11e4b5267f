package io.github.dl4jx.activations.layer;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** The layers as loops over numbers, from the papers' definitions: no line is shared with what they judge. */
final class PlainLoops {

    /** A function of one number with one or two learned ones. */
    interface Function {
        double value(double x, double[] p);

        double byX(double x, double[] p);

        double byParameter(int i, double x, double[] p);
    }

    private static final Map<String, Function> LEARNED = Map.of(
            "prelu",
            new Function() {
                @Override
                public double value(double x, double[] p) {
                    return x > 0 ? x : p[0] * x;
                }

                @Override
                public double byX(double x, double[] p) {
                    return x > 0 ? 1 : p[0];
                }

                @Override
                public double byParameter(int i, double x, double[] p) {
                    return x < 0 ? x : 0;
                }
            },
            "pswish",
            new Function() {
                @Override
                public double value(double x, double[] p) {
                    return x / (1 + Math.exp(-p[0] * x));
                }

                @Override
                public double byX(double x, double[] p) {
                    double e = Math.exp(-p[0] * x);
                    return 1 / (1 + e) + p[0] * x * e / ((1 + e) * (1 + e));
                }

                @Override
                public double byParameter(int i, double x, double[] p) {
                    double half = 2 * Math.cosh(p[0] * x / 2);
                    return x * x / (half * half);
                }
            },
            "arelu",
            new Function() {
                @Override
                public double value(double x, double[] p) {
                    return x * byX(x, p);
                }

                @Override
                public double byX(double x, double[] p) {
                    if (x >= 0) {
                        return 1 + 1 / (1 + Math.exp(-p[1]));
                    }
                    return p[0] < 0.01 ? 0.01 : p[0] > 0.99 ? 0.99 : p[0];
                }

                @Override
                public double byParameter(int i, double x, double[] p) {
                    double half = 2 * Math.cosh(p[1] / 2);
                    if (i == 1) {
                        return x >= 0 ? x / (half * half) : 0;
                    }
                    return x < 0 && p[0] > 0.01 && p[0] < 0.99 ? x : 0;
                }
            });

    private PlainLoops() {}

    static Function learned(String name) {
        return Objects.requireNonNull(LEARNED.get(name), name);
    }

    /** Which parameter belongs to the element at a flat index in c order. */
    static int parameterOf(int index, Inputs inputs, Sharing sharing) {
        long[] shape = inputs.shape();
        int channel = 0;
        int rest = index;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (axis == inputs.channelAxis) {
                channel = (int) (rest % shape[axis]);
            }
            rest = (int) (rest / shape[axis]);
        }
        return switch (sharing) {
            case SHARED -> 0;
            case CHANNEL -> channel;
            case NEURON -> inputs.recurrent() ? channel : index % (inputs.length() / (int) shape[0]);
        };
    }

    /** The flat index in c order that has another number of channels and another channel. */
    static int moved(int index, long[] shape, int axis, long channels, long channel) {
        int inner = 1;
        for (int i = axis + 1; i < shape.length; i++) {
            inner *= (int) shape[i];
        }
        int outer = index / (inner * (int) shape[axis]);
        return (outer * (int) channels + (int) channel) * inner + index % inner;
    }

    static double[] crelu(double[] x, long[] shape, int axis) {
        double[] y = new double[2 * x.length];
        long channels = shape[axis];
        for (int i = 0; i < x.length; i++) {
            long channel = channelOf(i, shape, axis);
            y[moved(i, shape, axis, 2 * channels, channel)] = x[i] > 0 ? x[i] : 0;
            y[moved(i, shape, axis, 2 * channels, channel + channels)] = x[i] < 0 ? -x[i] : 0;
        }
        return y;
    }

    static double[] creluGradient(double[] x, double[] g, long[] shape, int axis) {
        double[] dx = new double[x.length];
        long channels = shape[axis];
        for (int i = 0; i < x.length; i++) {
            long channel = channelOf(i, shape, axis);
            if (x[i] > 0) {
                dx[i] = g[moved(i, shape, axis, 2 * channels, channel)];
            } else if (x[i] < 0) {
                dx[i] = -g[moved(i, shape, axis, 2 * channels, channel + channels)];
            }
        }
        return dx;
    }

    static double[] maxout(double[] x, long[] shape, int axis, int pieces) {
        double[] y = new double[x.length / pieces];
        Arrays.fill(y, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < x.length; i++) {
            int to = moved(i, shape, axis, shape[axis] / pieces, channelOf(i, shape, axis) / pieces);
            y[to] = x[i] > y[to] ? x[i] : y[to];
        }
        return y;
    }

    static double[] maxoutGradient(double[] x, double[] g, long[] shape, int axis, int pieces) {
        double[] y = maxout(x, shape, axis, pieces);
        boolean[] taken = new boolean[y.length];
        double[] dx = new double[x.length];
        for (int i = 0; i < x.length; i++) { // channels of a group come in ascending order
            int from = moved(i, shape, axis, shape[axis] / pieces, channelOf(i, shape, axis) / pieces);
            if (x[i] == y[from] && !taken[from]) {
                taken[from] = true;
                dx[i] = g[from];
            }
        }
        return dx;
    }

    private static long channelOf(int index, long[] shape, int axis) {
        int inner = 1;
        for (int i = axis + 1; i < shape.length; i++) {
            inner *= (int) shape[i];
        }
        return index / inner % shape[axis];
    }
}
