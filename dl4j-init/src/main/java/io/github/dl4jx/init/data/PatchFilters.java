package io.github.dl4jx.init.data;

import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.eigen.Eigen;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Filters that come from patches of a layer's input, whitened by their principal components. */
final class PatchFilters {
    /** Of the largest variance: components below it are float32's rounding. */
    private static final double ROUNDING = 1e-6;

    /** Coates and Ng: few are enough. */
    private static final int KMEANS_ITERATIONS = 10;

    private final INDArray centred;
    private final int units;
    private final Random random;

    /** [components, inputs]: patches times its transpose have variance 1 in each component, and no correlation. */
    private final INDArray whitening;

    /**
     * Of the leading components, as many as there are units if the patches have so many.
     *
     * @param patches [samples, inputs], double
     * @throws IllegalArgumentException if they are too few, or all the same
     */
    PatchFilters(Affine.Name name, int units, INDArray patches, Random random) {
        long inputs = patches.columns();
        long wanted = Math.min(units, inputs);
        if (patches.rows() <= wanted) {
            throw new IllegalArgumentException(name + ": the batch gives " + patches.rows()
                    + " patches of its input; valid for principal components of " + inputs + " inputs for " + units
                    + " units: more than " + wanted);
        }
        this.units = units;
        this.random = random;
        centred = patches.subRowVector(patches.mean(0));
        whitening = whitening((int) wanted);
        if (whitening.isEmpty()) {
            throw new IllegalArgumentException(
                    name + ": all patches of its input are the same; valid: inputs that differ");
        }
    }

    private INDArray whitening(int wanted) {
        long samples = centred.rows();
        boolean gram = centred.columns() > samples; // the smaller of two matrices with the same eigenvalues
        INDArray a =
                (gram ? centred.mmul(centred.transpose()) : centred.transpose().mmul(centred)).divi(samples);
        INDArray vectors = a.dup('f');
        double[] values = eigen(vectors);
        int size = values.length;
        double least = Math.max(values[size - 1] * ROUNDING, Double.MIN_NORMAL);
        int components = 0;
        while (components < Math.min(wanted, size) && values[size - 1 - components] > least) {
            components++;
        }
        if (components == 0) {
            return Nd4j.empty(DataType.DOUBLE);
        }
        INDArray rows = Nd4j.create(DataType.DOUBLE, components, centred.columns());
        for (int i = 0; i < components; i++) {
            double value = values[size - 1 - i];
            INDArray vector = vectors.getColumn(size - 1 - i).dup().reshape(1, -1);
            INDArray direction = gram ? vector.mmul(centred).divi(Math.sqrt(samples * value)) : vector;
            // LAPACK may return either sign
            boolean opposite =
                    -direction.minNumber().doubleValue() > direction.maxNumber().doubleValue();
            rows.putRow(i, direction.mul((opposite ? -1 : 1) / Math.sqrt(value)));
        }
        return rows;
    }

    /** Overwrites a symmetric matrix with its eigenvectors, as columns; their eigenvalues, ascending. */
    private static double[] eigen(INDArray matrix) {
        try {
            return Eigen.symmetricGeneralizedEigenvalues(matrix).toDoubleVector();
        } catch (LinkageError | UnsupportedOperationException e) { // a backend without LAPACK: many times slower
            EigenDecomposition decomposition =
                    new EigenDecomposition(new Array2DRowRealMatrix(matrix.toDoubleMatrix()));
            int size = matrix.rows();
            double[] values = new double[size];
            for (int i = 0; i < size; i++) { // it has them descending
                values[i] = decomposition.getRealEigenvalue(size - 1 - i);
                matrix.putColumn(
                        i,
                        Nd4j.createFromArray(
                                decomposition.getEigenvector(size - 1 - i).toArray()));
            }
            return values;
        }
    }

    /** The principal components, whitened; units beyond their number are random mixtures of them. */
    INDArray principal() {
        int components = whitening.rows();
        return units == components
                ? whitening
                : Nd4j.vstack(whitening, normal(units - components, components).mmul(whitening));
    }

    /**
     * The centres of spherical k-means over the whitened patches: unit vectors, each the normed sum of itself and of the
     * patches that are closest to it or its opposite.
     */
    INDArray means() {
        INDArray points = unitRows(centred.mmul(whitening.transpose()));
        INDArray centres = unitRows(normal(units, whitening.rows()));
        for (int i = 0; i < KMEANS_ITERATIONS; i++) {
            INDArray closeness = points.mmul(centres.transpose());
            INDArray nearest = Transforms.abs(closeness).argMax(1);
            INDArray share = Nd4j.zeros(DataType.DOUBLE, points.rows(), units);
            for (int point = 0; point < points.rows(); point++) {
                int centre = nearest.getInt(point);
                share.putScalar(point, centre, closeness.getDouble(point, centre));
            }
            centres = unitRows(share.transpose().mmul(points).addi(centres));
        }
        return centres.mmul(whitening);
    }

    private INDArray normal(int rows, int columns) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Nd4j.createFromArray(values).reshape('c', rows, columns);
    }

    private static INDArray unitRows(INDArray rows) {
        INDArray norms = rows.norm2(true, 1);
        return rows.divColumnVector(Transforms.max(norms, Double.MIN_NORMAL));
    }
}
