package io.github.dl4jx.benchmarks;

import io.github.dl4jx.examples.cifar10.Classifier;
import java.util.List;
import picocli.CommandLine.Command;

/** Training steps. */
@Command(
        name = "training",
        description = "CIFAR-10 networks in training, with each activation: DL4J, the pack and PyTorch.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TrainingSuite extends NetworkSuite {
    @Override
    String name() {
        return "training";
    }

    @Override
    List<Architecture> architectures() {
        return List.of(Architecture.values());
    }

    @Override
    Steps steps(Classifier network) {
        return Dl4jSteps.training(network);
    }

    @Override
    Steps steps(PyTorch pytorch, Classifier network, boolean channelsLast) {
        return pytorch.training(network.graph(), channelsLast);
    }
}
