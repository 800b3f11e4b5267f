package io.github.dl4jx.init.data;

import static io.github.dl4jx.init.NormalNumbers.normal;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A layer of each kind with the identity as its activation, so that what it returns is its pre-activation.
 *
 * @param name for the test's report
 * @param input of the layer
 * @param batch for it
 * @param unitAxis of what it returns
 */
record AffineLayers(String name, Layer layer, InputType input, INDArray batch, int unitAxis) {

    /** Channels of different means and deviations, as data have them. */
    private static INDArray data(long... shape) {
        INDArray values = normal(shape);
        for (int i = 0; i < values.size(1); i++) {
            INDArray channel = values.slice(i, 1);
            channel.muli(0.5 + i).addi(1.5 - i);
        }
        return values;
    }

    private static INDArray indices(long... shape) {
        return Nd4j.getExecutioner()
                .exec(
                        new org.nd4j.linalg.api.ops.random.impl.UniformDistribution(
                                Nd4j.create(DataType.FLOAT, shape), 0, 6.99),
                        Nd4j.getRandomFactory().getNewRandomInstance(12))
                .castTo(DataType.INT32)
                .castTo(DataType.FLOAT);
    }

    static Stream<AffineLayers> all() {
        InputType flat = InputType.feedForward(4);
        InputType sequence = InputType.recurrent(3, 6);
        InputType image = InputType.convolutional(7, 6, 3);
        InputType volume = InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 5, 6, 4, 2);
        INDArray rows = data(64, 4);
        INDArray steps = data(32, 3, 6);
        INDArray images = data(16, 3, 7, 6);
        INDArray volumes = data(8, 2, 5, 6, 4);
        return Stream.of(
                new AffineLayers("dense", new DenseLayer.Builder().nOut(5).build(), flat, rows, 1),
                new AffineLayers(
                        "dense without bias",
                        new DenseLayer.Builder().nOut(5).hasBias(false).build(),
                        flat,
                        rows,
                        1),
                new AffineLayers(
                        "output",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .nOut(5)
                                .build(),
                        flat,
                        rows,
                        1),
                new AffineLayers(
                        "centre loss",
                        new CenterLossOutputLayer.Builder(LossFunction.MSE)
                                .nOut(5)
                                .build(),
                        flat,
                        rows,
                        1),
                new AffineLayers(
                        "autoencoder", new AutoEncoder.Builder().nOut(5).build(), flat, rows, 1),
                new AffineLayers(
                        "embedding",
                        new EmbeddingLayer.Builder()
                                .nIn(7)
                                .nOut(5)
                                .hasBias(true)
                                .build(),
                        InputType.feedForward(7),
                        indices(64, 1),
                        1),
                new AffineLayers(
                        "embedding of sequences",
                        new EmbeddingSequenceLayer.Builder()
                                .nIn(7)
                                .nOut(5)
                                .inputLength(6)
                                .build(),
                        InputType.recurrent(7, 6),
                        indices(32, 6),
                        1),
                new AffineLayers(
                        "output of sequences",
                        new RnnOutputLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .nOut(5)
                                .build(),
                        sequence,
                        steps,
                        1),
                new AffineLayers(
                        "time distributed",
                        new TimeDistributed(
                                new DenseLayer.Builder().nIn(3).nOut(5).build(), RNNFormat.NCW),
                        sequence,
                        steps,
                        1),
                new AffineLayers(
                        "convolution 1D",
                        new Convolution1DLayer.Builder(3).nOut(5).build(),
                        sequence,
                        steps,
                        1),
                new AffineLayers(
                        "convolution 1D, features last",
                        new Convolution1DLayer.Builder(3)
                                .nOut(5)
                                .rnnDataFormat(RNNFormat.NWC)
                                .build(),
                        InputType.recurrent(3, 6, RNNFormat.NWC),
                        steps.permute(0, 2, 1).dup('c'),
                        2),
                new AffineLayers(
                        "convolution",
                        new ConvolutionLayer.Builder(3, 2)
                                .stride(2, 1)
                                .padding(1, 1)
                                .nOut(5)
                                .build(),
                        image,
                        images,
                        1),
                new AffineLayers(
                        "convolution, channels last",
                        new ConvolutionLayer.Builder(3, 2)
                                .dataFormat(CNN2DFormat.NHWC)
                                .nOut(5)
                                .build(),
                        InputType.convolutional(7, 6, 3, CNN2DFormat.NHWC),
                        images.permute(0, 2, 3, 1).dup('c'),
                        3),
                new AffineLayers(
                        "convolution 3D",
                        new Convolution3D.Builder(2, 3, 2).nOut(5).build(),
                        volume,
                        volumes,
                        1),
                new AffineLayers(
                        "convolution 3D, channels last",
                        new Convolution3D.Builder(2, 3, 2)
                                .dataFormat(Convolution3D.DataFormat.NDHWC)
                                .nOut(5)
                                .build(),
                        InputType.convolutional3D(Convolution3D.DataFormat.NDHWC, 5, 6, 4, 2),
                        volumes.permute(0, 2, 3, 4, 1).dup('c'),
                        4),
                new AffineLayers(
                        "depthwise",
                        new DepthwiseConvolution2D.Builder(3, 2)
                                .depthMultiplier(2)
                                .build(),
                        image,
                        images,
                        1),
                new AffineLayers(
                        "depthwise, channels last",
                        new DepthwiseConvolution2D.Builder(3, 2)
                                .depthMultiplier(2)
                                .dataFormat(CNN2DFormat.NHWC)
                                .build(),
                        InputType.convolutional(7, 6, 3, CNN2DFormat.NHWC),
                        images.permute(0, 2, 3, 1).dup('c'),
                        3),
                new AffineLayers(
                        "separable",
                        new SeparableConvolution2D.Builder(3, 2)
                                .depthMultiplier(2)
                                .nOut(5)
                                .build(),
                        image,
                        images,
                        1),
                new AffineLayers(
                        "transposed",
                        new Deconvolution2D.Builder(3, 2).stride(2, 2).nOut(5).build(),
                        image,
                        images,
                        1),
                new AffineLayers(
                        "transposed 3D",
                        new Deconvolution3D.Builder()
                                .kernelSize(2, 2, 2)
                                .stride(2, 2, 2)
                                .nOut(5)
                                .build(),
                        volume,
                        volumes,
                        1),
                new AffineLayers("user's", new UserDense(4, 5), flat, rows, 1));
    }

    MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .activation(Activation.IDENTITY)
                .list()
                .layer(layer)
                .setInputType(input)
                .build());
        network.init();
        return network;
    }

    /** [units, samples] of what the layer returns. */
    double[][] units(INDArray output) {
        int units = (int) output.size(unitAxis);
        double[][] values = new double[units][];
        for (int unit = 0; unit < units; unit++) {
            values[unit] = output.slice(unit, unitAxis).dup('c').reshape(-1).toDoubleVector();
        }
        return values;
    }

    @Override
    public String toString() {
        return name;
    }

    /** A dense layer that this pack knows nothing of. */
    static final class UserDense extends SameDiffLayer {
        private static final long serialVersionUID = 1L;

        private long inputs;
        private long outputs;

        @SuppressWarnings("unused") // Jackson's
        UserDense() {}

        UserDense(long inputs, long outputs) {
            this.inputs = inputs;
            this.outputs = outputs;
        }

        @Override
        public void defineParameters(SDLayerParams params) {
            params.addWeightParam("kernel", inputs, outputs);
            params.addBiasParam("shift", 1, outputs);
        }

        @Override
        public void initializeParameters(Map<String, INDArray> params) {
            Objects.requireNonNull(params.get("kernel")).assign(normal(inputs, outputs));
            Objects.requireNonNull(params.get("shift")).assign(0);
        }

        @Override
        public SDVariable defineLayer(
                SameDiff sameDiff, SDVariable input, Map<String, SDVariable> parameters, SDVariable mask) {
            return input.mmul(parameters.get("kernel")).add(parameters.get("shift"));
        }

        @Override
        public InputType getOutputType(int layerIndex, InputType inputType) {
            return InputType.feedForward(outputs);
        }
    }
}
