package io.github.dl4jx.examples.demo;

import java.util.List;

/**
 * A claim about one number.
 *
 * @param claim what the number is, and says
 * @param measured the number
 * @param least the claim holds from here ...
 * @param most ... to here, both included
 * @param ours whether the demonstration stands by the claim; else it is one of others, and put to the test
 */
record Check(String claim, double measured, double least, double most, boolean ours) {
    /** The columns of {@link #cells}. */
    static final List<String> HEADER = List.of("claim", "measured", "needed", "verdict");

    static Check equal(String claim, double measured, double wanted) {
        return new Check(claim, measured, wanted, wanted, true);
    }

    static Check atLeast(String claim, double measured, double least) {
        return new Check(claim, measured, least, Double.POSITIVE_INFINITY, true);
    }

    static Check atMost(String claim, double measured, double most) {
        return new Check(claim, measured, Double.NEGATIVE_INFINITY, most, true);
    }

    static Check between(String claim, double measured, double least, double most) {
        return new Check(claim, measured, least, most, true);
    }

    /** The same as a claim of others: it may turn out wrong without harm. */
    Check ofOthers() {
        return new Check(claim, measured, least, most, false);
    }

    /** Never for NaN. */
    boolean holds() {
        return measured >= least && measured <= most;
    }

    /** Whether a claim of ours does not hold. */
    boolean fails() {
        return ours && !holds();
    }

    List<String> cells() {
        return List.of(claim, Table.number(measured), needed(), verdict());
    }

    private String needed() {
        if (least == most) {
            return "= " + Table.number(least);
        }
        if (most == Double.POSITIVE_INFINITY) {
            return "≥ " + Table.number(least);
        }
        return least == Double.NEGATIVE_INFINITY
                ? "≤ " + Table.number(most)
                : Table.number(least) + " to " + Table.number(most);
    }

    private String verdict() {
        if (ours) {
            return holds() ? "HOLDS" : "FAILS";
        }
        return holds() ? "others' claim: holds here" : "others' claim: does not hold here";
    }
}
