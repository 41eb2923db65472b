package org.researchflow.rf.sql.reference;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.Optional;

/** {@code lowBoundary} and {@code highBoundary}, written out by what the specification's tables of examples say. */
final class Boundaries {

    private Boundaries() {}

    /** Of a date, with 4, 6 or 8 digits; nothing for another number of them. */
    static Optional<String> ofDate(String date, boolean high, int digits) {
        return switch (digits) {
            case 4 -> Optional.of(day(date, high).substring(0, 4));
            case 6 -> Optional.of(day(date, high).substring(0, 7));
            case 8 -> Optional.of(day(date, high));
            default -> Optional.empty();
        };
    }

    private static String day(String date, boolean high) {
        return switch (date.length()) {
            case 4 -> date + (high ? "-12-31" : "-01-01");
            case 7 -> date + "-" + (high ? YearMonth.parse(date).lengthOfMonth() : "01");
            default -> date;
        };
    }

    /** Of a dateTime, with up to 17 digits; the zone is kept, or is the one in which the boundary is outermost. */
    static Optional<String> ofDateTime(String text, boolean high, int digits) {
        if (digits <= 8) {
            return ofDate(text.length() > 10 ? text.substring(0, 10) : text, high, digits);
        }
        int clock = text.indexOf('T');
        String far = high ? "-12:00" : "+14:00";
        String day = day(clock < 0 ? text : text.substring(0, clock), high);
        String time = "";
        String zone = far;
        if (clock >= 0) {
            String rest = text.substring(clock + 1);
            int mark = Math.max(rest.indexOf('Z'), Math.max(rest.indexOf('+'), rest.indexOf('-')));
            time = mark < 0 ? rest : rest.substring(0, mark);
            zone = mark < 0 ? far : rest.substring(mark);
        }
        String full = time + (high ? "23:59:59.999" : "00:00:00.000").substring(time.length());
        return switch (digits) {
            case 10 -> Optional.of(day + "T" + full.substring(0, 2) + zone);
            case 12 -> Optional.of(day + "T" + full.substring(0, 5) + zone);
            case 14 -> Optional.of(day + "T" + full.substring(0, 8) + zone);
            case 17 -> Optional.of(day + "T" + full + zone);
            default -> Optional.empty();
        };
    }

    /** Of a decimal: half a unit of its last written digit to either side, then outwards to so many places. */
    static BigDecimal ofDecimal(BigDecimal number, boolean high, Optional<Integer> places) {
        BigDecimal half = new BigDecimal("0.5").movePointLeft(Math.max(number.scale(), 0));
        BigDecimal edge = high ? number.add(half) : number.subtract(half);
        return places.map(p -> edge.setScale(p, high ? RoundingMode.CEILING : RoundingMode.FLOOR))
                .orElse(edge);
    }
}
