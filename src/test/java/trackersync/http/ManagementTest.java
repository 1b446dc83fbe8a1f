package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.quartz.QuartzComponent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.metrics.Metrics;

class ManagementTest {
  private final ApiServer server = ApiServer.shared();
  private final ApiClient management = new ApiClient(server.management(), null);

  @Test
  @DisplayName("CORE-18 live and ready are open; ready has looked at port, database and Quartz")
  void healthIsOpen() {
    assertThat(management.get("/observe/health/live").is(200).json().get("status").asText())
        .isEqualTo("UP");
    assertThat(management.get("/observe/health/ready").is(200).json().get("status").asText())
        .isEqualTo("UP");
    management.get("/observe/health").is(200);
  }

  @Test
  @DisplayName("CORE-18 a scheduler that stands still is not ready, and says so")
  void stoppedSchedulerIsNotReady() throws Exception {
    QuartzComponent quartz = server.camel().getComponent("quartz", QuartzComponent.class);
    quartz.getScheduler().standby();
    try {
      JsonNode ready = management.get("/observe/health/ready").is(503).json();
      assertThat(ready.toString()).contains("quartz: the scheduler does not run");
      management.get("/observe/health/live").is(200);
    } finally {
      quartz.getScheduler().start();
    }
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> management.get("/observe/health/ready").status() == 200);
  }

  @Test
  void healthTakesNoQuery() {
    for (String query : List.of("?stackTrace=true", "?exposureLevel=full", "?data=true")) {
      management.get("/observe/health" + query).problem(404);
    }
    management.post("/observe/health", "{}").problem(404);
  }

  @Test
  @DisplayName("CORE-18 metrics hold our own counters and what stands in tables")
  void metricsHoldOurOwn() {
    Metrics metrics = server.camel().getRegistry().lookupByNameAndType("metrics", Metrics.class);
    metrics.records("github", "created", 3);
    metrics.records("github", "created", 0);
    metrics.page("github");
    metrics.operation("github", "Completed");
    metrics.waited("github", "rate-limit");
    metrics.setAside("github", "map");
    server.as("viewer").get("/api/quota").is(200);
    String text = management.get("/observe/metrics").is(200).body();
    assertThat(text)
        .contains("tracker_sync_records_total{outcome=\"created\",tracker=\"github\"} 3.0")
        .contains("tracker_sync_pages_total{tracker=\"github\"} 1.0")
        .contains("tracker_sync_operations_total{status=\"Completed\",tracker=\"github\"} 1.0")
        .contains("tracker_sync_waits_total{reason=\"rate-limit\",tracker=\"github\"} 1.0")
        .contains("tracker_sync_set_aside_total{stage=\"map\",tracker=\"github\"} 1.0")
        .contains("tracker_sync_http_answers_total{operation=\"get-quota\",status=\"200\"}")
        .contains("tracker_sync_operations_open{status=\"Pending\"}")
        .contains("jvm_memory_used_bytes")
        .contains("routeId=\"get-quota\"");
  }

  @Test
  void metricsNeedTheScrapeTokenWhereOneIsSet() {
    String base = Production.shared().server().management();
    new ApiClient(base, null).get("/observe/metrics").problem(401);
    new ApiClient(base, "scrape-me").get("/observe/metrics").problem(401);
    new ApiClient(base, Production.token(Production.claims("admin").build()))
        .get("/observe/metrics")
        .problem(401);
    new ApiClient(base, "scrape-me-0123456789").get("/observe/metrics").is(200);
    new ApiClient(base, null).get("/observe/health/ready").is(200);
  }

  @Test
  void nothingElseIsThere() {
    for (String path :
        List.of(
            "/",
            "/observe",
            "/observe/",
            "/observe/info",
            "/observe/health/",
            "/observe/health/live/x",
            "//observe/jolokia",
            "/observe/%6aolokia",
            "/metrics",
            "/api/issues",
            "/q/health")) {
      management.get(path).problem(404);
    }
  }
}
