package io.github.dl4jx.benchmarks.pytorch;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import io.github.dl4jx.benchmarks.Training;
import org.nd4j.linalg.dataset.DataSet;

/** 32-32-pool-64-64-pool-128-10, as in the benchmark ConvolutionTraining. */
final class Network implements Training {
    private static final Shape BATCH = new Shape(64, 3, 32, 32);
    private static final Shape POOL = new Shape(2, 2);

    private final PtNDManager manager = Operators.manager();
    private final PtSymbolBlock operator;
    private final Model model = Model.newInstance("network", "PyTorch");
    private final Trainer trainer;

    Network(String activation) {
        operator = Operators.module(Operators.operator(activation), manager);
        model.setBlock(new SequentialBlock()
                .add(convolution(32))
                .add(activation())
                .add(convolution(32))
                .add(activation())
                .add(Pool.maxPool2dBlock(POOL, POOL))
                .add(convolution(64))
                .add(activation())
                .add(convolution(64))
                .add(activation())
                .add(Pool.maxPool2dBlock(POOL, POOL))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(128).build())
                .add(activation())
                .add(Linear.builder().setUnits(10).build()));
        trainer = model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss("loss", 1, -1, false, true))
                .optOptimizer(Adam.builder()
                        .optLearningRateTracker(Tracker.fixed(1e-3f))
                        .build()));
        Engine.getEngine("PyTorch").setRandomSeed(1);
        trainer.initialize(BATCH);
    }

    private static Block convolution(int channels) {
        return Conv2d.builder()
                .setKernelShape(new Shape(3, 3))
                .optPadding(new Shape(1, 1))
                .setFilters(channels)
                .build();
    }

    private Block activation() {
        return new LambdaBlock(arrays -> IValueUtils.forward(operator, arrays, true));
    }

    @Override
    public double step(DataSet batch) {
        try (NDManager arrays = manager.newSubManager()) {
            NDArray images = arrays.create(batch.getFeatures().data().asFloat(), BATCH);
            NDArray labels = arrays.create(batch.getLabels().data().asFloat(), new Shape(BATCH.get(0), 10));
            NDArray loss;
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDList outputs = trainer.forward(new NDList(images));
                loss = trainer.getLoss().evaluate(new NDList(labels), outputs);
                collector.backward(loss);
            }
            trainer.step();
            return loss.getFloat();
        }
    }

    /** Of the first convolution. */
    float[] firstWeights() {
        return model.getBlock().getParameters().get(0).getValue().getArray().toFloatArray();
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
        manager.close();
    }
}
