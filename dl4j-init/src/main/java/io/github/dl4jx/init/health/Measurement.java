package io.github.dl4jx.init.health;

import java.util.List;

/**
 * What {@link SignalMonitor} saw in one iteration.
 *
 * @param network 1 for the first that the monitor saw, 2 for the next: a {@code ParallelWrapper} trains several
 * @param iteration as DL4J counts, from 0
 * @param epoch from 0
 * @param examples in the batch
 * @param score the loss, with regularisation
 * @param layers in order, each after those that feed it; the output layer is not among them, since DL4J hands its values to
 *     nobody
 * @param troubles of those layers, also those that were there before
 */
public record Measurement(
        int network,
        int iteration,
        int epoch,
        long examples,
        double score,
        List<MonitoredLayer> layers,
        List<Trouble> troubles) {
    /** Copies the lists. */
    public Measurement {
        layers = List.copyOf(layers);
        troubles = List.copyOf(troubles);
    }
}
