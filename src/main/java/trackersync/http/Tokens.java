package trackersync.http;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Algorithm, type, issuer, audience, times and subject are fixed here; the token decides none. */
final class Tokens {
  static final int SKEW_SECONDS = 30;

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final String issuer;
  private final byte[] cliToken;
  private final Clock clock;

  /**
   * @param cliToken believed from this machine only
   */
  Tokens(
      JWKSource<SecurityContext> keys,
      Set<JWSAlgorithm> algorithms,
      String issuer,
      String audience,
      String cliToken,
      Clock clock) {
    this.issuer = issuer;
    this.cliToken = cliToken.getBytes(StandardCharsets.US_ASCII);
    this.clock = clock;
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            new JOSEObjectType("at+jwt"), JOSEObjectType.JWT, null));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            audience,
            new JWTClaimsSet.Builder().issuer(issuer).build(),
            Set.of("sub", "exp", "iat"));
    claims.setMaxClockSkew(SKEW_SECONDS);
    processor.setJWTClaimsSetVerifier(claims);
  }

  /**
   * May wait for the provider's key set.
   *
   * @param loopback whether the caller is on this machine
   * @throws Exception when the token is not to be believed; the reason is for the log only
   */
  Caller verify(String token, boolean loopback) throws Exception {
    if (loopback && MessageDigest.isEqual(cliToken, token.getBytes(StandardCharsets.ISO_8859_1))) {
      return new Caller("cli", Set.of(Role.ADMIN), "cli", null);
    }
    JWTClaimsSet claims = processor.process(token, null);
    Instant issued = claims.getIssueTime().toInstant();
    if (issued.isAfter(clock.instant().plusSeconds(SKEW_SECONDS))) {
      throw new BadJWTException("issued in the future");
    }
    return new Caller(
        claims.getSubject(), Role.among(roles(claims)), issuer, verifiedEmail(claims));
  }

  /** Tokens minted in development name their subject by its e-mail. */
  private String verifiedEmail(JWTClaimsSet claims) {
    if (issuer.equals(Keys.DEV_ISSUER)) {
      return claims.getSubject();
    }
    return Boolean.TRUE.equals(claims.getClaim("email_verified"))
            && claims.getClaim("email") instanceof String email
        ? email
        : null;
  }

  private static Collection<String> roles(JWTClaimsSet claims) {
    try {
      List<String> roles = claims.getStringListClaim("roles");
      return roles == null ? List.of() : roles;
    } catch (ParseException notAList) {
      return List.of();
    }
  }
}
