package io.github.dl4jx.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.dataset.DataSet;

/** A network at work: a step trains it on a batch, or asks for its output. */
public interface Steps extends AutoCloseable {
    /** One step: in training forwards, backwards and of the updater. Returns the loss before it; NaN in inference. */
    double step(DataSet batch);

    @Override
    void close();

    /** The nanoseconds of at least so many steps, and as many more as fit. */
    default List<Double> time(List<DataSet> batches, int atLeast, double seconds) {
        List<Double> nanos = new ArrayList<>();
        long start = System.nanoTime();
        while (nanos.size() < atLeast || System.nanoTime() - start < seconds * 1e9) {
            long before = System.nanoTime();
            step(batches.get(nanos.size() % batches.size()));
            nanos.add((double) (System.nanoTime() - before));
        }
        return nanos;
    }
}
