package io.github.dl4jx.init;

/** The number of connections that a variance is divided by. */
public enum Fan {
    /** Inputs of a unit: keeps the variance of activations forwards. */
    IN {
        @Override
        double of(double fanIn, double fanOut) {
            return fanIn;
        }
    },

    /** Outputs that a unit feeds: keeps the variance of gradients backwards. */
    OUT {
        @Override
        double of(double fanIn, double fanOut) {
            return fanOut;
        }
    },

    /** The arithmetic mean of both: Glorot's compromise. */
    AVERAGE {
        @Override
        double of(double fanIn, double fanOut) {
            return (fanIn + fanOut) / 2;
        }
    };

    abstract double of(double fanIn, double fanOut);
}
