package io.github.dl4jx.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_set_primitive_cache_capacity;

import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.cpu_isa;
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

    /** Why oneDNN has no fast code for bfloat16 here, or null. */
    static @Nullable String bfloat16Obstacle() {
        int instructions = dnnl_get_effective_cpu_isa();
        if ((instructions & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16) {
            return null;
        }
        String found = Arrays.stream(cpu_isa.values())
                .filter(isa -> isa.value == instructions)
                .map(isa -> isa.name().toUpperCase(Locale.ROOT))
                .findFirst()
                .orElse("neither");
        return "bfloat16 needs a processor with AVX512-BF16 or AMX; oneDNN finds " + found;
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
