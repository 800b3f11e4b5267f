package io.github.dl4jx.activations.kernel;

/**
 * How one or two arrays of the same shape lie in memory, brought to as few dimensions as possible: those of length 1 are
 * dropped, the rest is ordered by the first array's strides, and neighbours that continue each other are merged. Arrays
 * that are dense and alike end as one dimension of stride 1.
 */
final class Strides {
    private final long[] sizes;
    private final long[] first;
    private final long[] second;
    private int rank;

    private Strides(int rank) {
        sizes = new long[rank];
        first = new long[rank];
        second = new long[rank];
    }

    static Strides of(long[] shape, long[] first, long[] second) {
        Strides result = new Strides(shape.length);
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] > 1) {
                result.insert(shape[i], first[i], second[i]);
            }
        }
        result.merge();
        return result;
    }

    /** Keeps the first array's strides descending. */
    private void insert(long size, long stride, long other) {
        int at = rank++;
        for (; at > 0 && first[at - 1] < stride; at--) {
            move(at - 1, at);
        }
        sizes[at] = size;
        first[at] = stride;
        second[at] = other;
    }

    private void merge() {
        int last = 0;
        for (int i = 1; i < rank; i++) {
            if (first[last] == first[i] * sizes[i] && second[last] == second[i] * sizes[i]) {
                long size = sizes[last] * sizes[i];
                move(i, last);
                sizes[last] = size;
            } else {
                move(i, ++last);
            }
        }
        rank = Math.min(rank, last + 1);
    }

    private void move(int from, int to) {
        sizes[to] = sizes[from];
        first[to] = first[from];
        second[to] = second[from];
    }

    /** Whether the elements of both arrays lie in one stretch, in the same order. */
    boolean areFlat() {
        return rank == 0 || (rank == 1 && first[0] == 1 && second[0] == 1);
    }

    /** Whether each element of the first array has a place of its own, and nothing lies before either array's offset. */
    boolean areOrderly() {
        for (int i = 0; i < rank; i++) {
            long inner = i + 1 < rank ? first[i + 1] * sizes[i + 1] : 1;
            if (first[i] < inner || second[i] < 0) {
                return false;
            }
        }
        return true;
    }

    long[] first() {
        return first;
    }

    long[] second() {
        return second;
    }

    /** Places from that of the first element to that of the last, both included; of {@link #first} or {@link #second}. */
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

    /** Elements from the index-th to the end of its row, the innermost dimension. */
    long restOfRow(long index) {
        return sizes[rank - 1] - index % sizes[rank - 1];
    }

    /** The distance of neighbours in a row. */
    int step(long[] strides) {
        return (int) strides[rank - 1];
    }
}
