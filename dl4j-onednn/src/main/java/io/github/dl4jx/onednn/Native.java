package io.github.dl4jx.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_set_primitive_cache_capacity;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/** oneDNN's native library; loaded once, at the first use. */
final class Native {
    /** Compiled primitives that oneDNN keeps for whoever asks again, the least recently used going first. */
    private static final int KEPT_PRIMITIVES = 512;

    private Native() {}

    /** Why the library cannot be loaded, or null. */
    static @Nullable String obstacle() {
        return Holder.OBSTACLE;
    }

    static engine engine() {
        return Holder.cpu;
    }

    /** The calling thread's. Its calls return when all is computed. */
    static stream stream() {
        return Holder.STREAMS.get();
    }

    private static final class Holder {
        @SuppressWarnings("NullAway.Init") // null only with an obstacle
        private static engine cpu;

        private static final ThreadLocal<stream> STREAMS = ThreadLocal.withInitial(() -> new stream(cpu));

        private static final @Nullable String OBSTACLE = load();

        private static @Nullable String load() {
            try {
                Loader.load(org.bytedeco.dnnl.global.dnnl.class);
                cpu = new engine(engine.kind.cpu, 0);
                dnnl_set_primitive_cache_capacity(KEPT_PRIMITIVES);
                return null;
            } catch (LinkageError | RuntimeException e) {
                return "oneDNN's library org.bytedeco:dnnl:2.5.2-1.5.7 cannot be loaded on " + Loader.getPlatform()
                        + " (" + e + ")";
            }
        }
    }
}
