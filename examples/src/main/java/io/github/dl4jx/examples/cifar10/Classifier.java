package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.init.NguyenWidrow;
import io.github.dl4jx.init.data.DataInitializer;
import io.github.dl4jx.onednn.OneDnn;
import io.github.dl4jx.onednn.OneDnnStatus;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** A network with one probability for each class, be it a sequence of layers or a graph: what DL4J has no one type for. */
public sealed interface Classifier {
    /** The network itself. */
    Model model();

    /** Trains one step. */
    void fit(DataSet batch);

    /** For each image and class. */
    INDArray probabilities(INDArray images);

    /** The network as a graph, which is a copy unless it is one. */
    ComputationGraph graph();

    /** See {@link OneDnn}. */
    OneDnnStatus enableOneDnn();

    /** See {@link NguyenWidrow}. */
    void initializeBiases();

    /** See {@link DataInitializer}. */
    void initialize(DataInitializer initializer, INDArray images);

    /** A sequence of layers. */
    record Layers(MultiLayerNetwork model) implements Classifier {
        @Override
        public void fit(DataSet batch) {
            model.fit(batch);
        }

        @Override
        public INDArray probabilities(INDArray images) {
            return model.output(images);
        }

        @Override
        public ComputationGraph graph() {
            return model.toComputationGraph();
        }

        @Override
        public OneDnnStatus enableOneDnn() {
            return OneDnn.enable(model);
        }

        @Override
        public void initializeBiases() {
            NguyenWidrow.initializeBiases(model);
        }

        @Override
        public void initialize(DataInitializer initializer, INDArray images) {
            initializer.apply(model, images);
        }
    }

    /** A graph. */
    record Graph(ComputationGraph model) implements Classifier {
        @Override
        public void fit(DataSet batch) {
            model.fit(batch);
        }

        @Override
        public INDArray probabilities(INDArray images) {
            return model.outputSingle(images);
        }

        @Override
        public ComputationGraph graph() {
            return model;
        }

        @Override
        public OneDnnStatus enableOneDnn() {
            return OneDnn.enable(model);
        }

        @Override
        public void initializeBiases() {
            NguyenWidrow.initializeBiases(model);
        }

        @Override
        public void initialize(DataInitializer initializer, INDArray images) {
            initializer.apply(model, images);
        }
    }
}
