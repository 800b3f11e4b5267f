package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class OrthogonalTest {

    @BeforeEach
    void seed() {
        Nd4j.getRandom().setSeed(4);
    }

    @Test
    void rowsOrColumnsAreOrthonormalWhateverTheShapeTheOrderAndTheType() {
        Random random = new Random(9);
        for (int i = 0; i < 30; i++) {
            int rows = 1 + random.nextInt(i < 28 ? 40 : 500);
            int columns = 1 + random.nextInt(i < 28 ? 40 : 500);
            DataType type = i % 2 == 0 ? DataType.FLOAT : DataType.DOUBLE;
            char order = i % 3 == 0 ? 'c' : 'f';
            assertOrthonormal(new Orthogonal()
                    .init(rows, columns, new long[] {rows, columns}, order, Nd4j.create(type, (long) rows * columns)));
        }
    }

    @Test
    void convolutionsAreFlattenedByUnits() {
        for (char order : new char[] {'c', 'f'}) {
            for (int units : new int[] {7, 40}) {
                INDArray weights = new Orthogonal()
                        .init(
                                18,
                                9 * units,
                                new long[] {units, 2, 3, 3},
                                order,
                                Nd4j.create(DataType.FLOAT, units * 18L));
                assertOrthonormal(weights.dup('c').reshape('c', units, 18));
            }
        }
        INDArray volume =
                new Orthogonal(2).init(16, 40, new long[] {5, 2, 2, 2, 2}, 'c', Nd4j.create(DataType.DOUBLE, 80));
        assertOrthonormal(volume.reshape('c', 5, 16).div(2));
    }

    /** Without the signs, R's diagonal is not free: LAPACK's Q alone has a first entry of one sign. */
    @Test
    void uniformAmongRotations() {
        int n = 3;
        int times = 1000;
        double[] first = new double[times];
        double traces = 0;
        for (int i = 0; i < times; i++) {
            INDArray q = square(n, DataType.DOUBLE);
            first[i] = q.getDouble(0, 0);
            traces += Nd4j.diag(q).sumNumber().doubleValue();
        }
        // a coordinate of a uniform point of the sphere in three dimensions is uniform (Archimedes)
        assertThat(new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new UniformRealDistribution(-1, 1), first))
                .isGreaterThan(1e-3);
        assertThat(traces / times).isCloseTo(0, within(4 / Math.sqrt(times))); // its variance is 1
    }

    /** An entry of a large one is all but N(0, 1/n). */
    @Test
    void entriesOfLargeOnesAreNormal() {
        int n = 400;
        INDArray q = square(n, DataType.FLOAT);
        double[] entries = q.reshape(-1).toDoubleVector();
        assertThat(new KolmogorovSmirnovTest()
                        .kolmogorovSmirnovTest(new NormalDistribution(0, 1 / Math.sqrt(n)), entries))
                .isGreaterThan(1e-3);
        assertThat(Arrays.stream(entries).map(x -> x * x).sum()).isCloseTo(n, within(1e-3));
    }

    /** 100 layers keep the length of every signal, and not only the mean length. */
    @Test
    void hundredLayersKeepEverySignalsLength() {
        int n = 64;
        INDArray signals = Nd4j.randn(DataType.FLOAT, 200, n);
        INDArray lengths = signals.norm2(1);
        for (int layer = 0; layer < 100; layer++) {
            signals = signals.mmul(square(n, DataType.FLOAT));
        }
        assertThat(signals.norm2(1).divi(lengths).subi(1).amaxNumber().doubleValue())
                .isLessThan(1e-4);
    }

    @Test
    void inNetworks() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(2)
                .weightInit(new Orthogonal())
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(6).build())
                .layer(new DenseLayer.Builder().nOut(10).build())
                .setInputType(InputType.convolutional(6, 6, 2))
                .build());
        network.init();
        assertOrthonormal(network.getLayer(0).getParam("W").reshape('c', 6, 18));
        assertOrthonormal(network.getLayer(1).getParam("W"));

        MultiLayerNetwork lstm = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .weightInit(new Orthogonal())
                .list()
                .layer(new LSTM.Builder().nOut(4).build())
                .setInputType(InputType.recurrent(7))
                .build());
        lstm.init();
        for (String key : new String[] {"W", "RW"}) {
            for (int gate = 0; gate < 4; gate++) {
                assertOrthonormal(lstm.getLayer(0)
                        .getParam(key)
                        .get(NDArrayIndex.all(), NDArrayIndex.interval(4 * gate, 4 * gate + 4)));
            }
        }
    }

    @Test
    void shapesWithoutAMatrixAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Orthogonal().init(27, 9, new long[] {3, 3, 3, 1}, 'c', Nd4j.create(27)))
                .withMessageContaining("[3, 3, 3, 1]")
                .withMessageContaining("Initializers.apply");
    }

    @Test
    void withoutLapackToo() {
        assertOrthonormal(Orthogonal.factorWithoutLapack(
                Nd4j.randn(DataType.FLOAT, 30, 20).dup('f')));
    }

    private static INDArray square(int n, DataType type) {
        return new Orthogonal().init(n, n, new long[] {n, n}, 'f', Nd4j.create(type, (long) n * n));
    }

    static void assertOrthonormal(INDArray matrix) {
        INDArray doubles = matrix.castTo(DataType.DOUBLE);
        INDArray gram = matrix.size(0) < matrix.size(1)
                ? doubles.mmul(doubles.transpose())
                : doubles.transpose().mmul(doubles);
        double error = gram.sub(Nd4j.eye(gram.size(0)).castTo(DataType.DOUBLE))
                .amaxNumber()
                .doubleValue();
        assertThat(error).as("of QtQ - I, %s", Arrays.toString(matrix.shape())).isLessThan(1e-5);
    }
}
