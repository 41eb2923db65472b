package org.researchflow.rf.plan;

import java.util.List;
import java.util.Optional;

/** A collection in its order: what a FHIRPath expression that can give several values compiles to. */
public sealed interface Items {

    /** The type of each item. */
    Type type();

    /** The one value, or nothing. */
    record One(Value value) implements Items {
        @Override
        public Type type() {
            return value.type();
        }
    }

    /** The items of a repeating element: a JSON array in a member of an object. */
    record Elements(Value object, String name, Type type) implements Items {}

    /** The items of {@code each}, for every item of {@code source} in turn. */
    record Each(Items source, Var item, Items each) implements Items {
        @Override
        public Type type() {
            return each.type();
        }
    }

    /** The items for which the condition is true. */
    record Filter(Items source, Var item, Value condition) implements Items {
        @Override
        public Type type() {
            return source.type();
        }
    }

    /** The items of all parts, one part after the other. */
    record Concat(List<Items> parts) implements Items {
        public Concat {
            parts = List.copyOf(parts);
        }

        @Override
        public Type type() {
            return Type.commonType(parts.stream().map(Items::type).toList());
        }
    }

    /**
     * Every node that the first paths lead to, and that the next paths lead to from each node found, again and again:
     * depth first, a node before what is below it.
     */
    record Descendants(List<Items> first, Var node, List<Items> next) implements Items {
        public Descendants {
            first = List.copyOf(first);
            next = List.copyOf(next);
        }

        @Override
        public Type type() {
            return node.type();
        }
    }

    /** Each item once, where it comes first. */
    record Distinct(Items source) implements Items {
        @Override
        public Type type() {
            return source.type();
        }
    }

    /** The items without the first ones, and of these only as many as wanted. */
    record Slice(Items source, Value skip, Optional<Value> take) implements Items {
        @Override
        public Type type() {
            return source.type();
        }
    }

    /** The same items, for a step that asks for their positions. */
    record Numbered(Items source) implements Items {
        @Override
        public Type type() {
            return source.type();
        }
    }

    /** The pieces of a text between separators; its characters when the separator is empty. */
    record Split(Value text, Value separator) implements Items {
        @Override
        public Type type() {
            return Type.STRING;
        }
    }
}
