package io.github.dl4jx.init.data;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** ℓ = Σ η·z of labels η and pre-activations z, whose gradient at z is η. */
final class LinearLoss implements ILossFunction {
    private static final long serialVersionUID = 1L;

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        double sum = scores(labels, preOutput).sumNumber().doubleValue();
        return average ? sum / labels.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        return scores(labels, preOutput).sum(true, 1);
    }

    private static INDArray scores(INDArray labels, INDArray preOutput) {
        return labels.castTo(DataType.DOUBLE).mul(preOutput.castTo(DataType.DOUBLE));
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        return labels.castTo(preOutput.dataType()).dup();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        return new Pair<>(
                computeScore(labels, preOutput, activationFn, mask, average),
                computeGradient(labels, preOutput, activationFn, mask));
    }

    @Override
    public String name() {
        return "linear";
    }
}
