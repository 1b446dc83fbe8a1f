package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trackersync.crash.SourceTruth;
import trackersync.testing.RunningApp;
import trackersync.toy.Fault;
import trackersync.toy.Fault.Kind;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;
import trackersync.toy.ToyRepository;

/** GitHub → PostgreSQL through the real routes, against the toy. */
class GithubSyncTest {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static RunningApp app;

  @BeforeAll
  static void start() {
    app =
        RunningApp.start(
            Map.of("fetch.deadline", "2s", "fetch.read-timeout", "1s", "fetch.body-max", "4MB"));
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  private static String name() {
    return "repo-" + NAMES.incrementAndGet();
  }

  private static ToyGithub toy(int issues) {
    return ToyGithub.start(ToyGithubOptions.builder().issues(issues).build());
  }

  /** The first issues all changed in one instant, so that page numbers are followed. */
  private static void oneInstant(ToyGithub toy, String name, int issues) {
    Instant tie = Instant.now().minusSeconds(600);
    for (int n = 1; n <= issues; n++) {
      toy.repository("acme/" + name).touch(n, tie);
    }
  }

  private static long issuesAtTheSource(ToyGithub toy, String name) {
    return SourceTruth.read(URI.create(toy.baseUrl() + "/repos/acme/" + name)).stream()
        .filter(item -> !item.pullRequest())
        .count();
  }

  private static ToyGithub withoutPulls(int issues) {
    return ToyGithub.start(ToyGithubOptions.builder().issues(issues).pullRequests(0).build());
  }

  private static long stored(String name) {
    return app.count(
        "select count(*) from issues where connection_id = ?::uuid", app.connectionId(name));
  }

  /** Every record of the toy, by the program's own columns: number → title, status. */
  private static long distinctNumbers(String name) {
    return app.count(
        "select count(distinct number) from issues where connection_id = ?::uuid",
        app.connectionId(name));
  }

  @Test
  @DisplayName("ISSUE-30 ISSUE-34 all pages land once, pull requests are dropped and counted apart")
  void allPagesLandOncePullRequestsAreCountedApart() {
    String name = name();
    try (ToyGithub toy = toy(457)) {
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).isEqualTo("Completed");
      int pulls = (int) op.get("pull_requests");
      assertThat(pulls).isPositive();
      assertThat(op.get("created")).isEqualTo(457 - pulls);
      assertThat(stored(name)).isEqualTo(457 - pulls).isEqualTo(distinctNumbers(name));
      assertThat(op.get("pages_count")).isEqualTo(5);
      assertThat(toy.requestCount()).isEqualTo(5);
    }
  }

  @Test
  @DisplayName(
      "ISSUE-43 without includeClosed a closed issue not yet stored is skipped and counted")
  void closedOnesStayOutUntilTheyAreWanted() {
    String name = name();
    try (ToyGithub toy = toy(200)) {
      app.connect(name, toy.baseUrl());
      Map<String, Object> open = app.sync(name, false);
      int skipped = (int) open.get("skipped");
      assertThat(skipped).isPositive();
      assertThat(stored(name)).isEqualTo((int) open.get("created"));
      assertThat(
              app.count(
                  "select count(*) from issues where status = 'closed' and connection_id = ?::uuid",
                  app.connectionId(name)))
          .isZero();

      Map<String, Object> all = app.sync(name, true);
      assertThat(all.get("mode")).isEqualTo("full");
      assertThat(all.get("created")).isEqualTo(skipped);
      assertThat(all.get("skipped")).isEqualTo(open.get("created"));
    }
  }

  @Test
  @DisplayName("ISSUE-43 the closing of a stored issue arrives without includeClosed")
  void closingOfAStoredIssueArrives() {
    String name = name();
    try (ToyGithub toy = toy(50)) {
      app.connect(name, toy.baseUrl());
      app.sync(name, false);
      int number =
          (int)
              app.count(
                  "select min(number) from issues where connection_id = ?::uuid",
                  app.connectionId(name));
      toy.repository("acme/" + name).setClosed(number, true, Instant.now());
      Map<String, Object> op = app.sync(name, false);
      assertThat(op.get("updated")).isEqualTo(1);
      assertThat(
              app.count(
                  "select count(*) from issues where status = 'closed' and connection_id = ?::uuid",
                  app.connectionId(name)))
          .isEqualTo(1);
    }
  }

  @Test
  @DisplayName("CORE-7 an unchanged second sync asks once and changes nothing")
  void unchangedSecondSyncAsksOnce() {
    String name = name();
    try (ToyGithub toy = toy(300)) {
      app.connect(name, toy.baseUrl());
      app.sync(name, true);
      app.sync(name, true);
      toy.clearRequests();
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).isEqualTo("Completed");
      assertThat(op.get("created")).isEqualTo(0);
      assertThat(op.get("updated")).isEqualTo(0);
      assertThat(toy.requests()).hasSize(1);
      assertThat(toy.requests().get(0).status()).isEqualTo(304);
    }
  }

  @Test
  @DisplayName("CORE-6 a full sync on demand brings what the cursor has passed")
  void fullSyncOnDemand() {
    String name = name();
    try (ToyGithub toy = withoutPulls(250)) {
      app.connect(name, toy.baseUrl());
      app.sync(name, true);
      // lost behind the cursor, as by a restored backup
      app.jdbc()
          .update(
              "delete from issues where number in (5, 6) and connection_id = ?::uuid",
              app.connectionId(name));
      assertThat(app.sync(name, true).get("created")).isEqualTo(0);
      Map<String, Object> again = app.ended(app.beginFromStart(name).get("id").toString());
      assertThat(again.get("mode")).isEqualTo("full");
      assertThat(again.get("created")).isEqualTo(2);
      assertThat(again.get("skipped")).isEqualTo(248);
      assertThat(app.sync(name, true).get("mode")).isEqualTo("incremental");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {99, 100})
  @DisplayName("CORE-7 the ETag of a full page is not kept: a new issue would not change that page")
  void etagOfAFullPageIsNotKept(int issues) {
    String name = name();
    try (ToyGithub toy = withoutPulls(issues)) {
      oneInstant(toy, name, issues);
      app.connect(name, toy.baseUrl());
      app.sync(name, true);
      assertThat(
              app.count(
                  "select count(etag) from cursors where connection_id = ?::uuid",
                  app.connectionId(name)))
          .isEqualTo(issues == 100 ? 0 : 1);
    }
  }

  @Test
  @DisplayName("ISSUE-34 an incremental sync reads what changed, in ties longer than a page")
  void incrementalReadsTiesLongerThanAPage() {
    String name = name();
    try (ToyGithub toy = withoutPulls(700)) {
      app.connect(name, toy.baseUrl());
      app.sync(name, true);
      Instant tie = Instant.now().minusSeconds(2);
      for (int n = 1; n <= 350; n++) {
        toy.repository("acme/" + name).retitle(n, "changed " + n, tie);
      }
      toy.repository("acme/" + name).add(30, Instant.now().minusSeconds(1));
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("mode")).isEqualTo("incremental");
      assertThat(op.get("updated")).isEqualTo(350);
      assertThat(op.get("created")).isEqualTo(30);
      assertThat(stored(name)).isEqualTo(730);
      assertThat(
              app.count(
                  "select count(*) from issues where title like 'changed %' and connection_id = ?::uuid",
                  app.connectionId(name)))
          .isEqualTo(350);
    }
  }

  @Test
  @DisplayName("CORE-6 records that shift between pages are all there in the end")
  void shiftingRecordsAreAllThere() {
    String name = name();
    try (ToyGithub toy = withoutPulls(600)) {
      toy.faults().add(Fault.of(Kind.SHIFT).with("count", 7).with("seed", 3));
      app.connect(name, toy.baseUrl());
      app.sync(name, true);
      app.sync(name, true);
      toy.faults().clear();
      app.sync(name, true);
      assertThat(stored(name)).isEqualTo(600).isEqualTo(distinctNumbers(name));
      Map<String, Object> last = app.sync(name, true);
      assertThat(last.get("created")).isEqualTo(0);
      assertThat(last.get("updated")).isEqualTo(0);
    }
  }

  @Test
  @DisplayName(
      "CORE-6 I1 issues deleted or transferred during a first sync hide none of the others")
  void deletionsDuringASweepHideNothing() {
    String name = name();
    try (ToyGithub toy = withoutPulls(350)) {
      toy.faults().add(Fault.of(Kind.TOO_MANY).with("retry-after", 2).at(2));
      app.connect(name, toy.baseUrl());
      String id = app.begin(name, true).get("id").toString();
      await().until(() -> app.operation(id).get("not_before") != null);
      List<Integer> gone =
          app.jdbc()
              .queryForList(
                  "select number from issues where connection_id = ?::uuid order by updated_at limit 7",
                  Integer.class,
                  app.connectionId(name));
      ToyRepository source = toy.repository("acme/" + name);
      gone.subList(0, 4).forEach(source::delete);
      gone.subList(4, 7).forEach(n -> source.transfer(n, "acme/elsewhere#" + n));
      Map<String, Object> op = app.ended(id);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(distinctNumbers(name)).isEqualTo(350);
      assertThat(op.get("created")).isEqualTo(350);
    }
  }

  @Test
  @DisplayName("ISSUE-25 I7 what a page repeats of the one before counts once, pull requests too")
  void repeatedRecordsCountOnce() {
    String name = name();
    try (ToyGithub toy =
        ToyGithub.start(ToyGithubOptions.builder().issues(700).pullRequests(1).build())) {
      Instant tie = Instant.now().minusSeconds(600);
      for (int n = 1; n <= 250; n++) {
        toy.repository("acme/" + name).touch(n, tie);
      }
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("pull_requests")).isEqualTo(700);
      assertThat(op.get("progress").toString()).contains("\"processed\": 700");
    }
  }

  @Test
  @DisplayName("ISSUE-20 a page served twice is counted once")
  void pageServedTwiceIsCountedOnce() {
    String name = name();
    try (ToyGithub toy = withoutPulls(300)) {
      oneInstant(toy, name, 300);
      toy.faults().add(Fault.duplicatePage(2));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, false);
      assertThat((int) op.get("created") + (int) op.get("updated") + (int) op.get("skipped"))
          .isEqualTo(300);
      assertThat(op.get("created")).isEqualTo((int) stored(name));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server-error:status=500",
        "server-error:status=502",
        "server-error:status=503",
        "server-error:status=504",
        "html:as=html",
        "html:as=json",
        "empty:",
        "object:",
        "wrong-type:json=42",
        "truncated:byte=middle",
        "truncated:byte=last",
        "bracket:",
        "deep:",
        "bom:",
        "reset:byte=0",
        "reset:byte=1",
        "reset:byte=middle",
        "reset:byte=last",
        "close:byte=middle",
        "drip:interval-ms=50",
        "headers-only:",
        "hang:"
      })
  @DisplayName("ISSUE-25 U03-U07 a page that fails once is read again, nothing is lost or doubled")
  void pageThatFailsOnceIsReadAgain(String fault) {
    String name = name();
    try (ToyGithub toy = toy(250)) {
      toy.faults()
          .add(
              Fault.parse(fault.endsWith(":") ? fault.substring(0, fault.length() - 1) : fault)
                  .at(2));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(toy.faults().pending()).isEmpty();
      assertThat(stored(name)).isEqualTo(250 - (int) op.get("pull_requests"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"html", "object", "truncated:byte=middle", "empty", "server-error"})
  @DisplayName("ISSUE-25 U07 a page that never gets better fails the operation with words and cure")
  void pageThatNeverGetsBetterFails(String fault) {
    String name = name();
    try (ToyGithub toy = toy(250)) {
      toy.faults().add(Fault.parse(fault).at(2).times(0));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).isEqualTo("Failed");
      assertThat((String) op.get("error")).startsWith("github: ").contains("5 more tries");
      assertThat((String) op.get("cure")).isNotBlank();
      assertThat(stored(name)).isPositive().isLessThanOrEqualTo(100);

      toy.faults().clear();
      toy.clearRequests();
      Map<String, Object> next = app.sync(name, true);
      assertThat(next.get("status")).isEqualTo("Completed");
      assertThat(toy.requests().get(0).query()).doesNotContain("since=1970");
      assertThat(stored(name)).isEqualTo(issuesAtTheSource(toy, name));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unauthorized|token rejected|.token",
            "forbidden|forbidden, and not by a rate limit|right to read",
        "not-found|no such repository|.url", "gone|switched its issues off|remove connection",
        "legal|legal reasons|Ask the owner", "status:status=418|nobody expected|.url"
      })
  @DisplayName(
      "ISSUE-35 U17 U18 a refusal fails at once, names the tracker and the cure, and is not retried")
  void refusalFailsAtOnce(String line) {
    String[] parts = line.split("\\|");
    String name = name();
    try (ToyGithub toy = toy(250)) {
      toy.faults().add(Fault.parse(parts[0]).at(2).times(0));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).isEqualTo("Failed");
      assertThat((String) op.get("error")).startsWith("github: ").contains(parts[1]);
      assertThat((String) op.get("cure")).contains(parts[2]);
      assertThat(toy.requestCount()).isEqualTo(2);
      assertThat(stored(name)).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "too-many:retry-after=1", "too-many:retry-after=0", "too-many:retry-after=-5",
        "too-many:retry-after=absent", "too-many:retry-after=date:1",
            "secondary-limit:retry-after=1",
        "secondary-limit", "primary-limit:reset-in=1"
      })
  @DisplayName("ISSUE-35 ISSUE-36 U01 U02 a rate limit is waited for, then the run goes on")
  void rateLimitIsWaitedFor(String fault) {
    String name = name();
    try (ToyGithub toy = toy(250)) {
      toy.faults().add(Fault.parse(fault).at(2));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(stored(name)).isEqualTo(250 - (int) op.get("pull_requests"));
      assertThat(toy.requestCount()).isEqualTo(4);
    }
  }

  @Test
  @DisplayName("ISSUE-25 ISSUE-36 a source that limits one page for ever fails the run")
  void endlessLimitFails() {
    String name = name();
    try (ToyGithub toy = toy(250)) {
      toy.faults().add(Fault.of(Kind.SECONDARY_LIMIT).at(2).times(0));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).isEqualTo("Failed");
      assertThat((String) op.get("error")).contains("slow down").contains("5 tries");
      assertThat(toy.requestCount()).isEqualTo(7);
    }
  }

  @Test
  @DisplayName(
      "ISSUE-36 a wait longer than rate-limit.wait-max fails with the time; the next sync goes on")
  void endlessWaitFails() {
    String name = name();
    try (ToyGithub toy = toy(250)) {
      toy.faults().add(Fault.of(Kind.TOO_MANY).with("retry-after", 315_360_000).at(2));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).isEqualTo("Failed");
      assertThat((String) op.get("error")).contains("until");
      assertThat((String) op.get("cure")).contains("rate-limit.wait-max");
      // the shared ledger rests the token for an hour at most, whatever the source asked for
      assertThat(
              app.count(
                  "select count(*) from quota_ledger where blocked_until > now() + interval '61 minutes'"))
          .isZero();
    }
  }

  @Test
  @DisplayName(
      "ISSUE-36 CORE-4 a waiting operation shows until when, holds no lease and is cancelled at once")
  void waitingOperationIsCancelledAtOnce() {
    String name = name();
    try (ToyGithub toy = toy(250)) {
      toy.faults().add(Fault.of(Kind.TOO_MANY).with("retry-after", 600).at(2));
      app.connect(name, toy.baseUrl());
      String id = app.begin(name, true).get("id").toString();
      await().until(() -> app.operation(id).get("not_before") != null);
      Map<String, Object> waiting = app.operation(id);
      assertThat(waiting.get("status")).isEqualTo("InProgress");
      assertThat(waiting.get("lease_owner")).isNull();
      assertThat((String) waiting.get("waiting_reason")).contains("slow down until");
      assertThat(app.cancel(id).get("outcome")).isEqualTo("cancelled");
      Map<String, Object> ended = app.operation(id);
      assertThat(ended.get("status")).isEqualTo("Failed");
      assertThat(ended.get("error")).isEqualTo("cancelled by mara");
      assertThat(app.cancel(id).get("outcome")).isEqualTo("ended");
    }
  }

  @Test
  @DisplayName(
      "ISSUE-28 a running operation is cancelled at the page's edge, what was stored stays")
  void runningOperationIsCancelledAtThePagesEdge() {
    String name = name();
    try (ToyGithub toy =
        ToyGithub.start(
            ToyGithubOptions.builder().issues(5_000).latency(Duration.ofMillis(50)).build())) {
      app.connect(name, toy.baseUrl());
      String id = app.begin(name, true).get("id").toString();
      await().until(() -> (int) app.operation(id).get("pages_count") > 1);
      assertThat(app.cancel(id).get("outcome")).isEqualTo("cancelling");
      Map<String, Object> ended = app.ended(id);
      assertThat(ended.get("status")).isEqualTo("Failed");
      assertThat(ended.get("error")).isEqualTo("cancelled by mara");
      assertThat(stored(name)).isEqualTo((int) ended.get("created"));
      assertThat((int) ended.get("pages_count")).isLessThan(50);
    }
  }

  @Test
  @DisplayName("ISSUE-23 a second sync of the same connection is refused and told which one runs")
  void secondSyncIsRefused() {
    String name = name();
    try (ToyGithub toy =
        ToyGithub.start(
            ToyGithubOptions.builder().issues(1_000).latency(Duration.ofMillis(50)).build())) {
      app.connect(name, toy.baseUrl());
      Map<String, Object> first = app.begin(name, true);
      Map<String, Object> second = app.begin(name, true);
      assertThat(first.get("outcome")).isEqualTo("started");
      assertThat(second.get("outcome")).isEqualTo("running");
      assertThat(second.get("id")).isEqualTo(first.get("id"));
      assertThat(app.ended(first.get("id").toString()).get("status")).isEqualTo("Completed");
    }
  }

  @Test
  @DisplayName("CORE-4 the same Idempotency-Key starts one operation")
  void sameIdempotencyKeyStartsOne() {
    String name = name();
    try (ToyGithub toy = toy(20)) {
      app.connect(name, toy.baseUrl());
      Map<String, Object> first = app.begin(name, true, "key-" + name);
      app.ended(first.get("id").toString());
      Map<String, Object> again = app.begin(name, true, "key-" + name);
      assertThat(again.get("outcome")).isEqualTo("repeated");
      assertThat(again.get("id")).isEqualTo(first.get("id"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null-id",
        "wrong-types",
        "lone-surrogate",
        "no-title",
        "nul-title",
        "null-record",
        "number-record",
        "bad-time",
        "text-id",
        "huge-number"
      })
  @DisplayName("CORE-8 U08 one bad record is set aside with its reason, the others land")
  void badRecordIsSetAside(String bad) {
    String name = name();
    try (ToyGithub toy = withoutPulls(150)) {
      toy.faults().add(Fault.of(Kind.RECORD).with("bad", bad).page(1));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(op.get("created")).isEqualTo(149);
      assertThat(op.get("failed")).isEqualTo(1);
      assertThat(op.get("results").toString()).contains("error");
      Map<String, Object> aside =
          app.jdbc()
              .queryForMap(
                  "select * from set_aside_records where connection_id = ?::uuid",
                  app.connectionId(name));
      assertThat((String) aside.get("reason")).isNotBlank();
      assertThat((String) aside.get("raw")).isNotBlank();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"long-title", "many-labels"})
  @DisplayName("ISSUE-5 an oversized but sound record is stored")
  void oversizedRecordIsStored(String big) {
    String name = name();
    try (ToyGithub toy = withoutPulls(50)) {
      toy.faults().add(Fault.of(Kind.RECORD).with("bad", big).page(1));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("created")).as("%s", op).isEqualTo(50);
      if (big.equals("long-title")) {
        assertThat(
                app.count(
                    "select count(*) from issues where connection_id = ?::uuid and char_length(title) = 255"
                        + " and char_length(custom_fields #>> '{externalSync,fullTitle}') > 255",
                    app.connectionId(name)))
            .isEqualTo(1);
      }
    }
  }

  @Test
  @DisplayName("CORE-8 a set-aside record is resolved by the next good sync of it")
  void setAsideRecordIsResolvedByAGoodSync() {
    String name = name();
    try (ToyGithub toy = withoutPulls(50)) {
      toy.faults().add(Fault.of(Kind.RECORD).with("bad", "no-title").page(1));
      app.connect(name, toy.baseUrl());
      app.sync(name, true);
      int number = 26;
      app.jdbc()
          .update("delete from cursors where connection_id = ?::uuid", app.connectionId(name));
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("created")).as("record about %s", number).isEqualTo(1);
      assertThat(op.get("failed")).isEqualTo(0);
      assertThat(
              app.count(
                  "select count(*) from set_aside_records where connection_id = ?::uuid and resolved_at is null",
                  app.connectionId(name)))
          .isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"self", "earlier", "other-host", "other-scheme", "env"})
  @DisplayName("ISSUE-34 U10 a hostile next link ends the run, and the token stays at its origin")
  void hostileNextLinkEndsTheRun(String to) {
    String name = name();
    try (ToyGithub toy = toy(450)) {
      oneInstant(toy, name, 450);
      toy.faults().add(Fault.of(Kind.NEXT_LINK).with("to", to).at(3));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).isEqualTo("Failed");
      assertThat((String) op.get("error")).startsWith("github: ");
      assertThat((String) op.get("cure")).isNotBlank();
      assertThat(toy.requests())
          .noneMatch(r -> r.query().contains("HOME") || r.path().contains("root"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"self", "earlier", "other-host", "other-scheme", "env"})
  @DisplayName("ISSUE-34 U10 between instants a hostile next link leads nowhere and hides nothing")
  void hostileNextLinkBetweenInstantsLeadsNowhere(String to) {
    String name = name();
    try (ToyGithub toy = withoutPulls(450)) {
      toy.faults().add(Fault.of(Kind.NEXT_LINK).with("to", to).at(3));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(distinctNumbers(name)).isEqualTo(450);
      assertThat(toy.requests())
          .noneMatch(r -> r.query().contains("HOME") || r.path().contains("root"));
    }
  }

  @Test
  @DisplayName("CORE-6 U16 a renamed repository is followed on the same origin and remembered")
  void renamedRepositoryIsFollowed() {
    String name = name();
    try (ToyGithub toy = toy(150)) {
      app.connect(name, toy.baseUrl());
      app.sync(name, true);
      toy.renameRepository("acme/" + name, "acme/" + name + "-new");
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(
              app.jdbc()
                  .queryForObject(
                      "select moved_url from connections where name = ?", String.class, name))
          .startsWith(toy.baseUrl() + "/repositories/");
      toy.clearRequests();
      app.sync(name, true);
      assertThat(toy.requests()).extracting("status").doesNotContain(301);
      assertThat(
              app.count(
                  "select count(*) from issues where connection_id = ?::uuid and custom_fields ->> 'externalId'"
                      + " not like 'github:https://github.com/acme/' || ? || ':%'",
                  app.connectionId(name), name))
          .isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"loop", "other-host"})
  @DisplayName("CORE-6 U16 a redirect in a circle or to another host is refused")
  void hostileRedirectIsRefused(String to) {
    String name = name();
    try (ToyGithub toy = toy(150)) {
      toy.faults().add(Fault.of(Kind.REDIRECT).with("to", to).times(0));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).isEqualTo("Failed");
      assertThat((String) op.get("error")).startsWith("github: ");
      assertThat(stored(name)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"huge:mb=8", "gzip-bomb:mb=64"})
  @DisplayName("CORE-6 U06 an answer past the size limit is refused whole")
  void oversizedAnswerIsRefused(String fault) {
    String name = name();
    try (ToyGithub toy =
        ToyGithub.start(ToyGithubOptions.builder().issues(250).gzip(true).build())) {
      toy.faults().add(Fault.parse(fault).at(2).times(0));
      app.connect(name, toy.baseUrl());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).isEqualTo("Failed");
      assertThat((String) op.get("error")).contains("larger than");
      assertThat((String) op.get("cure")).contains("page-size");
    }
  }

  @Test
  @DisplayName("CORE-14 the token is in no message, row or log of an operation")
  void tokenIsNowhere() {
    String name = name();
    try (ToyGithub toy = toy(50)) {
      toy.faults().add(Fault.of(Kind.UNAUTHORIZED).times(0));
      app.connect(name, toy.baseUrl());
      app.sync(name, true);
      for (String table :
          List.of("operations", "connections", "cursors", "quota_ledger", "set_aside_records")) {
        assertThat(
                app.count(
                    "select count(*) from " + table + " t where t::text like '%canary-token%'"))
            .as(table)
            .isZero();
      }
    }
  }

  @Test
  @DisplayName(
      "CORE-6 refused redirects use up no connection: the origin still answers after forty")
  void refusedRedirectsUseUpNoConnection() {
    String name = name();
    try (ToyGithub toy = toy(30)) {
      app.connect(name, toy.baseUrl());
      toy.faults().add(Fault.of(Kind.REDIRECT).with("to", "other-host").times(40));
      for (int i = 0; i < 40; i++) {
        assertThat(app.sync(name, true).get("status")).isEqualTo("Failed");
      }
      assertThat(app.sync(name, true).get("status")).isEqualTo("Completed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"number-record", "null-record", "bad-time", "no-title"})
  @DisplayName("CORE-8 U08 a bad record between changes is set aside too, and the cursor moves on")
  void badRecordBetweenChangesIsSetAside(String bad) {
    String name = name();
    try (ToyGithub toy = withoutPulls(300)) {
      app.connect(name, toy.baseUrl());
      app.sync(name, true);
      for (int n = 1; n <= 150; n++) {
        toy.repository("acme/" + name)
            .retitle(n, "changed " + n, Instant.now().minusSeconds(300 - n));
      }
      toy.faults().add(Fault.of(Kind.RECORD).with("bad", bad));
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(op.get("updated")).isEqualTo(149);
      assertThat(op.get("failed")).isEqualTo(1);
      assertThat(app.sync(name, true).get("status")).isEqualTo("Completed");
    }
  }

  @Test
  @DisplayName("CORE-6 a page kept from an old address does not bar the new one")
  void pageOfAnOldAddressDoesNotBarTheNewOne() {
    String name = name();
    try (ToyGithub old = toy(250);
        ToyGithub moved = toy(250)) {
      app.connect(name, old.baseUrl());
      old.faults().add(Fault.of(Kind.FORBIDDEN).at(2).times(0));
      assertThat(app.sync(name, true).get("status")).isEqualTo("Failed");
      app.jdbc()
          .update(
              "update connections set settings = jsonb_build_object('api-url', ?) where name = ?",
              moved.baseUrl().toString(),
              name);
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(stored(name)).isEqualTo(issuesAtTheSource(moved, name));
    }
  }

  @Test
  @DisplayName(
      "ISSUE-30 recorded: 606 items of a real repository are 243 issues and 363 pull requests")
  void recordedRepositoryLands() {
    Path recorded =
        Path.of(System.getProperty("shared.dir", "../shared"))
            .resolve("samples/github/issues-closed-21-pages-with-headers.json");
    Assumptions.assumeTrue(
        Files.exists(recorded), "skipped: the recorded samples are not beside this clone");
    String name = name();
    try (ToyGithub toy = ToyGithub.start(ToyGithubOptions.builder().replay(recorded).build())) {
      app.connect(name, toy.baseUrl());
      Map<String, Object> without = app.sync(name, false);
      assertThat(without.get("status")).as("%s", without.get("error")).isEqualTo("Completed");
      assertThat(without.get("skipped")).isEqualTo(243);
      assertThat(stored(name)).isZero();
      Map<String, Object> with = app.sync(name, true);
      assertThat(with.get("created")).isEqualTo(243);
      assertThat(with.get("pull_requests")).isEqualTo(363);
      assertThat(stored(name)).isEqualTo(243).isEqualTo(distinctNumbers(name));
    }
  }
}
