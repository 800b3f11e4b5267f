package io.github.dl4jx.activations.formula;

import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A formula in ND4J operations, in place wherever an operand is not needed again. */
final class Nd4jEngine {
    private final INDArray x;
    private final INDArray upstream;
    private final Map<Formula, Integer> uses = new HashMap<>();
    private final Map<Formula, INDArray> done = new HashMap<>();

    private Nd4jEngine(INDArray x, INDArray upstream) {
        this.x = x;
        this.upstream = upstream;
        uses.put(Formula.UPSTREAM, 1); // it is only read
    }

    /** f(x); may overwrite x. */
    static INDArray value(Formula f, INDArray x) {
        boolean losesNan = !Double.isNaN(new Evaluation(f).at(Double.NaN, 1));
        INDArray nan = losesNan ? Ops.zeroUnlessNan(x.dup()) : x;
        INDArray y = new Nd4jEngine(x, x).run(Lowering.guarded(f, precision(x)));
        return losesNan ? y.addi(nan) : y;
    }

    /** slope(x)·g; may overwrite x, not g. */
    static INDArray gradient(Formula slope, INDArray x, INDArray g) {
        return new Nd4jEngine(x, g).run(Lowering.guarded(slope, precision(x)).timesUpstream());
    }

    private static Precision precision(INDArray x) {
        return x.dataType() == DataType.DOUBLE ? Precision.DOUBLE : Precision.FLOAT;
    }

    private INDArray run(Formula f) {
        if (f.isNumber()) {
            return x.assign(f.number);
        }
        count(f);
        return take(f);
    }

    private void count(Formula f) {
        if (uses.merge(f, 1, Integer::sum) == 1) {
            for (Formula operand : f.operands) {
                count(operand);
            }
        }
    }

    private INDArray value(Formula f) {
        INDArray known = done.get(f);
        if (known == null) {
            known = f.equals(Formula.X) ? x : f.equals(Formula.UPSTREAM) ? upstream : compute(f);
            done.put(f, known);
        }
        return known;
    }

    /** Only to be read. */
    private INDArray read(Formula f) {
        INDArray v = f.isNumber() ? x.ulike().assign(f.number) : value(f);
        uses.merge(f, -1, Integer::sum);
        return v;
    }

    /** To be overwritten. */
    private INDArray take(Formula f) {
        INDArray v = read(f);
        Integer left = uses.get(f);
        return left != null && left > 0 ? v.dup() : v;
    }

    private INDArray compute(Formula f) {
        Formula a = f.first();
        Formula b = f.operands[f.operands.length > 1 ? 1 : 0];
        return switch (f.op) {
            case VARIABLE, NUMBER -> throw new AssertionError(f);
            case NEGATE -> take(a).negi();
            case PLUS -> b.isNumber() ? take(a).addi(b.number) : a.isNumber() ? take(b).addi(a.number) : plus(a, b);
            case MINUS ->
                b.isNumber() ? take(a).subi(b.number) : a.isNumber() ? take(b).rsubi(a.number) : take(a).subi(read(b));
            case TIMES -> times(f, a, b);
            case OVER -> a.isNumber() ? take(b).rdivi(a.number) : take(a).divi(read(b));
            case ABS -> Ops.abs(take(a));
            case SQRT -> Ops.sqrt(take(a));
            case MIN ->
                b.isNumber()
                        ? Ops.atMost(take(a), b.number)
                        : Ops.max(take(a).negi(), read(b).neg()).negi();
            case MAX -> b.isNumber() ? Ops.atLeast(take(a), b.number) : Ops.max(take(a), read(b));
            case CLAMP -> Ops.atMost(Ops.atLeast(take(a), f.number), f.high);
            case SELECT -> select(a, b, f.operands[2]);
            case EXP -> Ops.exp(take(a));
            case EXPM1 -> Ops.expm1(take(a));
            case LOG1P -> Ops.log1p(take(a));
            case SIGMOID -> Ops.sigmoid(take(a));
            case SIGMOID_SLOPE -> {
                INDArray v = take(a);
                INDArray complement = Ops.sigmoid(v.neg());
                yield Ops.sigmoid(v).muli(complement);
            }
            case TANH -> Ops.tanh(take(a));
            case SOFTPLUS -> {
                INDArray v = take(a);
                INDArray tail = Ops.log1p(Ops.exp(Ops.abs(v.dup()).negi()));
                yield Ops.relu(v).addi(tail);
            }
            case GATE -> {
                INDArray u = Ops.exp(take(a)).muli(-0.5);
                yield Ops.timesOneMinus(u).rdivi(-0.5).addi(1).rdivi(1); // for e^a = 0 and e^a = ∞ as well
            }
            case GATE_SLOPE -> {
                INDArray e = Ops.exp(Ops.atMost(take(a), x.dataType() == DataType.DOUBLE ? 300 : 40));
                INDArray below = e.add(2).muli(e).addi(2);
                INDArray right = e.add(1).divi(below);
                yield e.divi(below).muli(right).muli(4);
            }
            case ERF -> Ops.erf(take(a));
            case NORMAL_CDF -> Ops.erfc(take(a).muli(-Math.sqrt(0.5))).muli(0.5);
            case GAUSSIAN -> {
                INDArray v = take(a);
                yield Ops.exp(v.muli(v).muli(-0.5));
            }
        };
    }

    private INDArray times(Formula f, Formula a, Formula b) {
        if (Multiple.vanishes(f, 0) || Multiple.vanishes(f, 1)) {
            boolean isSecond = Multiple.vanishes(f, 1);
            INDArray u = Ops.finite(take(isSecond ? a : b)); // ∞·0 would be NaN
            return u.muli(read(isSecond ? b : a));
        }
        if (a.isNumber()) {
            return take(b).muli(a.number);
        }
        if (a.equals(b)) {
            return square(a);
        }
        INDArray u = take(a);
        return u.muli(read(b));
    }

    private INDArray select(Formula where, Formula positive, Formula otherwise) {
        INDArray mask = Ops.above(take(where), 0);
        INDArray rest = mask.rsub(1);
        INDArray above = positive.isNumber() ? mask.muli(positive.number) : Ops.masked(take(positive), mask);
        if (otherwise.is(0)) {
            return above;
        }
        INDArray other = otherwise.isNumber() ? rest.muli(otherwise.number) : Ops.masked(take(otherwise), rest);
        return above.addi(other);
    }

    private INDArray plus(Formula a, Formula b) {
        INDArray u = take(a);
        return u.addi(read(b));
    }

    private INDArray square(Formula a) {
        INDArray v = read(a);
        uses.merge(a, -1, Integer::sum);
        Integer left = uses.get(a);
        return left != null && left > 0 ? v.mul(v) : v.muli(v);
    }
}
