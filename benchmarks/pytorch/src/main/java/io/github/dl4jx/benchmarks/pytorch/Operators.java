package io.github.dl4jx.benchmarks.pytorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.github.dl4jx.benchmarks.Case;
import io.github.dl4jx.benchmarks.Inputs;
import io.github.dl4jx.benchmarks.Library;
import io.github.dl4jx.benchmarks.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * {@link Operator}s on preallocated arrays. A large one overwrites its input, as the pack does: a result elsewhere would
 * double the memory that has to stay in the caches. Small ones are repeated, and need their input again.
 */
final class Operators implements Library {
    private static final long FEATURES = 256;

    /** So many elements a call at least: the way through JNI and TorchScript takes as long as some ten thousand. */
    private static final int ELEMENTS = 1 << 20;

    private static final int MAX_REPEATS = 64;

    @Override
    public boolean has(String function, String part) {
        return Operator.ALL.containsKey(function);
    }

    /** Its tanh was 3.5e-5 off in one JVM of many, and so was the gradient; the two forms of GELU differ by 5e-4. */
    @Override
    public double tolerance(String function) {
        return 3e-4;
    }

    @Override
    public Operation open(Case of, Inputs inputs) {
        return new OnArrays(of, inputs);
    }

    static Operator operator(String activation) {
        return Objects.requireNonNull(Operator.ALL.get(activation));
    }

    /**
     * A module with the methods that the text defines.
     *
     * @param manager frees the module when it is closed
     */
    static PtSymbolBlock module(String methods, PtNDManager manager) {
        byte[] archive = TorchScript.archive(methods);
        try {
            return JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
        } catch (IOException e) { // from memory
            throw new UncheckedIOException(e);
        }
    }

    static PtNDManager manager() {
        DjlPyTorch.prepareThread();
        return (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");
    }

    private static final class OnArrays implements Operation {
        private final PtNDManager manager = manager();
        private final PtSymbolBlock module;
        private final int repeats;
        private final Pointer restored;
        private final Pointer original;
        private final String method;
        private final IValue[] arguments;

        OnArrays(Case of, Inputs inputs) {
            Operator operator = operator(of.subject());
            module = module(TorchScript.source(operator), manager);
            repeats = Math.max(1, Math.min(MAX_REPEATS, ELEMENTS / of.size()));
            Shape shape = new Shape(of.size() / FEATURES, FEATURES);
            NDArray x = manager.create(inputs.x(), shape);
            NDArray t = x.zerosLike();
            if (of.part().equals(Case.FORWARD)) {
                method = "value";
                restored = memory(x);
                original = memory(x.duplicate());
                arguments = arguments(repeats, x, repeats == 1 ? x : x.zerosLike(), t);
            } else {
                method = "gradient";
                NDArray y = function(module, x);
                String first = operator.backward().get(0);
                NDArray input = first.contains("(g, y") ? y : x; // what autograd has kept
                // softsign's has to read its input again after having written a part of the result
                boolean inPlace = repeats == 1 && operator.backward().size() == 1;
                NDArray out = inPlace ? input : x.zerosLike();
                NDArray g = manager.create(inputs.upstream(), shape);
                restored = memory(input);
                original = memory(input.duplicate());
                arguments = arguments(repeats, g, x, y, x.abs().add(1), out, t, x.zerosLike());
            }
        }

        /** An array that may be overwritten, which PyTorch forbids for what a method returns. */
        private NDArray function(PtSymbolBlock module, NDArray x) {
            try (IValue argument = IValue.from((PtNDArray) x);
                    IValue y = IValueUtils.runMethod(module, "forward", argument);
                    NDArray tensor = y.toTensor(manager)) {
                return manager.create(tensor.toFloatArray(), x.getShape());
            }
        }

        private static IValue[] arguments(long times, NDArray... arrays) {
            return Stream.concat(
                            Stream.of(arrays).map(array -> IValue.from((PtNDArray) array)),
                            Stream.of(IValue.from(times)))
                    .toArray(IValue[]::new);
        }

        private static Pointer memory(NDArray array) {
            return new BytePointer(((PtNDArray) array).toByteBuffer(true));
        }

        @Override
        public int repeats() {
            return repeats;
        }

        /** As {@code ActivationLibrary} does it: the input lies in the caches, or not, alike, and all threads sleep. */
        @Override
        public void restore() {
            Pointer.memcpy(restored, original, original.limit());
        }

        @Override
        public void run() {
            IValueUtils.runMethod(module, method, arguments).close();
        }

        @Override
        public float[] result() {
            try (IValue result = IValueUtils.runMethod(module, method, arguments);
                    NDArray tensor = result.toTensor(manager)) {
                return tensor.toFloatArray();
            }
        }

        @Override
        public void close() {
            Stream.of(arguments).forEach(IValue::close);
            manager.close();
        }
    }
}
