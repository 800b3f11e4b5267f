package io.github.dl4jx.benchmarks;

import io.github.dl4jx.examples.cifar10.Classifier;
import java.util.List;
import picocli.CommandLine.Command;

/** The output of a batch. */
@Command(
        name = "inference",
        description = "The output of CIFAR-10 networks, with each activation: DL4J, the pack and PyTorch.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class InferenceSuite extends NetworkSuite {
    @Override
    String name() {
        return "inference";
    }

    @Override
    List<Architecture> architectures() {
        return List.of(Architecture.SMALL, Architecture.RESNET_20);
    }

    @Override
    Steps steps(Classifier network) {
        return Dl4jSteps.inference(network);
    }

    @Override
    Steps steps(PyTorch pytorch, Classifier network, boolean channelsLast) {
        return pytorch.inference(network.graph(), channelsLast);
    }
}
