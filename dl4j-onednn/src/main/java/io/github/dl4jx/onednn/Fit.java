package io.github.dl4jx.onednn;

import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Who asks for a pass. Both kinds of network throw activations and the first layer's gradient away in {@code fit}, and
 * return them from {@code calculateGradients} and others; a layer is not told which it is, but the stack knows.
 */
final class Fit {
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final Set<Class<?>> NETWORKS = Set.of(MultiLayerNetwork.class, ComputationGraph.class);

    private Fit() {}

    static boolean isRunning() {
        return STACK.walk(frames -> frames.filter(frame -> NETWORKS.contains(frame.getDeclaringClass()))
                .map(StackWalker.StackFrame::getMethodName)
                .filter(name -> !name.startsWith("ffToLayerActivationsIn") // either kind of network in its own spelling
                        && !name.equals("calcBackpropGradients")
                        && !name.equals("computeGradientAndScore"))
                .findFirst()
                .filter(name -> name.startsWith("fit"))
                .isPresent());
    }
}
