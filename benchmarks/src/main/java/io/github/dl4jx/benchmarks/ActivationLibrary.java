package io.github.dl4jx.benchmarks;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J's activations and the pack's. They run in a workspace, as in training, so that no allocations are charged to
 * those that need temporaries.
 */
final class ActivationLibrary implements Library {
    private static final int FEATURES = 256;

    /** Distinct arrays a run, where one takes about a microsecond and reading the clock a twentieth of that. */
    private static final int SMALL_ARRAYS = 16;

    private static final int SMALL = 65_536;

    private static final WorkspaceConfiguration WORKSPACE = WorkspaceConfiguration.builder()
            .policyLearning(LearningPolicy.FIRST_LOOP)
            .build();

    private final Function<String, Optional<IActivation>> lookup;
    private final ToDoubleFunction<String> tolerance;

    ActivationLibrary(Function<String, Optional<IActivation>> lookup, ToDoubleFunction<String> tolerance) {
        this.lookup = lookup;
        this.tolerance = tolerance;
    }

    @Override
    public boolean has(String function, String part) {
        return lookup.apply(function).isPresent();
    }

    @Override
    public double tolerance(String function) {
        return tolerance.applyAsDouble(function);
    }

    @Override
    public Operation open(Case of, Inputs inputs) {
        return new OnArrays(lookup.apply(of.subject()).orElseThrow(), of.part().equals(Case.FORWARD), inputs);
    }

    /**
     * Restores without ND4J: its threads stay awake for milliseconds after an operation, and would take a core from
     * what is timed next.
     */
    static void copy(INDArray from, INDArray to) {
        Pointer.memcpy(to.data().addressPointer(), from.data().addressPointer(), Float.BYTES * from.length());
    }

    private static final class OnArrays implements Operation {
        private final IActivation activation;
        private final boolean forward;
        private final INDArray x;
        private final INDArray upstream;
        private final INDArray[] in;

        OnArrays(IActivation activation, boolean forward, Inputs inputs) {
            this.activation = activation;
            this.forward = forward;
            x = array(inputs.x());
            upstream = array(inputs.upstream());
            in = IntStream.range(0, inputs.x().length < SMALL ? SMALL_ARRAYS : 1)
                    .mapToObj(i -> x.dup())
                    .toArray(INDArray[]::new);
        }

        private static INDArray array(float[] values) {
            return Nd4j.createFromArray(values).reshape(-1, FEATURES);
        }

        @Override
        public int repeats() {
            return in.length;
        }

        @Override
        public void restore() {
            for (INDArray array : in) {
                copy(x, array);
            }
        }

        @Override
        @SuppressWarnings("try") // the workspace is used by being there
        public void run() {
            try (MemoryWorkspace workspace =
                    Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "benchmark")) {
                for (INDArray array : in) {
                    compute(array);
                }
            }
        }

        private INDArray compute(INDArray array) {
            return forward
                    ? activation.getActivation(array, true)
                    : activation.backprop(array, upstream).getFirst();
        }

        @Override
        public float[] result() {
            return compute(in[0]).dup().data().asFloat();
        }

        @Override
        public void close() {
            for (INDArray array : in) {
                array.close();
            }
            x.close();
            upstream.close();
            Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        }
    }
}
