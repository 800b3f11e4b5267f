package io.github.dl4jx.activations.formula;

import java.lang.ref.Reference;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs kernels k(x, p) over float arrays in one pass, where p has the rank of x and is broadcast to it: a parameter of
 * each channel, a number of each example, a mask. It runs where the rows of x, the runs in which its elements lie side
 * by side, are such in the other arrays too, and p is so or the same along them. Elsewhere it says so and does nothing.
 */
public final class FusedBroadcast {
    private FusedBroadcast() {}

    /** Whether it may run over this array: it is float, and kernels run here. */
    public static boolean isFor(INDArray x) {
        return x.dataType() == DataType.FLOAT && !x.isEmpty() && KernelChoice.isVector();
    }

    /**
     * y = k(x, p).
     *
     * @param kernel asked only if kernels run here
     * @param x only read
     * @param y of the shape of x; takes the result, and may be x
     * @return whether it ran
     */
    public static boolean map(Supplier<BinaryKernel> kernel, INDArray x, INDArray p, INDArray y) {
        return run(() -> List.of(kernel.get()), x, p, null, y) != null;
    }

    /**
     * y = k₀(x, p)·g, and for each further kernel Σ k(x, p)·g over the elements that share an element of p.
     *
     * @param kernels asked only if kernels run here
     * @param p dense if there are sums
     * @param g of the shape of x; only read, unless it is y
     * @param y as in {@link #map}
     * @return the sums of each kernel, in the order in which p lies in memory, or null if it did not run
     */
    public static double @Nullable [][] backward(
            Supplier<List<BinaryKernel>> kernels, INDArray x, INDArray p, INDArray g, INDArray y) {
        return run(kernels, x, p, g, y);
    }

    /** Σ k(x, p)·g over the elements that share an element of p, as {@link #backward} has it. */
    public static double @Nullable [] sum(Supplier<BinaryKernel> kernel, INDArray x, INDArray p, INDArray g) {
        double[][] sums = run(() -> List.of(kernel.get()), x, p, g, null);
        return sums == null ? null : sums[0];
    }

    private static double @Nullable [][] run(
            Supplier<List<BinaryKernel>> supplier, INDArray x, INDArray p, @Nullable INDArray g, @Nullable INDArray y) {
        INDArray factor = g == null ? x : g;
        INDArray written = y == null ? x : y;
        if (!isFor(x) || !areFloat(p, factor, written)) {
            return null;
        }
        Strides strides = Strides.of(x.shape(), written.stride(), x.stride(), factor.stride(), broadcast(p));
        if (!canRun(strides)) {
            return null;
        }
        List<BinaryKernel> kernels = supplier.get();
        boolean hasSums = kernels.size() > (y == null ? 0 : 1);
        if (hasSums && strides.span(strides.side(BroadcastJob.P)) != p.length()) {
            return null;
        }
        int period = period(strides, p.length(), x.length());
        if (period > 0) {
            strides = Strides.of(x.shape(), written.stride(), x.stride(), factor.stride());
        }
        BroadcastJob job = new BroadcastJob(kernels, y != null, g != null, strides, period, x.length(), p.length());
        INDArray scratch = Nd4j.create(DataType.FLOAT, job.scratch());
        try {
            return job.run(new INDArray[] {written, x, factor, p}, scratch);
        } finally {
            Reference.reachabilityFence(written); // an address does not keep the memory
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(factor);
            Reference.reachabilityFence(p);
            Reference.reachabilityFence(scratch);
        }
    }

    private static boolean areFloat(INDArray... arrays) {
        for (INDArray array : arrays) {
            if (array.dataType() != DataType.FLOAT) {
                return false;
            }
        }
        return true;
    }

    private static long[] broadcast(INDArray p) {
        long[] strides = p.stride().clone();
        for (int i = 0; i < strides.length; i++) {
            strides[i] = p.size(i) == 1 ? 0 : strides[i];
        }
        return strides;
    }

    private static boolean canRun(Strides strides) {
        for (int array = 0; array < BroadcastJob.ARRAYS; array++) {
            long[] side = strides.side(array);
            int step = strides.step(side);
            boolean isDense = step == 1 || (step == 0 && array == BroadcastJob.P);
            if (!isDense || strides.span(side) > Memory.LONGEST / Float.BYTES) {
                return false;
            }
        }
        return strides.areOrderly();
    }

    /** The length of p, if that is a short row, which is repeated all along the memory; else 0. */
    private static int period(Strides strides, long parameters, long length) {
        long row = strides.row();
        boolean isRepeated = strides.step(strides.side(BroadcastJob.P)) == 1 && row == parameters && row < length;
        return isRepeated && row < BroadcastJob.SHORT ? (int) row : 0;
    }
}
