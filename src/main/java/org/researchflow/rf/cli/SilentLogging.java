package org.researchflow.rf.cli;

/**
 * A logging configuration without handlers. {@code java.util.logging} creates it where it would read its properties, so
 * that libraries cannot write to the terminal, at no cost when nothing logs.
 */
public final class SilentLogging {}
