package io.github.dl4jx.benchmarks.pytorch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * An updater of DL4J as PyTorch's in TorchScript: what {@code torch.optim} does, by default, one parameter behind the
 * other, or with {@code fused=True}. Parameters are {@code p}, their gradients {@code g}.
 *
 * @param states names of lists of arrays like the parameters, 0 at first
 * @param statements that change {@code p} and the states
 */
record Updater(List<String> states, List<String> statements) {
    static Updater of(IUpdater updater, boolean fused) {
        if (updater instanceof Adam adam) {
            return new Updater(List.of("m", "v", "t"), fused ? fusedAdam(adam) : adam(adam));
        }
        if (updater instanceof Nesterovs nesterovs) {
            return new Updater(List.of("m"), fused ? fusedNesterovs(nesterovs) : nesterovs(nesterovs));
        }
        throw new IllegalArgumentException("no translation of " + updater);
    }

    private static List<String> adam(Adam adam) {
        return loop(
                "torch.add_(t[i], 1)",
                "n = float(torch.item(t[i]))",
                "torch.lerp_(m[i], g[i], " + (1 - adam.getBeta1()) + ")",
                "torch.addcmul_(torch.mul_(v[i], " + adam.getBeta2() + "), g[i], g[i], value=" + (1 - adam.getBeta2())
                        + ")",
                "a = torch.div(" + adam.getLearningRate() + ", torch.sub(1., torch.pow(" + adam.getBeta1() + ", n)))",
                "b = torch.sqrt(torch.sub(1., torch.pow(" + adam.getBeta2() + ", n)))",
                "d = torch.add_(torch.div(torch.sqrt(v[i]), b), " + adam.getEpsilon() + ")",
                "torch.addcdiv_(p[i], m[i], d, value=torch.neg(a))");
    }

    private static List<String> nesterovs(Nesterovs nesterovs) {
        return loop(
                "torch.add_(torch.mul_(m[i], " + nesterovs.getMomentum() + "), g[i])",
                "torch.add_(p[i], torch.add(g[i], m[i], alpha=" + nesterovs.getMomentum() + "), alpha="
                        + -nesterovs.getLearningRate() + ")");
    }

    private static List<String> loop(String... statements) {
        List<String> loop = new ArrayList<>(List.of("for i in range(torch.len(p)):"));
        for (String statement : statements) {
            loop.add("  " + statement);
        }
        return loop;
    }

    private static List<String> fusedAdam(Adam adam) {
        return List.of(
                "torch._foreach_add_(t, 1)",
                String.format(
                        Locale.ROOT,
                        "torch._fused_adam_(p, g, m, v, annotate(List[Tensor], []), t, lr=%s, beta1=%s, beta2=%s, weight_decay=0.,"
                                + " eps=%s, amsgrad=False, maximize=False)",
                        adam.getLearningRate(),
                        adam.getBeta1(),
                        adam.getBeta2(),
                        adam.getEpsilon()));
    }

    private static List<String> fusedNesterovs(Nesterovs nesterovs) {
        return List.of(String.format(
                Locale.ROOT,
                "torch._fused_sgd_(p, g, m, weight_decay=0., momentum=%s, lr=%s, dampening=0., nesterov=True,"
                        + " maximize=False, is_first_step=False)",
                nesterovs.getMomentum(),
                nesterovs.getLearningRate()));
    }
}
