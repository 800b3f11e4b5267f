package io.github.dl4jx.activations.formula;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One call of {@link FusedBroadcast}. Elements are gone through row by row, in the order in which the array that is
 * written lies. Sums are taken in float over few terms, and over these in double.
 */
final class BroadcastJob {
    /** The places of the arrays in {@link Strides}. */
    static final int Y = 0;

    static final int X = 1;
    static final int G = 2;
    static final int P = 3;
    static final int ARRAYS = 4;

    /** Shorter rows of p are repeated until they are as long. */
    static final int SHORT = 1 << 10;

    /** Elements between two calls of a loop: they stay in the cache from one loop to the next. */
    private static final int BLOCK = 1 << 12;

    /** Additions in float before one in double. */
    private static final int TERMS = 64;

    private static final int LANES = Lanes.FLOATS.length();
    private static final BinaryCalls CALLS = new BinaryCalls();

    private final List<BinaryKernel> kernels;
    private final boolean hasResult;
    private final boolean hasFactor;
    private final Strides strides;
    private final int period;
    private final long length;
    private final int parameters;
    private final int sums;

    /** Whether p is the same along a row. */
    private final boolean isConstant;

    /** The length of p after its repetition. */
    private final int tile;

    /** How many sums in float a kernel has; 0 where those of a vector will do. */
    private final int width;

    private final Operand[] arrays = new Operand[ARRAYS];
    private final AtomicInteger shares = new AtomicInteger();
    private final ConcurrentSkipListMap<Long, double[][]> results = new ConcurrentSkipListMap<>();

    /**
     * @param hasResult whether the first kernel is not summed but written
     * @param hasFactor whether there is a g
     * @param strides of the arrays; without p where that has a period
     * @param period the length of p if it is a short row that is repeated all along the memory; else 0
     * @param length of x
     * @param parameters the length of p
     */
    BroadcastJob(
            List<BinaryKernel> kernels,
            boolean hasResult,
            boolean hasFactor,
            Strides strides,
            int period,
            long length,
            long parameters) {
        this.kernels = kernels;
        this.hasResult = hasResult;
        this.hasFactor = hasFactor;
        this.strides = strides;
        this.period = period;
        this.length = length;
        this.parameters = (int) parameters;
        sums = kernels.size() - (hasResult ? 1 : 0);
        isConstant = period == 0 && strides.step(strides.side(P)) == 0;
        tile = period == 0 ? 0 : period * LANES * Math.max(1, SHORT / (period * LANES));
        width = isConstant || sums == 0 ? 0 : period == 0 ? roundUp(this.parameters) : tile;
    }

    private static int roundUp(int count) {
        return (count + LANES - 1) / LANES * LANES;
    }

    /** How many floats {@link #run} wants to work with. */
    long scratch() {
        return LANES + tile + (long) Parallel.pieces(length) * share();
    }

    /** A vector of each array and of each sum, then the sums of a row. */
    private int share() {
        return (ARRAYS + sums) * LANES + sums * width;
    }

    /**
     * Does it.
     *
     * @param scratch zeros
     */
    double[][] run(INDArray[] of, INDArray scratch) {
        for (int i = 0; i < ARRAYS; i++) {
            boolean isRepeated = i == P && period > 0;
            arrays[i] = new Operand(Memory.address(of[i]), isRepeated ? period : strides.span(strides.side(i)));
        }
        int skipped = (int) (-Memory.address(scratch) & (LANES * Float.BYTES - 1)) / Float.BYTES;
        Operand memory =
                new Operand(Memory.address(scratch) + (long) skipped * Float.BYTES, scratch.length() - skipped);
        for (int i = 0; i < tile; i += period) {
            memory.floats.put(i, arrays[P].floats, 0, period);
        }
        Parallel.run(length, (from, to) -> {
            Share share = new Share(memory, tile + shares.getAndIncrement() * share());
            share.run(from, to);
            results.put(from, share.totals);
        });
        double[][] totals = new double[sums][parameters];
        for (double[][] result : results.values()) { // in this order always, since each addition rounds
            for (int sum = 0; sum < sums; sum++) {
                for (int i = 0; i < parameters; i++) {
                    totals[sum][i] += result[sum][i];
                }
            }
        }
        return totals;
    }

    /** What one thread does. */
    private final class Share {
        final double[][] totals = new double[sums][parameters];
        private final Operand[] now = new Operand[ARRAYS];
        private final int[] places = new int[ARRAYS];

        /** A vector of each array: what is left of a row, and zeros behind it. */
        private final Operand[] rest = new Operand[ARRAYS];

        /** A vector of each sum: of what is left of a row, or of the whole row where p is the same along it. */
        private final Operand[] vectorSums = new Operand[sums];

        /** Of each sum as many as there are positions in a row, where p is not the same along it. */
        private final Operand[] rowSums = new Operand[sums];

        private final int firstRowSum;
        private final float[] vector = new float[LANES];

        /** Which parameter p's vector is filled with. */
        private int constant = -1;

        private int lastPosition;

        /** How often the same position may have been added to. */
        private int passes;

        Share(Operand memory, int from) {
            int at = from;
            for (int i = 0; i < ARRAYS; i++, at += LANES) {
                now[i] = arrays[i].at(0);
                rest[i] = memory.at(at);
            }
            for (int i = 0; i < sums; i++, at += LANES) {
                vectorSums[i] = memory.at(at);
                vectorSums[i].step = isConstant ? 0 : 1;
                rowSums[i] = memory.at(0);
            }
            firstRowSum = at;
            if (isConstant) {
                now[P] = rest[P];
                now[P].step = 0;
            } else if (period > 0) {
                now[P] = memory.at(0);
            }
        }

        void run(long from, long to) throws Throwable {
            int block = isConstant && sums > 0 ? TERMS * LANES : BLOCK;
            int count;
            for (long at = from; at < to; at += count) {
                strides.places(at, places);
                now[Y].at = places[Y];
                now[X].at = places[X];
                now[G].at = places[G];
                count = (int) Math.min(Math.min(block, to - at), strides.restOfRow(at));
                if (isConstant) {
                    fill(places[P]);
                    row(count, vectorSums);
                    addVectors(places[P]);
                } else {
                    int position = period == 0 ? places[P] : (int) (at % tile);
                    count = period == 0 ? count : Math.min(count, tile - position);
                    now[P].at = position;
                    moveRowSums(position);
                    row(count, rowSums);
                }
            }
            addRows();
        }

        private void fill(int parameter) {
            if (constant != parameter) {
                constant = parameter;
                Arrays.fill(vector, arrays[P].floats.get(parameter));
                rest[P].floats.put(rest[P].at, vector);
            }
        }

        private void moveRowSums(int position) {
            if (position <= lastPosition && ++passes == TERMS) {
                addRows();
            }
            lastPosition = position;
            for (int i = 0; i < sums; i++) {
                rowSums[i].at = firstRowSum + i * width + position;
            }
        }

        private void row(int count, Operand[] into) throws Throwable {
            int whole = count / LANES * LANES;
            int left = count - whole;
            if (whole > 0) {
                loops(now, into, whole);
            }
            if (left > 0) {
                copyRest(X, whole, left);
                if (hasFactor) {
                    copyRest(G, whole, left);
                }
                if (!isConstant) {
                    copyRest(P, whole, left);
                }
                loops(rest, vectorSums, LANES);
                if (hasResult) {
                    now[Y].floats.put(now[Y].at + whole, rest[Y].floats, rest[Y].at, left);
                }
                if (!isConstant) {
                    addRest(whole, left);
                }
            }
        }

        /** The sums first, since y may be x or g. */
        private void loops(Operand[] at, Operand[] into, int count) throws Throwable {
            int results = hasResult ? 1 : 0;
            for (int i = 0; i < sums; i++) {
                int kernel = i + results;
                CALLS.sum(kernels.get(kernel), at[X], at[P], at[G], into[i], count);
            }
            if (hasResult && hasFactor) {
                CALLS.times(kernels.get(0), at[X], at[P], at[G], at[Y], count);
            } else if (hasResult) {
                CALLS.map(kernels.get(0), at[X], at[P], at[Y], count);
            }
        }

        private void copyRest(int array, int offset, int count) {
            Arrays.fill(vector, 0);
            now[array].floats.get(now[array].at + offset, vector, 0, count);
            rest[array].floats.put(rest[array].at, vector);
        }

        /** Moves the sums of what was left of a row to their positions in it. */
        private void addRest(int offset, int count) {
            for (int i = 0; i < sums; i++) {
                takeVector(i);
                Operand row = rowSums[i];
                for (int lane = 0; lane < count; lane++) {
                    int at = row.at + offset + lane;
                    row.floats.put(at, row.floats.get(at) + vector[lane]);
                }
            }
        }

        private void addVectors(int parameter) {
            for (int i = 0; i < sums; i++) {
                takeVector(i);
                for (float term : vector) {
                    totals[i][parameter] += term;
                }
            }
        }

        private void takeVector(int sum) {
            Operand from = vectorSums[sum];
            from.floats.get(from.at, vector);
            for (int lane = 0; lane < LANES; lane++) {
                from.floats.put(from.at + lane, 0);
            }
        }

        private void addRows() {
            int positions = period == 0 ? parameters : tile;
            for (int i = 0; i < sums && width > 0; i++) {
                int first = firstRowSum + i * width;
                for (int at = first; at < first + positions; at += parameters) {
                    addRow(rowSums[i].floats, at, totals[i]);
                }
            }
            passes = 0;
        }

        private void addRow(FloatBuffer from, int at, double[] into) {
            for (int parameter = 0; parameter < parameters; parameter++) {
                into[parameter] += from.get(at + parameter);
                from.put(at + parameter, 0);
            }
        }
    }
}
