package io.github.dl4jx.benchmarks.pytorch;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Platform;
import io.github.dl4jx.benchmarks.Library;
import io.github.dl4jx.benchmarks.PyTorch;
import io.github.dl4jx.benchmarks.Steps;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** PyTorch's CPU build, through DJL. */
public final class DjlPyTorch implements PyTorch {

    /** For the service loader. */
    public DjlPyTorch() {}

    /** The operators run as they are called: no fusing, and no leaving out of repetitions. Holds for the thread. */
    static void prepareThread() {
        Engine.getEngine("PyTorch"); // loads the library
        JniUtils.setGraphExecutorOptimize(false);
    }

    @Override
    public String version() {
        return "PyTorch " + platform().getVersion() + " through DJL " + Engine.getDjlVersion();
    }

    @Override
    public Optional<String> missing() {
        Platform platform = platform();
        return platform.isPlaceholder()
                ? Optional.of("no native library for " + platform.getOsPrefix() + "-" + platform.getOsArch()
                        + " on the class path; see pytorch.platform in benchmarks/pytorch/pom.xml")
                : Optional.empty();
    }

    private static Platform platform() {
        return Platform.detectPlatform("pytorch");
    }

    @Override
    public Library activations() {
        return new Operators();
    }

    @Override
    public boolean has(String activation) {
        return Operator.ALL.containsKey(activation);
    }

    @Override
    public Steps training(ComputationGraph network, boolean channelsLast) {
        return new TorchSteps(network, true, channelsLast);
    }

    @Override
    public Steps inference(ComputationGraph network, boolean channelsLast) {
        return new TorchSteps(network, false, channelsLast);
    }
}
