package io.github.dl4jx.activations.formula;

import static io.github.dl4jx.activations.formula.Formula.X;
import static io.github.dl4jx.activations.formula.Formula.abs;
import static io.github.dl4jx.activations.formula.Formula.clamp;
import static io.github.dl4jx.activations.formula.Formula.erf;
import static io.github.dl4jx.activations.formula.Formula.exp;
import static io.github.dl4jx.activations.formula.Formula.expm1;
import static io.github.dl4jx.activations.formula.Formula.gaussian;
import static io.github.dl4jx.activations.formula.Formula.log1p;
import static io.github.dl4jx.activations.formula.Formula.max;
import static io.github.dl4jx.activations.formula.Formula.min;
import static io.github.dl4jx.activations.formula.Formula.normalCdf;
import static io.github.dl4jx.activations.formula.Formula.number;
import static io.github.dl4jx.activations.formula.Formula.select;
import static io.github.dl4jx.activations.formula.Formula.sigmoid;
import static io.github.dl4jx.activations.formula.Formula.sigmoidSlope;
import static io.github.dl4jx.activations.formula.Formula.softplus;
import static io.github.dl4jx.activations.formula.Formula.sqrt;
import static io.github.dl4jx.activations.formula.Formula.tanh;

import java.util.Random;
import java.util.stream.Stream;

/** Formulas to test with: every primitive, activations as a user writes them, and random ones. */
final class Samples {
    private Samples() {}

    static Stream<Formula> all() {
        return Stream.of(
                X.times(3).plus(1),
                X.negate().minus(2),
                X.square().over(X.square().plus(1)),
                X.power(5).times(1e-3),
                abs(X.minus(1)),
                sqrt(X.square().plus(1)),
                min(X, 2),
                max(X, -0.5),
                max(X, 0),
                min(X, X.square()),
                max(X.times(0.3), tanh(X)),
                clamp(X, -1, 2),
                clamp(X.plus(3), 0, 6).over(6),
                clamp(X, 1, 2),
                select(X, X, X.times(0.01)),
                select(X.minus(1), X, number(1)),
                select(number(1).minus(X), number(2), X),
                select(X.negate(), exp(X), number(1)),
                exp(X),
                exp(min(X, 1)),
                expm1(X),
                expm1(min(X, 0)),
                log1p(sigmoid(X)),
                sigmoid(X),
                sigmoidSlope(X),
                tanh(X),
                softplus(X),
                tanh(softplus(X)),
                erf(X),
                erf(softplus(X)),
                normalCdf(X),
                normalCdf(min(X, 0)),
                gaussian(X),
                X.times(sigmoid(X)),
                X.times(sigmoid(X.times(1.5))),
                X.times(tanh(softplus(X))),
                X.times(normalCdf(X)),
                X.times(clamp(X.plus(3), 0, 6)).over(6),
                X.times(erf(softplus(X))),
                X.times(sigmoid(X)).plus(tanh(X).times(0.1)),
                X.over(abs(X).plus(1)));
    }

    /** A formula of about so many operations. */
    static Formula random(Random r, int operations) {
        if (operations <= 0) {
            return X;
        }
        int less = operations - 1;
        int half = less / 2;
        return switch (r.nextInt(18)) {
            case 0 -> sigmoid(random(r, less));
            case 1 -> tanh(random(r, less));
            case 2 -> softplus(random(r, less));
            case 3 -> exp(min(random(r, less), 3));
            case 4 -> erf(random(r, less));
            case 5 -> normalCdf(random(r, less));
            case 6 -> gaussian(random(r, less));
            case 7 -> X.times(random(r, less));
            case 8 -> max(random(r, less), -r.nextInt(3));
            case 9 -> min(random(r, less), 1.0 + r.nextInt(3));
            case 10 -> clamp(random(r, less), -1 - r.nextInt(3), 1.0 + r.nextInt(3));
            case 11 -> select(random(r, half / 2), random(r, half), random(r, half));
            case 12 -> random(r, half).plus(random(r, half));
            case 13 -> random(r, half).times(random(r, half));
            case 14 -> random(r, half).minus(random(r, half).times(r.nextFloat()));
            case 15 -> random(r, less).times(0.5 + r.nextFloat());
            case 16 -> random(r, half).over(abs(random(r, half)).plus(1));
            default -> expm1(min(random(r, less), 0));
        };
    }
}
