package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.dl4jx.activations.Mish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A smooth residual network with one layer of each kind: many steps, and its gradient by finite differences. */
@Tag("thorough")
@NeedsOneDnn
class LongRunTest {
    private static final int CLASSES = 3;

    private static ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.FLOAT)
                .updater(new Sgd(1e-3))
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", new ConvolutionLayer.Builder(3, 3).nOut(5).build(), "in")
                .addLayer("b", new ConvolutionLayer.Builder(3, 3).nOut(5).build(), "a")
                .addLayer("bn", new BatchNormalization.Builder().eps(1e-2).build(), "b")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "bn", "a")
                .addLayer("mish", new ActivationLayer(new Mish()), "sum")
                .addLayer(
                        "average",
                        new SubsamplingLayer.Builder(PoolingType.AVG)
                                .kernelSize(2, 2)
                                .stride(2, 2)
                                .build(),
                        "mish")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "average")
                .addLayer("dense", new DenseLayer.Builder().nOut(6).build(), "pool")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(CLASSES)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "dense")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(9, 8, 3))
                .build());
        graph.init();
        OneDnn.require(graph);
        return graph;
    }

    private static DataSet batch(int n) {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, n, CLASSES);
        for (int i = 0; i < n; i++) {
            labels.putScalar(i, i % CLASSES, 1);
        }
        return new DataSet(Nd4j.randn(DataType.FLOAT, n, 3, 9, 8), labels);
    }

    /** The plain network's grows too, by some hundred megabytes: it is what ours is held against. */
    @Test
    void memoryStaysBounded() throws IOException {
        assumeThat(Path.of("/proc/self/status")).exists();
        ComputationGraph on = graph();
        ComputationGraph off = on.clone();
        long plain = growth(off);
        assertThat(growth(on)).isLessThan(plain + 64);
        for (Layer layer : on.getLayers()) {
            if (layer instanceof DnnDense) {
                assertThat(((Plans<?, ?>) Twin.get(layer, "plans")).size()).isEqualTo(8);
            }
        }
    }

    /** In megabytes, from step 300 on. */
    private static long growth(ComputationGraph graph) throws IOException {
        Random random = new Random(1);
        long before = 0;
        for (int step = 0; step < 800; step++) {
            DataSet batch = batch(1 + random.nextInt(64));
            graph.fit(batch);
            if (step % 10 == 0) {
                graph.outputSingle(batch.getFeatures());
            }
            if (step == 300) {
                before = nativeMegabytes();
            }
        }
        return nativeMegabytes() - before;
    }

    /** Resident, without Java's heap. */
    private static long nativeMegabytes() throws IOException {
        System.gc();
        long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .sum();
        return resident - (Runtime.getRuntime().totalMemory() >> 20);
    }

    /** Central differences along random directions; DL4J's own check is for double precision alone. */
    @Test
    void gradientIsTheSlopeOfTheScore() {
        ComputationGraph graph = graph();
        Nd4j.getRandom().setSeed(5);
        DataSet batch = batch(4);
        graph.fit(batch);
        INDArray start = graph.params().dup();
        graph.setInputs(batch.getFeatures());
        graph.setLabels(batch.getLabels());
        graph.computeGradientAndScore();
        INDArray gradient = graph.gradient().gradient().div(4); // the updater would divide by the batch's size
        double error = 0;
        double length = 0;
        for (int i = 0; i < start.length(); i++) {
            if (isStatistic(graph, i)) {
                continue;
            }
            double step = 1e-2;
            double slope = (score(graph, start, i, step, batch) - score(graph, start, i, -step, batch)) / (2 * step);
            error += Math.pow(slope - gradient.getDouble(i), 2);
            length += slope * slope;
        }
        assertThat(Math.sqrt(error / length)).isLessThan(1e-2);
    }

    /** Running mean and deviation have updates, not gradients. */
    private static boolean isStatistic(ComputationGraph graph, int index) {
        long at = index;
        for (Layer layer : graph.getLayers()) {
            if (at < layer.numParams()) {
                return layer instanceof DnnBatchNormalization && at >= 2 * 5;
            }
            at -= layer.numParams();
        }
        throw new IllegalArgumentException(String.valueOf(index));
    }

    private static double score(ComputationGraph graph, INDArray start, int index, double step, DataSet batch) {
        INDArray moved = start.dup();
        moved.putScalar(index, start.getDouble(index) + step);
        graph.setParams(moved);
        return graph.score(batch, true);
    }
}
