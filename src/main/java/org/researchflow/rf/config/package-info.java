/** What rf can be told to do, and by whom: flags, variables and TOML files into values with their origin. Opens nothing else. */
@NullMarked
package org.researchflow.rf.config;

import org.jspecify.annotations.NullMarked;
