package org.researchflow.rf.db;

import java.security.GeneralSecurityException;
import java.text.NumberFormat;
import java.util.Calendar;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** What every connection needs of Java, loaded by a thread of its own while a command is still being read. */
public final class LoginAhead {

    private static final int KEY_BITS = 256;

    private LoginAhead() {}

    /** Begins at once, and is waited for by nobody. */
    public static void begin() {
        Thread.ofPlatform().daemon().name("rf-login").start(LoginAhead::load);
    }

    private static void load() {
        try {
            // A login by SCRAM is what PostgreSQL asks for by default, and takes the longest: Java looks through its
            // providers of ciphers for it. The driver itself the command comes to at once, and loads it better alone.
            Mac.getInstance("HmacSHA256");
            SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(new char[] {'-'}, new byte[] {0}, 1, KEY_BITS));
            NumberFormat.getIntegerInstance(Locale.ROOT);
            Calendar.getInstance(Locale.ROOT);
        } catch (GeneralSecurityException _) {
            // The login says so, if it needs what is missing.
        }
    }
}
