package trackersync.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** A server as in production: an identity provider's RS256 keys, small limits. */
final class Production {
  static final String ISSUER = "https://id.example.org";
  static final String AUDIENCE = "tracker-sync";
  static final RSAKey KEY = key();
  static final int BODY_MAX = 20_480;
  private static Production shared;

  private final ApiServer server;

  private Production() {
    try {
      Path keys = Files.createTempFile("jwks", ".json");
      Files.writeString(keys, new JWKSet(KEY.toPublicJWK()).toString());
      server =
          ApiServer.start(
              Map.of(
                  "auth.mode", "",
                  "auth.jwks", keys.toString(),
                  "auth.issuer", ISSUER,
                  "auth.audience", AUDIENCE,
                  "http.rate-per-minute", "300",
                  "http.body-max", "20KB",
                  "http.idle-timeout", "1s",
                  "management.scrape-token", "scrape-me-0123456789"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
  }

  static synchronized Production shared() {
    if (shared == null) {
      shared = new Production();
    }
    return shared;
  }

  ApiServer server() {
    return server;
  }

  ApiClient as(String role) {
    return with(token(claims(role).build()));
  }

  ApiClient with(String token) {
    return new ApiClient(server.base(), token);
  }

  static JWTClaimsSet.Builder claims(String role) {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .subject(role + "@example.org")
        .issueTime(Date.from(Instant.now()))
        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
        .claim("roles", List.of(role));
  }

  static String token(JWTClaimsSet claims) {
    return token(claims, KEY, JWSAlgorithm.RS256, JOSEObjectType.JWT);
  }

  static String token(
      JWTClaimsSet claims, RSAKey key, JWSAlgorithm algorithm, JOSEObjectType type) {
    try {
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(algorithm).keyID(KEY.getKeyID()).type(type).build(), claims);
      jwt.sign(new RSASSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static RSAKey key() {
    try {
      return new RSAKeyGenerator(2048).keyID("k1").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
