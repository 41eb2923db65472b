package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command line without anything unusual, which is read without picocli: half of a short command's time would be for the
 * annotations of options that nobody typed. Options are spelled out, and have their value behind an equals sign or as the
 * next word. All else, wrong or right, is left to picocli: what is read here is read as there, or not at all.
 */
final class PlainLine {

    private final String[] words;
    private final BitSet taken = new BitSet();
    private final List<String> values = new ArrayList<>();
    private int begin;
    private boolean plain = true;

    private PlainLine(String... words) {
        this.words = words;
    }

    /** What is asked for; empty where picocli has to read it. */
    static Optional<CommandTree.Chosen> read(List<CommandEntry> entries, String... words) {
        return new PlainLine(words).chosen(entries);
    }

    private Optional<CommandTree.Chosen> chosen(List<CommandEntry> entries) {
        GlobalOptions options = new GlobalOptions();
        options.fill(this);
        @Nullable CommandEntry command = null;
        List<CommandEntry> below = entries;
        Set<String> names = names(entries);
        for (int i = taken.nextClearBit(0); i < words.length; i = taken.nextClearBit(i)) {
            @Nullable CommandEntry next = named(below, words[i]);
            if (next == null) {
                break;
            }
            take(i);
            command = next;
            below = next.commands();
            names.addAll(names(below));
            // A command's own options stand behind its name.
            begin = i + 1;
        }
        if (command == null || !(command.create().get() instanceof PlainOptions own)) {
            return Optional.empty();
        }
        own.fill(this);
        for (String value : values) {
            // Picocli takes a command's name for the command, wherever on the way it stands.
            plain &= !names.contains(value);
        }
        return plain && taken.cardinality() == words.length
                ? Optional.of(new CommandTree.Chosen(options, own, Optional.empty()))
                : Optional.empty();
    }

    private static Set<String> names(List<CommandEntry> entries) {
        Set<String> names = new HashSet<>();
        for (CommandEntry entry : entries) {
            names.add(entry.name());
        }
        return names;
    }

    private static @Nullable CommandEntry named(List<CommandEntry> entries, String name) {
        for (CommandEntry entry : entries) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        return null;
    }

    /** Whether an option without a value is there. */
    boolean flag(String... names) {
        boolean found = false;
        for (int i = taken.nextClearBit(begin); i < words.length; i = taken.nextClearBit(i + 1)) {
            if (Arrays.asList(names).contains(words[i])) {
                plain &= !found;
                found = true;
                take(i);
            }
        }
        return found;
    }

    /** The value of an option that is there once at most. */
    @Nullable
    String value(String... names) {
        List<String> found = values(names);
        plain &= found.size() <= 1;
        return found.isEmpty() ? null : found.getFirst();
    }

    /** The value of an option that takes one of these. */
    <E extends Enum<E>> @Nullable E choice(E[] among, String... names) {
        @Nullable String value = value(names);
        if (value == null) {
            return null;
        }
        for (E one : among) {
            if (one.name().equalsIgnoreCase(value)) {
                return one;
            }
        }
        plain = false;
        return null;
    }

    /** The values of an option that can be there several times, in their order. */
    List<String> values(String... names) {
        List<String> found = new ArrayList<>();
        for (int i = taken.nextClearBit(begin); i < words.length; i = taken.nextClearBit(i + 1)) {
            for (String name : names) {
                if (words[i].equals(name)) {
                    take(i);
                    i++;
                    found.add(i < words.length && !taken.get(i) ? take(i) : "");
                    break;
                }
                if (name.startsWith("--") && words[i].startsWith(name + "=")) {
                    found.add(take(i).substring(name.length() + 1));
                    break;
                }
            }
        }
        for (String value : found) {
            plain &= !value.isEmpty() && value.charAt(0) != '-';
        }
        values.addAll(found);
        return found;
    }

    private String take(int index) {
        taken.set(index);
        return words[index];
    }
}
