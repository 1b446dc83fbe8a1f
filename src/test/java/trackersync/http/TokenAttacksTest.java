package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenAttacksTest {
  private static final Production SERVER = Production.shared();
  private static final RSAKey OTHER = Production.key();

  @Test
  void goodTokensAreBelieved() {
    SERVER.as("viewer").get("/api/quota").is(200);
    SERVER
        .with(
            Production.token(
                Production.claims("viewer").build(),
                Production.KEY,
                JWSAlgorithm.RS256,
                new JOSEObjectType("at+jwt")))
        .get("/api/quota")
        .is(200);
    SERVER
        .with(
            Production.token(
                Production.claims("viewer").expirationTime(in(-20)).issueTime(in(20)).build()))
        .get("/api/quota")
        .is(200);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  @DisplayName("B-06 a token that is wrong in any one way is 401")
  void wrongTokenIsRefused(String name, String token) {
    SERVER.with(token).get("/api/quota").problem(401);
  }

  static Stream<Arguments> attacks() throws Exception {
    Map<String, String> all = new LinkedHashMap<>();
    JWTClaimsSet good = Production.claims("admin").build();
    String signed = Production.token(good);
    String[] parts = signed.split("\\.");
    all.put("alg none", new PlainJWT(good).serialize());
    all.put(
        "alg none with a signature",
        base64("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2]);
    all.put("alg None", base64("{\"alg\":\"None\"}") + "." + parts[1] + ".");
    all.put("no signature", parts[0] + "." + parts[1] + ".");
    byte[] pem =
        ("-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(Production.KEY.toPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n")
            .getBytes(StandardCharsets.US_ASCII);
    all.put("HS256 keyed with the public key, PEM", hs256(good, pem));
    all.put(
        "HS256 keyed with the public key, DER",
        hs256(good, Production.KEY.toPublicKey().getEncoded()));
    all.put("HS256 keyed with the modulus", hs256(good, Production.KEY.getModulus().decode()));
    all.put(
        "RS512", Production.token(good, Production.KEY, JWSAlgorithm.RS512, JOSEObjectType.JWT));
    all.put(
        "PS256", Production.token(good, Production.KEY, JWSAlgorithm.PS256, JOSEObjectType.JWT));
    all.put(
        "another key with our kid",
        Production.token(good, OTHER, JWSAlgorithm.RS256, JOSEObjectType.JWT));
    SignedJWT embedded =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwk(OTHER.toPublicJWK())
                .jwkURL(URI.create("http://127.0.0.1:9/keys"))
                .x509CertURL(URI.create("http://127.0.0.1:9/cert"))
                .keyID(OTHER.getKeyID())
                .build(),
            good);
    embedded.sign(new RSASSASigner(OTHER));
    all.put("embedded jwk, jku and x5u", embedded.serialize());
    for (String kid : List.of("../../etc/passwd", "k1' or '1'='1", "", "k1\u0000")) {
      SignedJWT odd =
          new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build(), good);
      odd.sign(new RSASSASigner(OTHER));
      all.put("kid " + kid.replace('\0', '0'), odd.serialize());
    }
    SignedJWT critical =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("k1")
                .criticalParams(java.util.Set.of("x-strict"))
                .customParam("x-strict", true)
                .build(),
            good);
    critical.sign(new RSASSASigner(Production.KEY));
    all.put("unknown critical header", critical.serialize());
    all.put(
        "another type",
        Production.token(good, Production.KEY, JWSAlgorithm.RS256, new JOSEObjectType("dpop+jwt")));
    all.put(
        "expired", Production.token(Production.claims("admin").expirationTime(in(-60)).build()));
    all.put("no exp", Production.token(Production.claims("admin").expirationTime(null).build()));
    all.put("no iat", Production.token(Production.claims("admin").issueTime(null).build()));
    all.put("iat ahead", Production.token(Production.claims("admin").issueTime(in(120)).build()));
    all.put(
        "nbf ahead", Production.token(Production.claims("admin").notBeforeTime(in(120)).build()));
    all.put("no sub", Production.token(Production.claims("admin").subject(null).build()));
    all.put("blank sub", Production.token(Production.claims("admin").subject(" ").build()));
    all.put(
        "sub of two lines", Production.token(Production.claims("admin").subject("a\nb").build()));
    all.put(
        "long sub", Production.token(Production.claims("admin").subject("a".repeat(201)).build()));
    all.put(
        "other issuer",
        Production.token(Production.claims("admin").issuer("https://evil").build()));
    all.put("no issuer", Production.token(Production.claims("admin").issuer(null).build()));
    all.put(
        "the development issuer",
        Production.token(Production.claims("admin").issuer(Keys.DEV_ISSUER).build()));
    all.put(
        "other audience", Production.token(Production.claims("admin").audience("other").build()));
    all.put(
        "no audience",
        Production.token(Production.claims("admin").audience((String) null).build()));
    all.put(
        "tampered payload",
        parts[0] + "." + base64(good.toString().replace("admin@", "other@")) + "." + parts[2]);
    all.put("swapped header", base64("{\"alg\":\"RS256\"}") + "." + parts[1] + "." + parts[2]);
    all.put("cut signature", signed.substring(0, signed.length() - 4));
    all.put("garbage", "garbage");
    all.put("dots", "...");
    all.put("five parts", signed + "." + parts[1] + "." + parts[2]);
    all.put("a development token", ApiServer.shared().token("admin"));
    all.put(
        "the command line's token of another data folder",
        Keys.cliToken(ApiServer.shared().settings()));
    return all.entrySet().stream().map(it -> Arguments.of(it.getKey(), it.getValue()));
  }

  @Test
  @DisplayName("B-06 roles that are no list of words give no role")
  void rolesOfAnotherShapeGiveNone() {
    for (Object roles : new Object[] {"admin", Map.of("admin", true), 7, List.of(7), true}) {
      SERVER
          .with(Production.token(Production.claims("viewer").claim("roles", roles).build()))
          .get("/api/quota")
          .problem(403);
    }
    SERVER
        .with(Production.token(Production.claims("viewer").claim("roles", null).build()))
        .get("/api/quota")
        .problem(403);
  }

  @Test
  @DisplayName("B-06 a token in the query is none")
  void tokenInTheQueryIsNone() {
    String token = Production.token(Production.claims("admin").build());
    for (String name : List.of("access_token", "token", "Authorization", "jwt")) {
      SERVER.with(null).get("/api/quota?" + name + "=" + token).problem(401);
    }
    SERVER.with(null).with("Cookie", "token=" + token).get("/api/quota").problem(401);
    SERVER.with(null).with("Authorization", token).get("/api/quota").problem(401);
  }

  @Test
  @DisplayName("B-06 a token of a megabyte is refused before it is read")
  void hugeTokenIsRefused() {
    assertThat(
            RawHttp.send(
                    SERVER.server().kernel().httpPort(),
                    "GET /api/quota HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ",
                    "a".repeat(1_000_000),
                    "\r\n\r\n")
                .status())
        .isIn(431, 0);
  }

  @Test
  void commandLinesTokenIsAnAdminFromThisMachine() throws Exception {
    Path file = SERVER.server().settings().data().resolve("cli-token");
    String token = Files.readString(file);
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    SERVER.with(token).get("/api/quota").is(200);
    SERVER.with(token + "x").get("/api/quota").problem(401);
    Tokens tokens = Keys.open(SERVER.server().settings()).tokens(token);
    assertThat(tokens.verify(token, true).may(Role.ADMIN)).isTrue();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> tokens.verify(token, false))
        .isInstanceOf(Exception.class);
  }

  private static String hs256(JWTClaimsSet claims, byte[] key) throws Exception {
    SignedJWT jwt =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims);
    jwt.sign(new MACSigner(key));
    return jwt.serialize();
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Date in(int seconds) {
    return Date.from(Instant.now().plusSeconds(seconds));
  }
}
