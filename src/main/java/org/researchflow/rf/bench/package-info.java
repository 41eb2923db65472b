/** What rf costs and gains on somebody's own data: workloads, measuring, gates and reports. */
package org.researchflow.rf.bench;
