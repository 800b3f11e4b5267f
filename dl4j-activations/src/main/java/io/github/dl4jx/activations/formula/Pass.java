package io.github.dl4jx.activations.formula;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One formula, f or f′·g, over arrays in one pass. Arrays that lie dense and alike are one stretch of memory, whatever
 * their shape; others are gone through in the order in which the result lies, by way of small arrays of Java.
 */
final class Pass {
    /** Numbers between two calls of a loop: few enough for HotSpot to have the loop compiled soon. */
    private static final int BLOCK = 1 << 13;

    private final Formula formula;
    private final boolean isGradient;
    private final Loops floats = new Loops(Precision.FLOAT);
    private final Loops doubles = new Loops(Precision.DOUBLE);

    Pass(Formula formula, boolean isGradient) {
        this.formula = formula;
        this.isGradient = isGradient;
    }

    /**
     * y = f(x, g), elementwise.
     *
     * @param g anything of the shape of x for a formula without an upstream gradient
     * @param y may be x; else it lies dense and as the others
     * @return whether it did
     */
    boolean run(INDArray x, INDArray g, INDArray y) {
        KernelChoice.Path path = KernelChoice.path();
        Loops loops = x.dataType() == DataType.DOUBLE ? doubles : floats;
        if (path == KernelChoice.Path.ND4J
                || x.dataType() != loops.precision.type
                || g.dataType() != x.dataType()
                || y.dataType() != x.dataType()) {
            return false;
        }
        Strides strides = Strides.of(x.shape(), y.stride(), g.stride(), x.stride());
        boolean isFlat = strides.areFlat();
        boolean onMemory = isFlat && path == KernelChoice.Path.VECTOR && KernelChoice.reachesMemory();
        ArrayLoop loop = onMemory ? loops.onMemory() : null;
        if (loop == null) {
            onMemory = false;
            loop = loops.onHeap(path);
        }
        if (loop == null || (!onMemory && !canBeWalked(strides, loops.precision))) {
            return false;
        }
        try {
            long to = Memory.address(y);
            long xs = Memory.address(x);
            long gs = Memory.address(g);
            ArrayLoop chosen = loop;
            if (onMemory) {
                Parallel.run(x.length(), (from, end) -> stretches(chosen, loops.precision, xs, gs, to, from, end));
            } else {
                Blocks blocks = new Blocks(loops.precision, strides, xs, gs, to, isGradient);
                Parallel.run(x.length(), (from, end) -> blocks.run(chosen, from, end));
            }
        } finally {
            Reference.reachabilityFence(x); // an address does not keep the memory
            Reference.reachabilityFence(g);
            Reference.reachabilityFence(y);
        }
        return true;
    }

    /** The same into another array; only where all lie dense and alike. */
    boolean into(INDArray x, INDArray g, INDArray y) {
        return Strides.of(x.shape(), x.stride(), y.stride(), g.stride()).areFlat() && run(x, g, y);
    }

    private static boolean canBeWalked(Strides strides, Precision precision) {
        if (!strides.areOrderly()) {
            return false;
        }
        for (int side = 0; side < 3; side++) {
            if (strides.span(strides.side(side)) > Memory.LONGEST / precision.bytes) {
                return false;
            }
        }
        return true;
    }

    private void stretches(ArrayLoop loop, Precision precision, long x, long g, long y, long from, long to)
            throws Throwable {
        long longest = Memory.LONGEST / precision.bytes;
        for (long at = from; at < to; at += longest) {
            long offset = at * precision.bytes;
            int count = (int) Math.min(longest, to - at);
            stretch(loop, precision, x + offset, g + offset, y + offset, count);
        }
    }

    /** Whole vectors from the first place on that is aligned in the result; then the {@link Edges}. */
    private void stretch(ArrayLoop loop, Precision precision, long x, long g, long y, int count) throws Throwable {
        int lanes = Lanes.count(precision);
        int mask = lanes * precision.bytes - 1;
        int head = Math.min(count, (int) (-y & mask) / precision.bytes);
        int tail = head + (count - head) / lanes * lanes;
        long bytes = (long) count * precision.bytes;
        ByteBuffer xb = Memory.bytes(x, bytes); // made once: that costs more than a thousand elements of ReLU
        ByteBuffer gb = g == x ? xb : Memory.bytes(g, bytes);
        ByteBuffer yb = y == x ? xb : Memory.bytes(y, bytes);
        Edges edges = head + count - tail > 0 ? Edges.ofThread() : null;
        int headBytes = head * precision.bytes;
        int tailBytes = tail * precision.bytes;
        if (edges != null) {
            edges.run(loop, precision, xb, isGradient ? gb : null, headBytes, tailBytes);
        }
        Object xs = VectorMemory.wrap(xb);
        Object gs = gb == xb ? xs : VectorMemory.wrap(gb);
        Object ys = yb == xb ? xs : VectorMemory.wrap(yb);
        for (int at = head; at < tail; at += BLOCK) {
            loop.run(xs, gs, ys, at, Math.min(tail, at + BLOCK));
        }
        if (edges != null) {
            edges.put(yb, headBytes, tailBytes);
        }
    }

    /** The compiled loops of one type of numbers, each made when it is first asked for; null where there is none. */
    private final class Loops {
        private final Precision precision;
        private volatile @Nullable CheckedLoop onMemory;
        private volatile @Nullable CheckedLoop onHeap;
        private volatile @Nullable ArrayLoop plain;
        private volatile boolean impossible;
        private volatile boolean withoutVectors;

        Loops(Precision precision) {
            this.precision = precision;
        }

        @Nullable
        ArrayLoop onMemory() {
            CheckedLoop loop = onMemory;
            if (loop == null && canHaveVectors()) {
                loop = vectors(false);
            }
            return useful(loop);
        }

        @Nullable
        ArrayLoop onHeap(KernelChoice.Path path) {
            if (path != KernelChoice.Path.VECTOR) {
                return plain();
            }
            CheckedLoop loop = onHeap;
            if (loop == null && canHaveVectors()) {
                loop = vectors(true);
            }
            ArrayLoop useful = useful(loop);
            return useful == null ? plain() : useful;
        }

        private boolean canHaveVectors() {
            return !impossible && !withoutVectors;
        }

        private @Nullable ArrayLoop useful(@Nullable CheckedLoop loop) {
            if (loop != null && loop.hasFailed()) {
                withoutVectors = true;
            }
            return withoutVectors ? null : loop;
        }

        private synchronized @Nullable CheckedLoop vectors(boolean heap) {
            CheckedLoop known = heap ? onHeap : onMemory;
            if (known != null) {
                return known;
            }
            Step steps = steps(true);
            ArrayLoop loop = steps == null ? null : compiled(steps, heap, VectorCompiler.BUDGET);
            if (steps == null || loop == null) {
                withoutVectors = true;
                return null;
            }
            AtomicBoolean isSplit = new AtomicBoolean();
            CheckedLoop checked = new CheckedLoop(loop, CheckedLoop.PATIENCE, () -> {
                FormulaKernel.log().info("{}: compiled anew, since its vectors reached the heap", formula);
                return isSplit.getAndSet(true) ? null : compiled(steps, heap, VectorCompiler.BUDGET / 3);
            });
            if (heap) {
                onHeap = checked;
            } else {
                onMemory = checked;
            }
            return checked;
        }

        private @Nullable ArrayLoop compiled(Step steps, boolean heap, int budget) {
            try {
                return FormulaKernel.define(VectorCompiler.compile(steps, precision, heap, budget));
            } catch (UnsupportedOperationException e) {
                FormulaKernel.log().info("{} runs in plain loops: {}", formula, e.getMessage());
                return null;
            }
        }

        private synchronized @Nullable ArrayLoop plain() {
            ArrayLoop loop = plain;
            if (loop == null && !impossible) {
                Step steps = steps(false);
                if (steps != null) {
                    loop = FormulaKernel.define(LoopsCompiler.compile(steps, precision));
                    plain = loop;
                }
            }
            return loop;
        }

        private @Nullable Step steps(boolean vectors) {
            try {
                return isGradient
                        ? Lowering.gradient(formula, precision, vectors)
                        : Lowering.value(formula, precision, vectors);
            } catch (UnsupportedOperationException e) {
                impossible = true;
                FormulaKernel.log().info("{} runs on ND4J operations: {}", formula, e.getMessage());
                return null;
            }
        }
    }
}
