package io.github.dl4jx.activations.formula;

import static io.github.dl4jx.activations.formula.Formula.X;
import static io.github.dl4jx.activations.formula.Formula.sigmoid;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class FormulaKernelTest {
    private static final int FORMULAS = 200;

    private static FormulaKernel kernel(double factor) {
        Formula f = X.times(sigmoid(X.times(factor)));
        return FormulaKernel.of(f, f.derivative());
    }

    @Test
    void equalFormulasShareOneKernel() {
        assertThat(kernel(1.25)).isSameAs(kernel(1.25)).isNotSameAs(kernel(1.5));
    }

    /** In a virtual machine that keeps nothing for later. */
    @Test
    void classesThatNothingUsesAreUnloaded() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-XX:SoftRefLRUPolicyMSPerMB=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        String unloaded = output.lines()
                .filter(line -> line.startsWith("unloaded "))
                .findAny()
                .orElseThrow();
        assertThat(Integer.parseInt(unloaded.split(" ", -1)[1])).as(output).isGreaterThan(FORMULAS / 2);
    }

    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            for (int i = 0; i < FORMULAS; i++) {
                kernel(1 + i / 100.0).forward(Nd4j.createFromArray(new float[64]));
            }
            long before = ManagementFactory.getClassLoadingMXBean().getUnloadedClassCount();
            for (int i = 0; i < 5; i++) {
                System.gc();
            }
            long after = ManagementFactory.getClassLoadingMXBean().getUnloadedClassCount();
            System.out.println("unloaded " + (after - before));
        }
    }
}
