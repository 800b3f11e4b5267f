/** The lectures' demonstrations: small runs, each with a picture and with claims that are put to the test. */
@NullMarked
package io.github.dl4jx.examples.demo;

import org.jspecify.annotations.NullMarked;
