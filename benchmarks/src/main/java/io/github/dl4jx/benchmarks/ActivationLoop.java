package io.github.dl4jx.benchmarks;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * An activation over an array, timed by JMH in the calling JVM: all cases share it, as all activations of a program do.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ActivationLoop {
    /** JMH makes the state, so that there is no constructor to pass it to. */
    private static @Nullable Library library;

    /** Of the case. */
    @Param("")
    public String subject = "";

    /** Of the case. */
    @Param("")
    public String part = "";

    /** Of the case. */
    @Param("0")
    public int size;

    private @Nullable Operation operation;

    /** Makes the arrays. */
    @Setup(Level.Trial)
    public void open() {
        operation = Objects.requireNonNull(library).open(new Case(subject, part, size), Inputs.of(size));
    }

    /** Gives the input its values back, since the activation overwrites it. */
    @Setup(Level.Invocation)
    public void restore() {
        Objects.requireNonNull(operation).restore();
    }

    /** The activation. */
    @Benchmark
    public void run() {
        Objects.requireNonNull(operation).run();
    }

    /** Frees the arrays. */
    @TearDown(Level.Trial)
    public void close() {
        Objects.requireNonNull(operation).close();
    }

    /**
     * How long to measure.
     *
     * @param warmups iterations to ignore
     * @param warmupMillis their length
     * @param iterations iterations that count
     * @param millis their length
     */
    record Effort(int warmups, int warmupMillis, int iterations, int millis) {}

    /** The nanoseconds of one computation, an iteration each. */
    static List<Double> time(Library library, Case of, int repeats, Effort effort) {
        ActivationLoop.library = library;
        try {
            RunResult result = new Runner(new OptionsBuilder()
                            .include(ActivationLoop.class.getName() + ".run")
                            .param("subject", of.subject())
                            .param("part", of.part())
                            .param("size", String.valueOf(of.size()))
                            .operationsPerInvocation(repeats)
                            .forks(0)
                            .warmupIterations(effort.warmups())
                            .warmupTime(TimeValue.milliseconds(effort.warmupMillis()))
                            .measurementIterations(effort.iterations())
                            .measurementTime(TimeValue.milliseconds(effort.millis()))
                            .shouldFailOnError(true)
                            .verbosity(VerboseMode.SILENT)
                            .build())
                    .runSingle();
            return result.getAggregatedResult().getIterationResults().stream()
                    .map(iteration -> iteration.getPrimaryResult().getScore())
                    .toList();
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH failed at " + of, e);
        }
    }
}
