package io.github.dl4jx.benchmarks.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import io.github.dl4jx.benchmarks.Steps;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A DL4J graph in PyTorch. A whole step is one call of a TorchScript module: DJL's blocks and trainers know no memory
 * format, and their own updater.
 */
final class TorchSteps implements Steps {
    /** PyTorch's number of the memory format. */
    private static final int CHANNELS_LAST = 2;

    private final PtNDManager manager = Operators.manager();
    private final boolean trains;
    private final boolean channelsLast;
    private final PtSymbolBlock step;
    private final PtSymbolBlock toChannelsLast;
    private final NDList state = new NDList();
    private final IdentityHashMap<DataSet, NDList> batches = new IdentityHashMap<>();

    TorchSteps(ComputationGraph graph, boolean trains, boolean channelsLast) {
        this.trains = trains;
        this.channelsLast = channelsLast;
        toChannelsLast = Operators.module(
                TorchScript.forward(
                        List.of("x: Tensor"),
                        List.of("return torch.contiguous(x, memory_format=" + CHANNELS_LAST + ")")),
                manager);
        Translation translation = Translation.of(graph, trains);
        step = Operators.module(trains ? training(translation, channelsLast) : inference(translation), manager);
        for (INDArray parameter : translation.parameters()) {
            NDArray array = array(parameter);
            array.setRequiresGradient(trains);
            add("p", array);
        }
        translation.statistics().forEach(statistic -> add("r", array(statistic)));
        if (trains) {
            for (String name : Updater.of(translation.updater(), channelsLast).states()) {
                translation
                        .parameters()
                        .forEach(parameter ->
                                add(name, name.equals("t") ? manager.zeros(new Shape()) : array(parameter.like())));
            }
        }
    }

    /** DJL makes a list of successive arrays whose name ends so. */
    private void add(String list, NDArray array) {
        array.setName(list + "[]");
        state.add(array);
    }

    private NDArray array(INDArray values) {
        NDArray array = manager.create(values.dup('c').data().asFloat(), new Shape(values.shape()));
        return channelsLast && values.rank() == 4
                ? IValueUtils.forward(toChannelsLast, new NDList(array), true).get(0)
                : array;
    }

    /** Loss, gradients and updater. */
    private static String training(Translation translation, boolean channelsLast) {
        int order = channelsLast ? CHANNELS_LAST : 0;
        Updater updater = Updater.of(translation.updater(), channelsLast);
        List<String> arguments = new ArrayList<>(translation.arguments());
        arguments.add(1, "labels: Tensor");
        updater.states().forEach(state -> arguments.add(state + ": List[Tensor]"));
        List<String> statements = new ArrayList<>(List.of("torch.set_grad_enabled(True)"));
        statements.addAll(translation.statements());
        statements.addAll(List.of(
                "loss = torch.cross_entropy_loss(" + translation.logits() + ", labels)",
                "gradients = torch.grad([loss], p)",
                "torch.set_grad_enabled(False)",
                "g = annotate(List[Tensor], [])",
                "for j in range(torch.len(p)):",
                "  gradient = unchecked_cast(Tensor, gradients[j])",
                // as autograd puts it into the memory order of its parameter, which the fused updaters rely on
                "  if torch.eq(torch.dim(gradient), 4):",
                "    ordered = torch.contiguous(gradient, memory_format=" + order + ")",
                "  else:",
                "    ordered = gradient",
                "  torch.append(g, ordered)"));
        statements.addAll(updater.statements());
        statements.add("return torch.detach(loss)");
        return TorchScript.forward(arguments, statements);
    }

    private static String inference(Translation translation) {
        List<String> statements = new ArrayList<>(translation.statements());
        statements.add("return torch.softmax(" + translation.logits() + ", 1)");
        return TorchScript.forward(translation.arguments(), statements);
    }

    @Override
    public double step(DataSet batch) {
        try (NDArray result = run(batch)) {
            return trains ? result.getFloat() : Double.NaN;
        }
    }

    /** The loss or the output. */
    NDArray run(DataSet batch) {
        NDList arguments = new NDList(batches.computeIfAbsent(batch, this::arrays));
        arguments.addAll(state);
        return IValueUtils.forward(step, arguments, trains).get(0);
    }

    /** Made once for each batch, as DL4J's are. */
    private NDList arrays(DataSet batch) {
        NDArray images = array(batch.getFeatures());
        return trains
                ? new NDList(images, manager.create(batch.getLabels().argMax(1).toLongVector()))
                : new NDList(images);
    }

    @Override
    public void close() {
        manager.close();
    }
}
