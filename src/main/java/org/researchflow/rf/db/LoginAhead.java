package org.researchflow.rf.db;

import java.security.GeneralSecurityException;
import java.security.Security;
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

    private static final String PREFERRED = "jdk.security.provider.preferred";

    private LoginAhead() {}

    /** Begins at once, and is waited for by nobody. */
    public static void begin() {
        Thread.ofPlatform().daemon().name("rf-login").start(LoginAhead::load);
    }

    /**
     * Java asks its providers in their order, and loads each that it comes to: those of RSA, of elliptic curves and of TLS
     * before the one that can do this. Who has put another one first wants that one.
     */
    private static void preferJavasOwn() {
        if ("SUN".equals(Security.getProperty("security.provider.1")) && Security.getProperty(PREFERRED) == null) {
            Security.setProperty(PREFERRED, "Mac.HmacSHA256:SunJCE, SecretKeyFactory.PBKDF2WithHmacSHA256:SunJCE");
        }
    }

    private static void load() {
        try {
            // In the order in which pgjdbc comes to them; a login by SCRAM is what PostgreSQL asks for by default.
            new Driver();
            NumberFormat.getIntegerInstance(Locale.ROOT);
            preferJavasOwn();
            Mac.getInstance("HmacSHA256");
            SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(new char[] {'-'}, new byte[] {0}, 1, KEY_BITS));
            Calendar.getInstance(Locale.ROOT);
        } catch (GeneralSecurityException _) {
            // The login says so, if it needs what is missing.
        }
    }
}
