package org.researchflow.rf.terminology;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The codes of one system, and which is directly below which: a code can be below several.
 *
 * @param system its URI
 * @param codes each once
 * @param links each once, none to a code that is not among the codes
 */
public record CodeTree(String system, Optional<String> version, List<String> codes, List<Link> links) {

    public CodeTree {
        codes = Collections.unmodifiableList(codes);
        links = Collections.unmodifiableList(links);
    }

    /**
     * That one code is below another.
     *
     * @param child its place among the codes
     * @param parent the other's
     */
    public record Link(int child, int parent) {}

    /** Codes and links as they are read. */
    static final class Growing {

        private final Map<String, Integer> places = new LinkedHashMap<>();
        private final Set<Link> links = new LinkedHashSet<>();

        int place(String code) {
            int next = places.size();
            return places.computeIfAbsent(code, _ -> next);
        }

        void link(int child, int parent) {
            links.add(new Link(child, parent));
        }

        CodeTree grown(String system, Optional<String> version) {
            return new CodeTree(system, version, new ArrayList<>(places.keySet()), new ArrayList<>(links));
        }
    }

    /** Equal for equal content in the same order. */
    String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            update(digest, version.orElse(""));
            codes.forEach(code -> update(digest, code));
            for (Link link : links) {
                digest.update((link.child() + " " + link.parent() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** With its length in front: whatever is in it, it can't be taken for two. */
    private static void update(MessageDigest digest, String text) {
        digest.update((text.length() + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Codes each of which is below the next, and the last is the first again; none where no code is above itself. */
    List<String> circle() {
        int[] above = new int[codes.size()];
        int[] first = new int[codes.size() + 1];
        for (Link link : links) {
            above[link.child()]++;
            first[link.parent() + 1]++;
        }
        for (int i = 0; i < codes.size(); i++) {
            first[i + 1] += first[i];
        }
        int[] children = new int[links.size()];
        int[] next = first.clone();
        for (Link link : links) {
            children[next[link.parent()]++] = link.child();
        }
        int[] free = new int[codes.size()];
        int found = 0;
        for (int i = 0; i < codes.size(); i++) {
            if (above[i] == 0) {
                free[found++] = i;
            }
        }
        for (int done = 0; done < found; done++) {
            for (int at = first[free[done]]; at < first[free[done] + 1]; at++) {
                if (--above[children[at]] == 0) {
                    free[found++] = children[at];
                }
            }
        }
        return found == codes.size() ? List.of() : circleAmong(above);
    }

    /** Goes up from one that has something above itself that has, too, until it comes by a second time. */
    private List<String> circleAmong(int[] above) {
        int[] parent = new int[codes.size()];
        for (Link link : links) {
            if (above[link.child()] > 0 && above[link.parent()] > 0) {
                parent[link.child()] = link.parent();
            }
        }
        int at = 0;
        while (above[at] == 0) {
            at++;
        }
        List<Integer> path = new ArrayList<>();
        Set<Integer> seen = new LinkedHashSet<>();
        while (seen.add(at)) {
            path.add(at);
            at = parent[at];
        }
        path.add(at);
        return path.subList(path.indexOf(at), path.size()).stream()
                .map(codes::get)
                .toList();
    }
}
