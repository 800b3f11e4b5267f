package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.Conditions;
import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Cifar10Iterator;
import io.github.dl4jx.examples.cifar10.data.FittedPreprocessing;
import io.github.dl4jx.examples.cifar10.data.Images;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.data.DataInitializers;
import io.github.dl4jx.onednn.OneDnnStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Trains and scores the networks of one study: the same images, preprocessing and order of batches for each. */
final class Training {
    /** Points of the learning curve in one epoch. */
    static final int MEASUREMENTS_AN_EPOCH = 4;

    /** So many validation images give a point of the curve: a standard error of 1.5 points at most. */
    private static final int VALIDATION_IMAGES = 1_000;

    /** Images that initialisers from data see: training images, drawn by the run's seed. */
    private static final int INITIALIZATION_BATCH = 128;

    private static final int WARM_UP_STEPS = 50;

    private final StudyConfiguration configuration;
    private final Images train;
    private final Images validation;
    private final Images test;
    private final FittedPreprocessing preprocessing;

    Training(StudyConfiguration configuration, Cifar10 data) {
        this.configuration = configuration;
        Cifar10.Split split = data.split(1, configuration.trainSize());
        this.train = split.train();
        this.validation = split.validation()
                .select(IntStream.range(
                                0,
                                Math.min(VALIDATION_IMAGES, split.validation().size()))
                        .toArray());
        this.test = data.test();
        this.preprocessing = configuration.preprocessing().fit(train);
    }

    /** How many images one run trains on, repetitions counted. */
    long imagesOfARun() {
        return (long) configuration.epochs() * train.size();
    }

    /**
     * Runs some steps of a network that nobody keeps, so that the first run measured is not the slowest.
     *
     * @return what oneDNN does for this network
     */
    OneDnnStatus warmUp() {
        Classifier network = network(Run.of("relu", ActivationChoice.RECOMMENDED, 0));
        OneDnnStatus oneDnn = network.enableOneDnn();
        DataSetIterator batches = new Cifar10Iterator(train, preprocessing, configuration.batch(), 0);
        for (int step = 0; step < WARM_UP_STEPS && batches.hasNext(); step++) {
            network.fit(batches.next());
        }
        score(network, validation);
        return oneDnn;
    }

    /**
     * Trains one network from scratch. A run whose loss is NaN or infinite ends there, since it cannot recover.
     *
     * @param progress hears how many images have been trained on
     */
    RunResult run(Run run, LongConsumer progress) {
        Classifier network = network(run);
        network.enableOneDnn();
        DataSetIterator batches = new Cifar10Iterator(train, preprocessing, configuration.batch(), run.seed());
        int stepsAnEpoch = (train.size() + configuration.batch() - 1) / configuration.batch();
        List<Measurement> curve = new ArrayList<>();
        long images = 0;
        long nanoseconds = 0;
        boolean nanSeen = false;
        for (int epoch = 0; epoch < configuration.epochs() && !nanSeen; epoch++) {
            batches.reset();
            int measured = 0;
            int sinceMeasurement = 0;
            double lossSum = 0;
            for (int step = 1; batches.hasNext() && !nanSeen; step++) {
                long start = System.nanoTime();
                DataSet batch = batches.next();
                network.fit(batch);
                nanoseconds += System.nanoTime() - start;
                images += batch.numExamples();
                progress.accept(images);
                lossSum += network.model().score();
                sinceMeasurement++;
                nanSeen = !Double.isFinite(network.model().score());
                if (nanSeen || step * MEASUREMENTS_AN_EPOCH / stepsAnEpoch > measured) {
                    measured = step * MEASUREMENTS_AN_EPOCH / stepsAnEpoch;
                    Score score = score(network, validation);
                    nanSeen |= !Double.isFinite(score.loss());
                    curve.add(new Measurement(images, nanoseconds / 1e9, lossSum / sinceMeasurement, score, nanSeen));
                    sinceMeasurement = 0;
                    lossSum = 0;
                }
            }
        }
        return new RunResult(run, curve, score(network, test), Conditions.line());
    }

    private Classifier network(Run run) {
        ActivationChoice activation = new ActivationChoice(run.activation());
        Classifier network = configuration
                .network()
                .build(
                        activation,
                        run.initializedFromData()
                                ? activation.recommended().initializer()
                                : Initializers.get(run.initializer()),
                        new Adam(configuration.learningRate()),
                        run.seed());
        network.initializeBiases();
        if (run.initializedFromData()) {
            Nd4j.getRandom().setSeed(run.seed());
            DataSet batch = new Cifar10Iterator(train, preprocessing, INITIALIZATION_BATCH, run.seed()).next();
            try {
                network.initialize(DataInitializers.get(run.initializer()), batch.getFeatures());
            } catch (IllegalArgumentException e) {
                throw new UsageException("--inits: " + run + ": " + e.getMessage(), e);
            }
        }
        return network;
    }

    private Score score(Classifier network, Images images) {
        return Score.of(network, images, preprocessing);
    }
}
