package org.researchflow.rf.db;

import java.security.GeneralSecurityException;
import java.text.NumberFormat;
import java.util.Calendar;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.postgresql.Driver;

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
            // In the order in which pgjdbc comes to them; a login by SCRAM is what PostgreSQL asks for by default.
            new Driver();
            NumberFormat.getIntegerInstance(Locale.ROOT);
            Mac.getInstance("HmacSHA256");
            SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(new char[] {'-'}, new byte[] {0}, 1, KEY_BITS));
            Calendar.getInstance(Locale.ROOT);
        } catch (GeneralSecurityException _) {
            // The login says so, if it needs what is missing.
        }
    }
}
