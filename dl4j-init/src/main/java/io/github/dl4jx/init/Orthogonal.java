package io.github.dl4jx.init;

import io.github.dl4jx.catalogue.Require;
import java.util.List;
import org.nd4j.linalg.api.blas.Lapack;
import org.nd4j.linalg.api.blas.impl.BaseLapack;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.api.ops.impl.transforms.custom.Qr;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Orthogonal initialisation: a random rotation, uniform among all, which keeps the length of every signal and not only
 * the average length.
 *
 * <pre>
 * A = Q·R, A of independent N(0, 1)
 * W = gain·Q·diag(sign(R_ii))
 * </pre>
 *
 * <p>Shapes: dense [nIn, nOut], the rows or the columns orthonormal, whichever are fewer; convolutional [nOut, channels,
 * k...], the same as a matrix of nOut rows; of an LSTM's [nIn, 4n] and [n, 4n] each gate's n columns by themselves. Other
 * weights are refused, transposed and depthwise convolutions among them; {@link Initializers#apply} handles those. From
 * its weights alone a separable convolution's depthwise part looks like an ordinary convolution, and an LSTM with
 * three times as many inputs as units has recurrent weights that look dense: there, too, use {@code apply}.
 *
 * <p>The time is the factorisation's, LAPACK's on the CPU, cuSOLVER's on CUDA; without either, ND4J's own, far slower. Saxe, McClelland and Ganguli,
 * <i>Exact solutions to the nonlinear dynamics of learning in deep linear neural networks</i>, arXiv:1312.6120; the signs,
 * without which Q is not uniform: Mezzadri, <i>How to generate random matrices from the classical compact groups</i>, 2007.
 */
public final class Orthogonal extends NamedInitializer {
    private static final long serialVersionUID = 1L;

    private final double gain;

    /** Gain 1. */
    public Orthogonal() {
        this(1);
    }

    /**
     * @param gain factor of the orthogonal matrix, a finite number &gt; 0, such as {@code GainKind.CONVENTIONAL.of(relu)}
     * @throws IllegalArgumentException if it is not
     */
    @JsonCreator
    public Orthogonal(@JsonProperty("gain") double gain) {
        this.gain = Require.positive("gain", gain);
    }

    @Override
    List<INDArray> parts(double fanIn, double fanOut, INDArray weights) {
        List<INDArray> gates = Parts.isDense(fanIn, fanOut, weights) ? List.of() : Parts.gates(fanIn, fanOut, weights);
        return gates.isEmpty() ? Parts.whole(fanIn, fanOut, weights) : gates;
    }

    @Override
    void fill(double fanIn, double fanOut, INDArray weights) {
        long rows = weights.size(0);
        long columns = weights.length() / rows;
        INDArray matrix = rows < columns
                ? columns(weights.dataType(), columns, rows).transpose()
                : columns(weights.dataType(), rows, columns);
        weights.assign(matrix.muli(gain).reshape('c', weights.shape()));
    }

    /** Orthonormal columns, no more than rows. */
    private static INDArray columns(DataType type, long rows, long columns) {
        DataType computable = type == DataType.DOUBLE ? type : DataType.FLOAT;
        INDArray a = Nd4j.createUninitialized(computable, new long[] {rows, columns}, 'f');
        Distribution.NORMAL.fill(a, 1);
        INDArray q = factor(a.dup('f'));
        INDArray diagonal = a.muli(q).sum(0); // of R = transposed Q times A
        return q.muliRowVector(diagonal.gte(0).castTo(computable).muli(2).subi(1));
    }

    /** Overwrites a matrix, in f order with no fewer rows than columns, with its Q. */
    private static INDArray factor(INDArray a) {
        try {
            Lapack lapack = Nd4j.getBlasWrapper().lapack();
            if (Nd4j.getExecutioner().type() != ExecutionerType.NATIVE_CPU || !(lapack instanceof BaseLapack direct)) {
                lapack.geqrf(a, Nd4j.createUninitialized(a.dataType(), new long[] {a.size(1), a.size(1)}, 'f'));
            } else if (a.dataType() == DataType.DOUBLE) {
                // without R, which ND4J copies row by row
                direct.dgeqrf(a.rows(), a.columns(), a, null, null);
            } else {
                direct.sgeqrf(a.rows(), a.columns(), a, null, null);
            }
            return a;
        } catch (LinkageError | UnsupportedOperationException e) {
            return factorWithoutLapack(a);
        }
    }

    /** By ND4J's own operation, on one thread and many times slower. */
    static INDArray factorWithoutLapack(INDArray a) {
        return a.assign(Nd4j.exec(new Qr(a, false))[0]);
    }

    @Override
    public String toString() {
        return "orthogonal(gain=" + gain + ")";
    }
}
