package io.github.dl4jx.init.health;

import java.util.List;

/** One thing that the doctor looks for; {@link Doctor} has the list. A rule sees the subject alone, and no other rule. */
@FunctionalInterface
interface Rule {
    /** What it finds; empty where all is well, or where the subject does not show what it would have to see. */
    List<Finding> check(Subject subject);
}
