package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.SetAsideResource;

/**
 * The live resources that have no rows in a view, as people and programs read them.
 *
 * @param resources for people only the first of them
 * @param more whether there are more
 */
record SetAsideReport(List<SetAsideResource> resources, boolean more) {

    private static final int SHOWN = 20;

    static SetAsideReport read(Invocation rf, Batch batch, String view, boolean showKeys) {
        if (rf.output().format() != OutputFormat.TABLE) {
            return new SetAsideReport(batch.setAside(view, showKeys, Optional.empty()), false);
        }
        List<SetAsideResource> some = batch.setAside(view, showKeys, Optional.of(SHOWN + 1L));
        return new SetAsideReport(some.stream().limit(SHOWN).toList(), some.size() > SHOWN);
    }

    void addTo(RowSink sink) {
        sink.about("setAside", resources.stream().map(SetAsideReport::members).toList());
        if (!resources.isEmpty()) {
            List<String> lines = new ArrayList<>();
            lines.add("without rows in it:");
            resources.forEach(resource -> lines.add("  " + resource.resource() + ", version " + resource.version()
                    + ": "
                    + resource.message()
                    + resource.column().map(column -> ", column " + column).orElse("")));
            if (more) {
                lines.add("  and more; all of them with  -o json");
            }
            sink.footer(String.join("\n", lines));
        }
    }

    private static Map<String, @Nullable Object> members(SetAsideResource resource) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("resource", resource.resource());
        members.put("version", resource.version());
        members.put("reason", resource.reason().name());
        members.put("column", resource.column().orElse(null));
        members.put("message", resource.message());
        members.put("since", resource.since());
        return members;
    }
}
