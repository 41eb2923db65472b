package org.researchflow.rf.sql.reference;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The comparison of dates and dateTimes component by component, as FHIRPath describes it. */
final class Moments {

    private static final String DATE = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?";

    private Moments() {}

    static boolean is(String text) {
        return text.matches(DATE + "|[0-9]{4}-[0-9]{2}-[0-9]{2}T.*");
    }

    /** Their order; nothing where one ends before they differ. */
    static OptionalInt compare(String left, String right) {
        List<BigDecimal> a = components(left);
        List<BigDecimal> b = components(right);
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = a.get(i).compareTo(b.get(i));
            if (order != 0) {
                return OptionalInt.of(order);
            }
        }
        return a.size() == b.size() ? OptionalInt.of(0) : OptionalInt.empty();
    }

    // Seconds and their fraction are one component; what has a time of day is brought to UTC first.
    private static List<BigDecimal> components(String text) {
        int clock = text.indexOf('T');
        if (clock < 0) {
            return List.of(text.split("-")).stream().map(BigDecimal::new).toList();
        }
        String rest = text.substring(clock + 1);
        boolean zoned = rest.matches(".*(Z|[+-][0-9]{2}:[0-9]{2})");
        OffsetDateTime utc = OffsetDateTime.parse(zoned ? text : text + "Z").withOffsetSameInstant(ZoneOffset.UTC);
        List<BigDecimal> components = new ArrayList<>(List.of(
                BigDecimal.valueOf(utc.getYear()),
                BigDecimal.valueOf(utc.getMonthValue()),
                BigDecimal.valueOf(utc.getDayOfMonth()),
                BigDecimal.valueOf(utc.getHour()),
                BigDecimal.valueOf(utc.getMinute())));
        if (rest.matches("[0-9]{2}:[0-9]{2}:.*")) {
            components.add(BigDecimal.valueOf(utc.getSecond())
                    .add(BigDecimal.valueOf(utc.getNano()).movePointLeft(9)));
        }
        return components;
    }
}
