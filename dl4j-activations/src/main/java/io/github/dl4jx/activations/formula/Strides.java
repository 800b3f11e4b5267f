package io.github.dl4jx.activations.formula;

import java.util.Arrays;

/**
 * How arrays of the same shape lie in memory, brought to as few dimensions as possible: those of length 1 are dropped,
 * the rest is ordered by the first array's strides, and neighbours that continue each other are merged. Arrays that are
 * dense and alike end as one dimension of stride 1.
 */
final class Strides {
    private final long[] sizes;
    private final long[][] sides;
    private int rank;

    private Strides(int rank, int arrays) {
        sizes = new long[rank];
        sides = new long[arrays][rank];
    }

    /** Of the shape that all arrays have, and the strides of each. */
    static Strides of(long[] shape, long[]... arrays) {
        Strides result = new Strides(Math.max(1, shape.length), arrays.length);
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] > 1) {
                result.insert(i, shape[i], arrays);
            }
        }
        if (result.rank == 0) {
            result.single();
        }
        result.merge();
        return result;
    }

    /** Keeps the first array's strides descending. */
    private void insert(int axis, long size, long[]... arrays) {
        int at = rank++;
        for (; at > 0 && first()[at - 1] < arrays[0][axis]; at--) {
            move(at - 1, at);
        }
        sizes[at] = size;
        for (int i = 0; i < sides.length; i++) {
            sides[i][at] = arrays[i][axis];
        }
    }

    /** One element is a row of length 1. */
    private void single() {
        rank = 1;
        sizes[0] = 1;
        for (long[] side : sides) {
            side[0] = 1;
        }
    }

    private void merge() {
        int last = 0;
        for (int i = 1; i < rank; i++) {
            if (continueEachOther(last, i)) {
                long size = sizes[last] * sizes[i];
                move(i, last);
                sizes[last] = size;
            } else {
                move(i, ++last);
            }
        }
        rank = last + 1;
    }

    private boolean continueEachOther(int outer, int inner) {
        for (long[] side : sides) {
            if (side[outer] != side[inner] * sizes[inner]) {
                return false;
            }
        }
        return true;
    }

    private void move(int from, int to) {
        sizes[to] = sizes[from];
        for (long[] side : sides) {
            side[to] = side[from];
        }
    }

    /** Whether the elements of all arrays lie in one stretch, in the same order. */
    boolean areFlat() {
        for (long[] side : sides) {
            if (rank > 1 || side[0] != 1) {
                return false;
            }
        }
        return true;
    }

    /** Whether each element of the first array has a place of its own, and nothing lies before any array's offset. */
    boolean areOrderly() {
        for (int i = 0; i < rank; i++) {
            long inner = i + 1 < rank ? first()[i + 1] * sizes[i + 1] : 1;
            if (first()[i] < inner) {
                return false;
            }
            for (long[] side : sides) {
                if (side[i] < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    long[] first() {
        return sides[0];
    }

    long[] second() {
        return sides[1];
    }

    /** The strides of the index-th array. */
    long[] side(int index) {
        return sides[index];
    }

    /** Places from that of the first element to that of the last, both included; of one {@link #side}. */
    long span(long[] strides) {
        long last = 0;
        for (int i = 0; i < rank; i++) {
            last += (sizes[i] - 1) * strides[i];
        }
        return last + 1;
    }

    /** The place of the index-th element, in the order in which the first array lies. */
    int place(long index, long[] strides) {
        long rest = index;
        long place = 0;
        for (int i = rank - 1; i >= 0; i--) {
            place += rest % sizes[i] * strides[i];
            rest /= sizes[i];
        }
        return (int) place;
    }

    /** The same in all arrays. */
    void places(long index, int[] places) {
        Arrays.fill(places, 0);
        long rest = index;
        for (int i = rank - 1; i >= 0; i--) {
            long coordinate = i == 0 ? rest : rest % sizes[i];
            rest /= sizes[i];
            for (int array = 0; array < sides.length; array++) {
                places[array] += (int) (coordinate * sides[array][i]);
            }
        }
    }

    /** The length of a row, the innermost dimension. */
    long row() {
        return sizes[rank - 1];
    }

    /** Elements from the index-th to the end of its row. */
    long restOfRow(long index) {
        return sizes[rank - 1] - index % sizes[rank - 1];
    }

    /** The distance of neighbours in a row. */
    int step(long[] strides) {
        return (int) strides[rank - 1];
    }
}
