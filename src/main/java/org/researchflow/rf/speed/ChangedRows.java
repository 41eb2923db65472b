package org.researchflow.rf.speed;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The changed resources of one type, and the rows that some views make of them now: {@link PackedRows} of every one of
 * them for every view, deleted ones included.
 */
public final class ChangedRows {

    private final int size;
    private final Map<KeptRows, List<byte[]>> packed;

    ChangedRows(int size, Map<KeptRows, List<byte[]>> packed) {
        this.size = size;
        this.packed = Map.copyOf(packed);
        if (packed.isEmpty() || packed.values().stream().anyMatch(each -> each.size() != size)) {
            throw new IllegalArgumentException("not the rows of every resource");
        }
    }

    /** How many resources changed. */
    public int size() {
        return size;
    }

    /** Their keys, as an array of texts in PostgreSQL's binary format. */
    public byte[] keys() {
        TextArray keys = new TextArray();
        for (byte[] resource : packed.values().iterator().next()) {
            keys.add(resource, 0, Integer.BYTES + ByteBuffer.wrap(resource).getInt());
        }
        return keys.bytes();
    }

    /**
     * Columns of a view's rows, each as an array of texts in PostgreSQL's binary format.
     *
     * @param width how many columns the view has
     * @param wanted the positions of those that are wanted, counted from 0
     */
    public List<byte[]> columns(KeptRows view, int width, List<Integer> wanted) {
        List<TextArray> arrays =
                Stream.generate(TextArray::new).limit(wanted.size()).toList();
        List<Optional<TextArray>> byPosition = Stream.iterate(0, i -> i < width, i -> i + 1)
                .map(i -> wanted.contains(i) ? Optional.of(arrays.get(wanted.indexOf(i))) : Optional.<TextArray>empty())
                .toList();
        for (byte[] resource : packed.getOrDefault(view, List.of())) {
            ByteBuffer lengths = ByteBuffer.wrap(resource);
            int at = Integer.BYTES + lengths.getInt();
            int rows = lengths.getInt(at);
            at += Integer.BYTES;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < width; column++) {
                    int start = at;
                    int length = Integer.BYTES + Math.max(0, lengths.getInt(start));
                    byPosition.get(column).ifPresent(array -> array.add(resource, start, length));
                    at += length;
                }
            }
        }
        return arrays.stream().map(TextArray::bytes).toList();
    }

    /** How many rows a view makes of them. */
    public int rows(KeptRows view) {
        return packed.getOrDefault(view, List.of()).stream()
                .mapToInt(resource -> {
                    ByteBuffer lengths = ByteBuffer.wrap(resource);
                    return lengths.getInt(Integer.BYTES + lengths.getInt());
                })
                .sum();
    }
}
