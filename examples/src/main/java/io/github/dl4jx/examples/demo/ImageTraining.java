package io.github.dl4jx.examples.demo;

import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.examples.cifar10.Classifier;
import io.github.dl4jx.examples.cifar10.Score;
import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Cifar10Iterator;
import io.github.dl4jx.examples.cifar10.data.FittedPreprocessing;
import io.github.dl4jx.examples.cifar10.data.Images;
import io.github.dl4jx.examples.cifar10.data.Preprocessing;
import io.github.dl4jx.examples.cifar10.data.Progress;
import io.github.dl4jx.init.Xavier;
import io.github.dl4jx.onednn.OneDnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Trains four-layer networks on a part of CIFAR-10, three convolutions below a softmax: SGD with momentum, no
 * regularisation. Finished runs are kept, and not repeated.
 */
final class ImageTraining {
    /** The network in words, layers of its own apart. */
    static final String NETWORK = "conv3x3(32)-pool2-conv3x3(32)-pool2-conv3x3(64)-pool2-softmax(10)";

    /** Filters of the convolutions. */
    static final List<Integer> FILTERS = List.of(32, 32, 64);

    static final int BATCH = 64;
    static final double MOMENTUM = 0.9;

    /** Steps between two measurements. */
    static final int EVERY = 25;

    /** So many training images are measured: a standard error of 1.4 points at an error of 25 %. */
    private static final int MEASURED = 1_000;

    private final Images train;
    private final Images measured;
    private final Images test;
    private final FittedPreprocessing preprocessing;
    private final String data;
    private final Path folder;
    private final Progress progress;

    /** On {@code trainSize} images, or on all that there are. */
    ImageTraining(Setting setting, int trainSize) {
        Cifar10 all = setting.images().get();
        train = all.split(1, Math.min(trainSize, all.maxTrainSize())).train();
        measured = train.select(
                IntStream.range(0, Math.min(MEASURED, train.size())).toArray());
        test = all.test();
        preprocessing = Preprocessing.CHANNEL_MEAN.fit(train);
        data = train.size() + " images of " + (all.source().isWholeDataSet() ? "CIFAR-10" : "the built-in sample");
        folder = setting.folder().resolve("runs");
        progress = setting.progress();
    }

    /** What all runs have in common. */
    String setting() {
        return data + ", " + NETWORK + ", batches of " + BATCH + ", Nesterov momentum " + MOMENTUM
                + ", no regularisation, means of the channels subtracted";
    }

    /** Of a network's configuration, up to the layers. */
    static ListBuilder builder(long seed, double rate) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Nesterovs(rate, MOMENTUM))
                .convolutionMode(ConvolutionMode.Same)
                .list();
    }

    static SubsamplingLayer pooling() {
        return new SubsamplingLayer.Builder(PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }

    static MultiLayerConfiguration withOutput(ListBuilder layers) {
        return layers.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .weightInit(Xavier.uniform())
                        .nOut(Images.CLASSES)
                        .build())
                .setInputType(InputType.convolutional(Images.SIDE, Images.SIDE, Images.CHANNELS))
                .build();
    }

    /**
     * The run of that name: the kept one, or a new one that is then kept.
     *
     * @param steps the most that it takes; it ends before where the loss is no number
     * @param target it also ends where the training error is no larger; −1 for never
     */
    ImageRun run(String name, MultiLayerConfiguration configuration, long seed, int steps, double target)
            throws IOException {
        Path file = folder.resolve(WholeFile.safeName(name) + ".csv");
        String setting = name + "; at most " + steps + " steps" + (target < 0 ? "" : ", until an error of " + target)
                + "; " + setting();
        ImageRun run;
        boolean kept = Files.exists(file);
        if (kept) {
            run = ImageRun.read(file, setting);
        } else {
            try (ProgressBar bar = progress.bar(name, 0, steps, "steps", 1)) {
                run = train(setting, configuration, seed, steps, target, bar);
            }
            run.write(file);
        }
        progress.say(String.format(
                Locale.ROOT,
                "%s: %straining error %.1f %% after %d steps, test accuracy %.1f %%",
                name,
                kept ? "finished before, " : "",
                100 * run.last().error(),
                run.last().step(),
                100 * run.testAccuracy()));
        return run;
    }

    private ImageRun train(
            String setting,
            MultiLayerConfiguration configuration,
            long seed,
            int steps,
            double target,
            ProgressBar bar) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        OneDnn.enable(network);
        DataSetIterator batches = new Cifar10Iterator(train, preprocessing, BATCH, seed);
        List<ImageRun.Moment> curve = new ArrayList<>();
        double lossSum = 0;
        int sinceMoment = 0;
        boolean ended = false;
        for (int step = 1; step <= steps && !ended; step++) {
            if (!batches.hasNext()) {
                batches.reset();
            }
            network.fit(batches.next());
            bar.stepTo(step);
            lossSum += network.score();
            sinceMoment++;
            boolean broken = !Double.isFinite(network.score());
            if (step % EVERY == 0 || step == steps || broken) {
                ImageRun.Moment moment =
                        new ImageRun.Moment(step, lossSum / sinceMoment, broken ? 1 : 1 - accuracy(network, measured));
                curve.add(moment);
                ended = broken || moment.error() <= target;
                lossSum = 0;
                sinceMoment = 0;
            }
        }
        return new ImageRun(setting, curve, accuracy(network, test));
    }

    private double accuracy(MultiLayerNetwork network, Images images) {
        return Score.of(new Classifier.Layers(network), images, preprocessing).accuracy();
    }
}
