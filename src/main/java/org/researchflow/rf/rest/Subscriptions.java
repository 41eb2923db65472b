package org.researchflow.rf.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;

/**
 * Subscriptions of R4 with a rest-hook channel, one for each resource type, that make a FHIR server say that something
 * changed. Each has an id of its own for its endpoint, so that registering it again changes nothing.
 *
 * @param endpoint where the server says it, as the server reaches it
 */
public record Subscriptions(URI endpoint) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Deletions are told by HAPI only if asked for. */
    private static final String DELETIONS =
            "http://hapifhir.io/fhir/StructureDefinition/subscription-send-delete-messages";

    private static final int DIGITS = 12;

    private static final Set<String> AT_WORK = Set.of("requested", "active");

    /**
     * The resource that is to be registered for a type.
     *
     * @param secret that the server has to show
     */
    public Map<String, @Nullable Object> document(String resourceType, String secret) {
        return JSON.convertValue(subscription(resourceType, secret), new TypeReference<>() {});
    }

    private ObjectNode subscription(String resourceType, String secret) {
        ObjectNode subscription = JSON.createObjectNode();
        subscription.put("resourceType", "Subscription");
        subscription.put("id", id(resourceType));
        subscription.put("status", "requested");
        subscription.put("reason", "rf poll-fhir is told that something changed");
        subscription.put("criteria", resourceType + "?");
        ObjectNode channel = subscription.putObject("channel");
        ObjectNode deletions = channel.putArray("extension").addObject();
        deletions.put("url", DELETIONS);
        deletions.put("valueBoolean", true);
        channel.put("type", "rest-hook");
        channel.put("endpoint", endpoint.toString());
        channel.put("payload", "application/fhir+json");
        channel.putArray("header").add("Authorization: " + WakeUps.authorization(secret));
        return subscription;
    }

    private String id(String resourceType) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(endpoint.toString().getBytes(StandardCharsets.UTF_8));
            return "rf-" + HexFormat.of().formatHex(digest).substring(0, DIGITS) + "-"
                    + resourceType.toLowerCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Registers those that the server does not have as they are to be; returns how many it did not. */
    public int register(FhirServer server, List<String> resourceTypes, String secret) throws InterruptedException {
        int registered = 0;
        for (String type : resourceTypes) {
            ObjectNode wanted = subscription(type, secret);
            URI address = server.address("Subscription/" + id(type));
            FhirServer.Said known = server.say("GET", address, "");
            if (known.status() == 200 && isThere(known.body(), wanted)) {
                continue;
            }
            FhirServer.Said said = server.say("PUT", address, wanted.toString());
            if (said.status() != 200 && said.status() != 201) {
                throw Failure.failed("the FHIR server does not take the Subscription of " + type)
                        .note("why", "HTTP " + said.status())
                        .note("note", "it may not allow Subscriptions, rest-hooks, or ids that a client chooses")
                        .note("try", "without --subscribe  the Subscriptions to register by hand are printed");
            }
            registered++;
        }
        return registered;
    }

    private static boolean isThere(String known, JsonNode wanted) {
        try {
            JsonNode there = JSON.readTree(known);
            return AT_WORK.contains(there.path("status").asText())
                    && there.path("criteria").equals(wanted.path("criteria"))
                    && there.path("channel").equals(wanted.path("channel"));
        } catch (JsonProcessingException _) {
            return false;
        }
    }
}
