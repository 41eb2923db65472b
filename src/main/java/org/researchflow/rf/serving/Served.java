package org.researchflow.rf.serving;

import java.util.Map;

/**
 * What a question was answered from.
 *
 * @param <T> what was made of the rows
 * @param result what was made of the rows
 * @param relations where the rows came from, and their moment
 * @param timings the milliseconds of each step
 */
public record Served<T>(T result, Relations relations, Map<String, Double> timings) {}
