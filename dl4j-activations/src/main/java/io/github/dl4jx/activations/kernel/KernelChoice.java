package io.github.dl4jx.activations.kernel;

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
    /** {@value}: {@code vector} or {@code nd4j}; unset, the machine decides. */
    static final String PROPERTY = "io.github.dl4jx.kernels";

    static final String FLAG = "--add-modules jdk.incubator.vector";

    private static final Logger LOG = LoggerFactory.getLogger("io.github.dl4jx.kernels");

    private static volatile @Nullable Boolean vector;

    private KernelChoice() {}

    /**
     * Whether the fused kernels run.
     *
     * @throws IllegalArgumentException if the property has another value
     * @throws IllegalStateException if it asks for kernels that cannot run here
     */
    static boolean isVector() {
        Boolean chosen = vector;
        return chosen != null ? chosen : choose();
    }

    private static synchronized boolean choose() {
        if (vector == null) {
            vector = decide(System.getProperty(PROPERTY, "").toLowerCase(Locale.ROOT), obstacle());
        }
        return vector;
    }

    private static boolean decide(String wish, @Nullable String obstacle) {
        switch (wish) {
            case "nd4j" -> {
                LOG.info("activations run on ND4J operations, as {} says", PROPERTY);
                return false;
            }
            case "vector" -> {
                if (obstacle != null) {
                    throw new IllegalStateException(PROPERTY + " is 'vector', but " + obstacle);
                }
            }
            case "" -> {
                if (obstacle != null) {
                    LOG.warn("activations run on ND4J operations, several times slower than they could: {}", obstacle);
                    return false;
                }
            }
            default ->
                throw new IllegalArgumentException(PROPERTY + " is '" + wish + "'; valid: vector, nd4j, or not set");
        }
        LOG.info("activations run on fused kernels of {} floats", VectorMath.SPECIES.length());
        return true;
    }

    /** Why the kernels cannot run, or would run slowly; null if nothing is in the way. */
    private static @Nullable String obstacle() {
        if (Nd4j.getExecutioner().type() != ExecutionerType.NATIVE_CPU) {
            return "the ND4J backend is not the CPU's";
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return "start Java with " + FLAG;
        }
        if (!compilesWithC2()) {
            return "this virtual machine does not compile with HotSpot's C2";
        }
        try {
            Class.forName(VectorMemory.class.getName());
            return null;
        } catch (ClassNotFoundException | LinkageError e) {
            return "the Vector API of Java " + Runtime.version() + " is another one";
        }
    }

    /** Without C2 a vector is an object on the heap. */
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
