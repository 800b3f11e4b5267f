package io.github.dl4jx.init.data;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Singular values of a dense layer's Jacobian J = diag(f'(z))·Wᵀ, an example each. */
final class Jacobian {
    private Jacobian() {}

    /**
     * The mean of ‖J‖²/nIn over the examples.
     *
     * @param weights [nIn, nOut]
     * @param slopes f'(z), [examples, nOut]
     */
    static double meanSquaredSingularValue(INDArray weights, INDArray slopes) {
        INDArray w = weights.castTo(DataType.DOUBLE);
        INDArray s = slopes.castTo(DataType.DOUBLE);
        INDArray normsOfUnits = w.mul(w).sum(0);
        return s.mul(s).mean(0).mul(normsOfUnits).sumNumber().doubleValue() / weights.rows();
    }

    /**
     * The largest singular value by the smallest, infinite where that is 0 but for rounding.
     *
     * @param weights [nIn, nOut]
     * @param slopes f'(z) of one example
     */
    static double conditionNumber(INDArray weights, INDArray slopes) {
        INDArray transposed = weights.castTo(DataType.DOUBLE).mulRowVector(slopes.castTo(DataType.DOUBLE));
        if (Double.isNaN(transposed.sumNumber().doubleValue())) {
            return Double.NaN; // LAPACK might not come back
        }
        long smaller = Math.min(weights.rows(), weights.columns());
        INDArray values = Nd4j.create(DataType.DOUBLE, smaller);
        Nd4j.getBlasWrapper().lapack().gesvd(transposed.dup('f'), values, null, null);
        double largest = values.getDouble(0);
        double smallest = values.getDouble(smaller - 1);
        double rounding = Math.ulp(1.0) * Math.max(weights.rows(), weights.columns());
        return smallest > largest * rounding ? largest / smallest : Double.POSITIVE_INFINITY;
    }
}
