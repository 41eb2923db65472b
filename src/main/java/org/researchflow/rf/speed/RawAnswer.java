package org.researchflow.rf.speed;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer of Redis as lists in lists, whose items are numbers, or bytes as they came: rows are passed on to PostgreSQL,
 * and nobody has to make characters of them in between.
 */
final class RawAnswer extends CommandOutput<String, String, List<Object>> {

    private final Deque<List<Object>> around = new ArrayDeque<>();
    private boolean begun;

    RawAnswer() {
        super(StringCodec.UTF8, new ArrayList<>());
    }

    @Override
    public void set(@Nullable ByteBuffer text) {
        add(text == null ? null : bytes(text));
    }

    private static byte[] bytes(ByteBuffer text) {
        byte[] bytes = new byte[text.remaining()];
        text.get(bytes);
        return bytes;
    }

    @Override
    public void set(long number) {
        add(number);
    }

    @SuppressWarnings("NullAway") // a field that a hash does not have is a null in the answer
    private void add(@Nullable Object item) {
        output.add(item);
    }

    @Override
    public void multi(int count) {
        if (!begun) {
            begun = true;
            return;
        }
        List<Object> inner = new ArrayList<>(Math.max(count, 0));
        output.add(inner);
        around.push(output);
        output = inner;
    }

    @Override
    public void complete(int depth) {
        if (depth > 0 && depth <= around.size()) {
            output = around.pop();
        }
    }
}
