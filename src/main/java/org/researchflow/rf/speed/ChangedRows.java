package org.researchflow.rf.speed;

import java.nio.ByteBuffer;
import java.util.ArrayList;
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
    private final Map<KeptRows, List<byte[]>> portions;

    /**
     * Rows in portions.
     *
     * @param size how many resources there are
     * @param portions by view, the packed rows of some of them one behind the other
     */
    ChangedRows(int size, Map<KeptRows, List<byte[]>> portions) {
        this.size = size;
        this.portions = Map.copyOf(portions);
        for (KeptRows view : portions.keySet()) {
            if (resources(view).size() != size) {
                throw new IllegalArgumentException("not the rows of every resource");
            }
        }
    }

    /** How many resources changed. */
    public int size() {
        return size;
    }

    /** Where one resource's rows are packed: from its key on. */
    private record Packed(ByteBuffer portion, int start) {

        int keyLength() {
            return Integer.BYTES + portion.getInt(start);
        }

        int rows() {
            return portion.getInt(start + keyLength());
        }

        int firstRow() {
            return start + keyLength() + Integer.BYTES;
        }
    }

    private List<Packed> resources(KeptRows view) {
        List<Packed> resources = new ArrayList<>(size);
        for (byte[] portion : portions.getOrDefault(view, List.of())) {
            ByteBuffer bytes = ByteBuffer.wrap(portion);
            for (int at = 0; at < portion.length; at += Integer.BYTES + bytes.getInt(at)) {
                resources.add(new Packed(bytes, at + Integer.BYTES));
            }
        }
        return resources;
    }

    /** Their keys, as an array of texts in PostgreSQL's binary format. */
    public byte[] keys() {
        TextArray keys = new TextArray();
        for (Packed resource : resources(portions.keySet().iterator().next())) {
            keys.add(resource.portion().array(), resource.start(), resource.keyLength());
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
        for (Packed resource : resources(view)) {
            byte[] bytes = resource.portion().array();
            int at = resource.firstRow();
            for (int row = 0; row < resource.rows(); row++) {
                for (int column = 0; column < width; column++) {
                    int start = at;
                    int length = Integer.BYTES + Math.max(0, resource.portion().getInt(start));
                    byPosition.get(column).ifPresent(array -> array.add(bytes, start, length));
                    at += length;
                }
            }
        }
        return arrays.stream().map(TextArray::bytes).toList();
    }

    /** How many rows a view makes of them. */
    public int rows(KeptRows view) {
        return resources(view).stream().mapToInt(Packed::rows).sum();
    }
}
