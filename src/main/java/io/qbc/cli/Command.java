package io.qbc.cli;

import java.util.function.ToIntFunction;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A command beside {@code run}: its name, its options, and what it does; the action gives the exit code. */
public record Command(String name, CommandSpec spec, ToIntFunction<ParseResult> action) {}
