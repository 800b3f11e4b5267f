package io.github.dl4jx.benchmarks.pytorch;

import java.util.List;
import java.util.Map;

/**
 * PyTorch's operators for one of the pack's activations, in TorchScript. Identity, step and abrelu are missing: the
 * first does nothing in PyTorch, and it has no operators for the others.
 *
 * @param function y, from {@code x}; autograd passes through
 * @param forward statements that write y to {@code out}; {@code t} is an array for intermediate results
 * @param backward statements that write the gradient to {@code out}, as autograd computes it from the upstream gradient
 *     {@code g} and from what it keeps: {@code x}, {@code y} or {@code d} = 1 + |x|; {@code t} and {@code s} are arrays
 *     for intermediate results
 */
record Operator(String function, List<String> forward, List<String> backward) {

    /** ELU's three parameters where torch's SELU calls it. */
    private static final String SELU = "1.6732632423543772, 1.0507009873554805, 1.";

    static final Map<String, Operator> ALL = Map.ofEntries(
            Map.entry("celu", elu("torch.celu(x, 1.)", "1., 1., 1.")),
            Map.entry("elu", elu("torch.elu(x)", "1., 1., 1.")),
            Map.entry("selu", elu("torch.selu(x)", SELU)),
            Map.entry("gelu", gelu("none")),
            Map.entry("gelu(form=tanh)", gelu("tanh")),
            Map.entry("hard-sigmoid", of("hardsigmoid", "x", "grad_input")),
            Map.entry("hard-swish", of("hardswish", "x", "out")),
            Map.entry(
                    "leakyrelu",
                    new Operator(
                            "torch.leaky_relu(x, 0.01)",
                            List.of("torch.leaky_relu(x, 0.01, out=out)"),
                            List.of("torch.leaky_relu_backward(g, x, 0.01, False, grad_input=out)"))),
            // torch has no backward of mish that writes into a given array
            Map.entry(
                    "mish",
                    new Operator(
                            "torch.mish(x)", List.of("torch.mish(x, out=out)"), List.of("torch.mish_backward(g, x)"))),
            // torch::relu is this clamp; it has no form of its own that writes into a given array
            Map.entry(
                    "relu",
                    new Operator(
                            "torch.relu(x)",
                            List.of("torch.clamp_min(x, 0, out=out)"),
                            List.of("torch.threshold_backward(g, y, 0, grad_input=out)"))),
            Map.entry(
                    "relu6",
                    new Operator(
                            "torch.hardtanh(x, 0., 6.)",
                            List.of("torch.hardtanh(x, 0., 6., out=out)"),
                            List.of("torch.hardtanh_backward(g, x, 0., 6., grad_input=out)"))),
            Map.entry(
                    "shifted-softplus",
                    new Operator(
                            "torch.sub(torch.softplus(x), 0.6931471805599453)",
                            List.of("torch.softplus(x, out=out)", "torch.sub_(out, 0.6931471805599453)"),
                            List.of("torch.softplus_backward(g, x, 1, 20, grad_input=out)"))),
            Map.entry("sigmoid", of("sigmoid", "y", "grad_input")),
            Map.entry(
                    "softmax",
                    new Operator(
                            "torch.softmax(x, 1)",
                            List.of("torch._softmax(x, 1, False, out=out)"),
                            List.of("torch._softmax_backward_data(g, y, 1, 6, grad_input=out)"))), // 6: float32
            Map.entry(
                    "softplus",
                    new Operator(
                            "torch.softplus(x)",
                            List.of("torch.softplus(x, out=out)"),
                            List.of("torch.softplus_backward(g, x, 1, 20, grad_input=out)"))),
            // torch.nn.functional.softsign is x/d, d = 1 + |x|; backwards the gradients of division and of |x|, added
            // up
            Map.entry(
                    "softsign",
                    new Operator(
                            "torch.div(x, torch.add(torch.abs(x), 1))",
                            List.of("torch.abs(x, out=t)", "torch.add_(t, 1)", "torch.div(x, t, out=out)"),
                            List.of(
                                    "torch.div(g, d, out=t)", // by the numerator
                                    "torch.div(x, d, out=out)",
                                    "torch.div_(out, d)",
                                    "torch.mul_(out, g)",
                                    "torch.neg_(out)", // by the denominator
                                    "torch.sgn(x, out=s)",
                                    "torch.mul_(out, s)",
                                    "torch.add_(out, t)"))),
            Map.entry("swish", of("silu", "x", "grad_input")),
            Map.entry("tanh", of("tanh", "y", "grad_input")));

    /** An operator whose backward takes the upstream gradient and what autograd keeps, and nothing else. */
    private static Operator of(String name, String kept, String result) {
        return new Operator(
                "torch." + name + "(x)",
                List.of("torch." + name + "(x, out=out)"),
                List.of("torch." + name + "_backward(g, " + kept + ", " + result + "=out)"));
    }

    private static Operator elu(String function, String parameters) {
        return new Operator(
                function,
                List.of("torch.elu(x, " + parameters + ", out=out)"),
                List.of("torch.elu_backward(g, " + parameters + ", False, x, grad_input=out)"));
    }

    private static Operator gelu(String form) {
        return new Operator(
                "torch.gelu(x, approximate=\"" + form + "\")",
                List.of("torch.gelu(x, approximate=\"" + form + "\", out=out)"),
                List.of("torch.gelu_backward(g, x, approximate=\"" + form + "\", grad_input=out)"));
    }
}
