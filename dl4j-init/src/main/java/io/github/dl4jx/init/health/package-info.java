/** Tells a healthy network from one that vanishes, explodes, dies or saturates: the monitor in training, the doctor before it. */
@NullMarked
package io.github.dl4jx.init.health;

import org.jspecify.annotations.NullMarked;
