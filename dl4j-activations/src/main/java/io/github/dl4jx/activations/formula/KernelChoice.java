package io.github.dl4jx.activations.formula;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which path this virtual machine takes: chosen at the first array, logged once, the same ever after. */
final class KernelChoice {
    /** {@value}: the name of a {@link Path}; unset, the machine decides. */
    static final String PROPERTY = "io.github.dl4jx.kernels";

    /** {@value}: "heap" forces the way that JDK 18 to 21 have. */
    static final String MEMORY_PROPERTY = "io.github.dl4jx.memory";

    static final String FLAG = "--add-modules jdk.incubator.vector";

    private static final Logger LOG = LoggerFactory.getLogger("io.github.dl4jx.kernels");

    private static volatile @Nullable Path path;

    /** How activations run over float arrays, the fastest first. */
    enum Path {
        /** One pass over the memory, on the Vector API. */
        VECTOR,
        /** One pass over the memory, in plain loops over blocks. */
        LOOPS,
        /** ND4J operations, each over the whole array. */
        ND4J
    }

    private KernelChoice() {}

    /** Whether vectors come from memory outside the heap, and not by way of arrays of Java, as the property may ask. */
    static boolean reachesMemory() {
        return !System.getProperty(MEMORY_PROPERTY, "").equals("heap");
    }

    /** Whether {@link Path#VECTOR} is the path; otherwise as it. */
    static boolean isVector() {
        return path() == Path.VECTOR;
    }

    /**
     * The path.
     *
     * @throws IllegalArgumentException if the property has another value
     * @throws IllegalStateException if it asks for what cannot run here
     */
    static Path path() {
        Path chosen = path;
        return chosen != null ? chosen : choose();
    }

    private static synchronized Path choose() {
        Path chosen = path;
        if (chosen == null) {
            String wish = System.getProperty(PROPERTY, "").toLowerCase(Locale.ROOT);
            chosen = wish.isEmpty() ? best() : wished(wish);
            path = chosen;
        }
        return chosen;
    }

    private static Path best() {
        String noVectors = obstacle(Path.VECTOR);
        String noLoops = obstacle(Path.LOOPS);
        if (noVectors == null) {
            LOG.info("activations run on fused kernels of {} floats", Lanes.FLOATS.length());
            return Path.VECTOR;
        }
        if (noLoops == null) {
            LOG.warn("activations run in plain loops, which is fast, but not the fastest: {}", noVectors);
            return Path.LOOPS;
        }
        LOG.warn("activations run on ND4J operations, several times slower than they could: {}", noLoops);
        return Path.ND4J;
    }

    private static Path wished(String wish) {
        for (Path candidate : Path.values()) {
            if (candidate.name().toLowerCase(Locale.ROOT).equals(wish)) {
                String obstacle = obstacle(candidate);
                if (obstacle != null) {
                    throw new IllegalStateException(PROPERTY + " is '" + wish + "', but " + obstacle);
                }
                LOG.info("activations run on path '{}', as {} says", wish, PROPERTY);
                return candidate;
            }
        }
        throw new IllegalArgumentException(PROPERTY + " is '" + wish + "'; valid: vector, loops, nd4j, or not set");
    }

    /** Why this path cannot be taken, or would be slow; null if nothing is in the way. */
    private static @Nullable String obstacle(Path candidate) {
        if (candidate == Path.ND4J) {
            return null;
        }
        if (Nd4j.getExecutioner().type() != ExecutionerType.NATIVE_CPU) {
            return "the ND4J backend is not the CPU's";
        }
        if (!compilesWithC2()) {
            return "this virtual machine does not compile with HotSpot's C2";
        }
        if (candidate == Path.LOOPS) {
            // without it Math.fma is a matter of microseconds
            return isFlag("UseFMA", "true") ? null : "this processor does not multiply and add in one";
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return "start Java with " + FLAG;
        }
        try {
            Class.forName(VectorMemory.class.getName());
            return null;
        } catch (ClassNotFoundException | LinkageError e) {
            return "the Vector API of Java " + Runtime.version() + " is another one";
        }
    }

    /** Without C2 a vector is an object on the heap, and a loop has none. */
    private static boolean compilesWithC2() {
        String name = System.getProperty("java.vm.name", "");
        String mode = System.getProperty("java.vm.info", "");
        return name.contains("Server VM")
                && mode.startsWith("mixed mode")
                && !mode.contains("emulated-client") // -XX:TieredStopAtLevel=1
                && isFlag("UseJVMCICompiler", "false")
                && isFlag("TieredStopAtLevel", "4");
    }

    /** Whether a flag has this value; one that is not there is taken as harmless. */
    private static boolean isFlag(String flag, String value) {
        try {
            HotSpotDiagnosticMXBean flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return flags == null || flags.getVMOption(flag).getValue().equals(value);
        } catch (IllegalArgumentException | NoClassDefFoundError e) {
            return true;
        }
    }
}
