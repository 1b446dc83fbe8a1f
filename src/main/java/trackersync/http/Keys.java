package trackersync.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import trackersync.settings.Settings;

/**
 * Which tokens are believed: exactly one of {@code auth.jwks} (RS256), {@code auth.jwt-secret}
 * (HS256) or {@code auth.mode=dev}, a secret under {@code data/keys} with an issuer of its own.
 */
public final class Keys {
  /** Issuer of tokens minted in development; never believed otherwise. */
  public static final String DEV_ISSUER = "tracker-sync-dev";

  static final String DEV_AUDIENCE = "tracker-sync";
  static final Duration LIFETIME_MAX = Duration.ofDays(30);
  private static final int SECRET_BYTES_MIN = 32;
  private static final int RSA_BITS_MIN = 2048;

  private final JWKSource<SecurityContext> source;
  private final JWSAlgorithm algorithm;
  private final String issuer;
  private final String audience;
  private final byte[] devSecret;

  private Keys(
      JWKSource<SecurityContext> source,
      JWSAlgorithm algorithm,
      String issuer,
      String audience,
      byte[] devSecret) {
    this.source = source;
    this.algorithm = algorithm;
    this.issuer = issuer;
    this.audience = audience;
    this.devSecret = devSecret;
  }

  /**
   * @throws IllegalStateException naming the setting and the cure, when there is no key, more than
   *     one, a weak one, or development is asked for on an address others can reach
   */
  public static Keys open(Settings settings) {
    boolean dev = settings.get("auth.mode").equals("dev");
    Optional<String> jwks = settings.find("auth.jwks");
    Optional<String> secret = settings.find("auth.jwt-secret");
    long kinds = (dev ? 1 : 0) + (jwks.isPresent() ? 1 : 0) + (secret.isPresent() ? 1 : 0);
    if (kinds == 0) {
      throw new IllegalStateException(
          "no key to check tokens with. Set auth.jwks (file or https address of the identity"
              + " provider's key set) or auth.jwt-secret (32 bytes or more), with auth.issuer and"
              + " auth.audience; or auth.mode=dev on a machine of your own.");
    }
    if (kinds > 1) {
      throw new IllegalStateException(
          "auth.jwks, auth.jwt-secret and auth.mode=dev exclude each other: keep one.");
    }
    return dev ? development(settings) : production(settings, jwks, secret);
  }

  private static Keys development(Settings settings) {
    String host = settings.get("http.host");
    if (!isLoopback(host)) {
      throw new IllegalStateException(
          "auth.mode=dev mints tokens for anybody who can read data/keys, so http.host must be a"
              + " loopback address; it is "
              + host
              + ". Set http.host=127.0.0.1, or auth.jwks or auth.jwt-secret in place of auth.mode.");
    }
    byte[] secret =
        SecretFile.readOrCreate(settings.data().resolve("keys/jwt-secret"))
            .getBytes(StandardCharsets.US_ASCII);
    return new Keys(
        new ImmutableSecret<>(secret), JWSAlgorithm.HS256, DEV_ISSUER, DEV_AUDIENCE, secret);
  }

  private static Keys production(
      Settings settings, Optional<String> jwks, Optional<String> secret) {
    String issuer = required(settings, "auth.issuer", "the iss of its tokens");
    String audience = required(settings, "auth.audience", "the aud of tokens meant for us");
    if (issuer.equals(DEV_ISSUER)) {
      throw new IllegalStateException(
          "auth.issuer is the development issuer "
              + DEV_ISSUER
              + ", which is believed with auth.mode=dev only. Set your provider's issuer.");
    }
    return jwks.map(
            location ->
                new Keys(keySet(settings, location), JWSAlgorithm.RS256, issuer, audience, null))
        .orElseGet(() -> new Keys(shared(secret), JWSAlgorithm.HS256, issuer, audience, null));
  }

  private static JWKSource<SecurityContext> shared(Optional<String> secret) {
    byte[] bytes = secret.orElseThrow().getBytes(StandardCharsets.UTF_8);
    if (bytes.length < SECRET_BYTES_MIN) {
      throw new IllegalStateException(
          "auth.jwt-secret has "
              + bytes.length
              + " bytes; HS256 needs "
              + SECRET_BYTES_MIN
              + " or more. Make one with: openssl rand -base64 48");
    }
    return new ImmutableSecret<>(bytes);
  }

  private static JWKSource<SecurityContext> keySet(Settings settings, String location) {
    try {
      if (location.startsWith("https://") || location.startsWith("http://")) {
        URI uri = URI.create(location);
        if (uri.getScheme().equals("http") && !isLoopback(uri.getHost())) {
          throw new IllegalStateException("auth.jwks must be a file or an https address.");
        }
        return JWKSourceBuilder.<SecurityContext>create(uri.toURL()).retrying(true).build();
      }
      Path file = settings.home().resolve(location);
      JWKSet keys = JWKSet.load(file.toFile());
      List<JWK> usable = keys.getKeys().stream().filter(Keys::strong).toList();
      if (usable.isEmpty()) {
        throw new IllegalStateException(
            "auth.jwks: " + file + " holds no RSA key of " + RSA_BITS_MIN + " bits or more.");
      }
      return new ImmutableJWKSet<>(new JWKSet(usable));
    } catch (IOException | ParseException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "auth.jwks cannot be read as a JSON Web Key Set: " + location, e);
    }
  }

  private static boolean strong(JWK key) {
    return key instanceof RSAKey rsa && rsa.size() >= RSA_BITS_MIN;
  }

  private static String required(Settings settings, String key, String what) {
    return settings
        .find(key)
        .orElseThrow(() -> new IllegalStateException(key + " is not set. Set it to " + what + "."));
  }

  static boolean isLoopback(String host) {
    try {
      return host != null && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Whether tokens can be minted here. */
  public boolean isDevelopment() {
    return devSecret != null;
  }

  /**
   * Mints a development token.
   *
   * @param subject whom it names; printable, at most 200 characters
   * @param roles words such as {@code viewer}; at least one
   * @param lifetime at most 30 days
   * @throws IllegalStateException outside {@code auth.mode=dev}
   * @throws IllegalArgumentException naming what cannot be used
   */
  public String mint(String subject, Collection<String> roles, Duration lifetime) {
    if (!isDevelopment()) {
      throw new IllegalStateException(
          "tokens are minted with auth.mode=dev only; here " + issuer + " issues them.");
    }
    if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(LIFETIME_MAX) > 0) {
      throw new IllegalArgumentException(
          "a token lives between 1 s and 30 days, not " + lifetime + ".");
    }
    for (String role : roles) {
      if (Role.named(role).isEmpty()) {
        throw new IllegalArgumentException(
            "no role " + role + "; there are admin, manager, member, viewer.");
      }
    }
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("a token needs a role: admin, manager, member or viewer.");
    }
    Caller named = new Caller(subject, Role.among(roles), issuer, null);
    Instant now = Instant.now();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build(),
            new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience)
                .subject(named.subject())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)))
                .claim("roles", List.copyOf(roles))
                .build());
    try {
      token.sign(new MACSigner(devSecret));
    } catch (JOSEException e) {
      throw new IllegalStateException("this JDK cannot sign with HS256", e);
    }
    return token.serialize();
  }

  /**
   * The token of the command line, {@code data/cli-token} (0600): an admin who calls from this
   * machine. Made when absent.
   */
  public static String cliToken(Settings settings) {
    return SecretFile.readOrCreate(settings.data().resolve("cli-token"));
  }

  Tokens tokens(String cliToken) {
    return new Tokens(source, Set.of(algorithm), issuer, audience, cliToken, Clock.systemUTC());
  }
}
